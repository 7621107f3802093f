import { Cluster } from '../support/cluster';
import { bearer, get, post, WireSocket } from './wire';

const REASON = 'must be a number that a 64-bit float can hold';
const NOTIFY =
  'mutation ($i: NotifyUserInput!) { notifyUser(input: $i) { notification { data } } }';

function notice(data: string): string {
  return `{"i":{"userId":"alice","title":"t","data":${data}}}`;
}

/** A query with its variables as text: they may have numbers that JSON.stringify cannot write. */
const CASES: [name: string, query: string, variables: string, field: string][] = [
  ['JSON in a variable', NOTIFY, notice('{"a":[1,{"b":-1e400}]}'), 'i.data.a.1.b'],
  ['JSON that is nothing else', NOTIFY, notice('1e999'), 'i.data'],
  [
    'a variable of its own',
    'mutation ($d: JSON) { notifyUser(input: { userId: "alice", title: "t", data: $d }) { notification { data } } }',
    '{"d":[1e400]}',
    'd.0',
  ],
  [
    'a variable within JSON',
    'mutation ($d: JSON) { notifyUser(input: { userId: "alice", title: "t", data: { a: $d } }) { notification { data } } }',
    '{"d":{"x":1E+400}}',
    'd.x',
  ],
  [
    'a custom event',
    'mutation ($i: EmitEventInput!) { emitEvent(input: $i) { ok } }',
    '{"i":{"userId":"alice","name":"n","data":{"x":1e400}}}',
    'i.data.x',
  ],
];

const LITERALS: [name: string, document: string, field: string][] = [
  [
    'a document',
    'mutation { notifyUser(input: { userId: "alice", title: "t", data: { a: [1, [{ b: -1e400 }]] } }) { notification { data } } }',
    'input.data.a.1.0.b',
  ],
  [
    'a list',
    `mutation { notifyUser(input: { userId: "alice", title: "t", data: [1, 1${'0'.repeat(400)}] }) { notification { data } } }`,
    'input.data.1',
  ],
  [
    'a default',
    'mutation ($d: JSON = { a: [1e400] }) { notifyUser(input: { userId: "alice", title: "t", data: $d }) { notification { data } } }',
    '$d.a.0',
  ],
];

describe('a number that is too great for a float', () => {
  let cluster: Cluster;
  let token: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.person('alice');
    token = cluster.service().token!;
  });
  afterAll(() => cluster.stop());

  /** The errors of an operation over a socket. */
  async function overSocket(query: string, variables: string): Promise<unknown> {
    const socket = await WireSocket.init(cluster.node, { token });
    await socket.next();
    const payload = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
    socket.send(`{"type":"subscribe","id":"1","payload":${payload}}`);
    const { type, payload: errors } = await socket.next();
    expect(type).toBe('error');
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
    expect(await socket.next()).toMatchObject({ type: 'next' });
    await socket.close();
    return errors;
  }

  test.each(CASES)(
    'is refused in %s, and the field is named',
    async (_, query, variables, field) => {
      const body = `{"query":${JSON.stringify(query)},"variables":${variables}}`;
      const answer = await post(cluster.node, body, bearer(token));
      const refusal = {
        message: `${field}: ${REASON}`,
        extensions: { code: 'BAD_USER_INPUT', field, reason: REASON },
      };
      expect(answer).toMatchObject({ status: 400, body: { errors: [refusal] } });
      expect(await overSocket(query, variables)).toMatchObject([refusal]);
    },
  );

  test.each(LITERALS)('is refused in %s, and the field is named', async (_, query, field) => {
    const refusal = {
      message: `${field}: ${REASON}`,
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    };
    const answer = await post(cluster.node, { query }, bearer(token));
    expect(answer).toMatchObject({ status: 400, body: { errors: [refusal] } });
    expect(await overSocket(query, '{}')).toMatchObject([refusal]);
  });

  test('is refused in the variables of a GET', async () => {
    const query = 'query ($f: Int) { conversations(first: $f) { nodes { id } } }';
    const answer = await get(cluster.node, { query, variables: '{"f":1e400}' }, bearer(token));
    expect(answer).toMatchObject({
      status: 400,
      body: { errors: [{ extensions: { code: 'BAD_USER_INPUT', field: 'f' } }] },
    });
  });

  test.each([
    ['connection_init', 'payload.device.version', '{"device":{"version":1e999}}'],
    ['connection_init', 'payload.token', '{"token":-1e400}'],
    ['ping', 'payload.0', '[1e400]'],
  ])('closes the socket in %s, and %s is named', async (type, field, payload) => {
    const socket = await WireSocket.open(cluster.node);
    socket.send(`{"type":"${type}","payload":${payload}}`);
    expect(await socket.closed).toEqual({ code: 4400, reason: `${field}: ${REASON}` });
  });

  test('closes the socket with a reason that fits, however long the path is', async () => {
    const socket = await WireSocket.open(cluster.node);
    const payload = `{"${'ü'.repeat(100)}":{"x${'ü'.repeat(100)}":1e400}}`;
    socket.send(`{"type":"connection_init","payload":${payload}}`);
    const reason = `payload.${'ü'.repeat(50)}.x${'ü'.repeat(6)}`;
    expect(await socket.closed).toEqual({ code: 4400, reason });
  });
});
