import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { startApp } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { nodeConfig } from '../support/cluster';
import { openLogbook } from '../support/logbook';
import { createMigratedDatabase, dropDatabase } from '../support/services';

const KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
const UPGRADE = ['Host: x', 'Connection: Upgrade', 'Upgrade: websocket', KEY];
const VERSION = 'Sec-WebSocket-Version: 13';

function requestOf(line: string, headers: readonly string[]): string {
  const all = headers.includes(UPGRADE[1]!) ? headers : [...headers, 'Connection: close'];
  return `${[`${line} HTTP/1.1`, ...all].join('\r\n')}\r\n\r\n`;
}

const REFUSED: [name: string, request: string, status: number][] = [
  ...['/%', '/%zz', '/graphql/%ff', '/%c0%ae%c0%ae/etc/passwd'].map(
    (path): [string, string, number] => [path, requestOf(`GET ${path}`, ['Host: x']), 400],
  ),
  ...['/../etc/passwd', '/%2e%2e/%2e%2e/etc/passwd', '//graphql', '/graphql/../graphql'].map(
    (path): [string, string, number] => [path, requestOf(`GET ${path}`, ['Host: x']), 404],
  ),
  ['OPTIONS that is no preflight', requestOf('OPTIONS /graphql', ['Host: x']), 405],
  ['OPTIONS with an origin alone', requestOf('OPTIONS /nowhere', ['Host: x', 'Origin: y']), 404],
  ['OPTIONS of everything', requestOf('OPTIONS *', ['Host: x']), 404],
  ['CONNECT', requestOf('CONNECT example.com:443', ['Host: example.com:443']), 405],
  ['an unknown method', requestOf('TEA /graphql', ['Host: x']), 400],
  ['a HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['no Host', requestOf('GET /graphql', []), 400],
  ...['a b', 'x/y', 'u@x', '[::1', 'x:y', 'x:99999'].map((host): [string, string, number] => [
    `the Host ${host}`,
    requestOf('GET /graphql', [`Host: ${host}`]),
    400,
  ]),
  ['two Hosts', requestOf('GET /graphql', ['Host: x', 'host: y']), 400],
  ['an expectation', requestOf('GET /graphql', ['Host: x', 'Expect: tea']), 417],
  ['an upgrade without a key', requestOf('GET /graphql', [...UPGRADE.slice(0, 3), VERSION]), 400],
  [
    'an upgrade of version 12',
    requestOf('GET /graphql', [...UPGRADE, VERSION.replace('3', '2')]),
    400,
  ],
  ['an upgrade without a Host', requestOf('GET /graphql', [...UPGRADE.slice(1), VERSION]), 400],
  [
    'an upgrade from elsewhere',
    requestOf('GET /graphql', [...UPGRADE, VERSION, 'Origin: http://y']),
    403,
  ],
  [
    'a subprotocol of no name',
    requestOf('GET /graphql', [...UPGRADE, VERSION, 'Sec-WebSocket-Protocol: ,']),
    400,
  ],
];

describe('what Node, Fastify and ws would refuse in forms of their own', () => {
  const { logger, lines } = openLogbook();
  const token = signToken(DEVELOPMENT_SECRET, { sub: 'alice' });
  let databaseUrl: string;
  let node: Awaited<ReturnType<typeof startApp>>;

  beforeAll(async () => {
    databaseUrl = await createMigratedDatabase();
    node = await startApp(nodeConfig(databaseUrl, false), logger);
    await node.services.people.users.upsert([{ id: 'alice', username: 'alice' }], () => 'user');
  });
  afterAll(async () => {
    await node.stop();
    await dropDatabase(databaseUrl);
  });
  beforeEach(() => {
    lines.length = 0;
  });

  /** Sends the bytes, and returns the answer once the node has closed the connection. */
  async function say(request: string | Buffer): Promise<{ head: string; body: string }> {
    const socket = connect(Number(new URL(node.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(request);
    const [head, ...rest] = (await text(socket)).split('\r\n\r\n');
    const body = rest.join('\r\n\r\n');
    return { head: head!, body: body.slice(body.indexOf('{'), body.lastIndexOf('}') + 1) };
  }

  test.each(REFUSED)('has one shape, and one line in the log: %s', async (_, request, status) => {
    const { head, body } = await say(request);
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/\r\ncontent-type: application\/json; charset=utf-8/i);
    const requestId = /\r\nx-request-id: ([0-9a-f-]{36})/i.exec(head)?.[1];
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'BAD_REQUEST' } }],
    });
    expect(lines).toEqual([
      expect.objectContaining({ level: 30, msg: 'request refused', status, requestId }),
    ]);
    expect(lines[0]).not.toHaveProperty('err');
    if (status === 405) expect(head).toMatch(/\r\nallow: GET, POST/i);
  });

  const alice = `Authorization: Bearer ${token}`;
  test.each([
    ['is not preflighted', '/graphql?query={me{id}}', [], 'request refused'],
    ['has mistakes in its document', '/graphql?query={a,b}', [alice], 'operation refused'],
    ['names no operation', '/graphql', [alice], 'operation refused'],
    [
      'has variables that are no JSON',
      '/graphql?query={x}&variables={',
      [alice],
      'request refused',
    ],
    ['takes no JSON', '/graphql?query={me{id}}', [alice, 'Accept: text/html'], 'request refused'],
    [
      'has a token that is none',
      '/graphql?query={me{id}}',
      ['Authorization: Bearer x'],
      'request refused',
    ],
    [
      'has no token',
      '/graphql?query={me{id}}',
      ['Apollo-Require-Preflight: true'],
      'operation refused',
    ],
  ])('leaves one line in the log: a GET that %s', async (_, path, headers, msg) => {
    const { head, body } = await say(requestOf(`GET ${path}`, ['Host: x', ...headers]));
    expect(head).toMatch(/^HTTP\/1.1 40[016] /);
    expect(JSON.parse(body).errors[0].extensions.code).toEqual(expect.any(String));
    expect(lines).toEqual([expect.objectContaining({ level: 30, msg })]);
  });

  test('a mutation whose answer is not acceptable is not run', async () => {
    const input = { id: 'mallory', username: 'mallory' };
    const query = 'mutation ($input: UpsertUserInput!) { upsertUser(input: $input) { created } }';
    const service = signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' });
    const send = (accept: string) =>
      fetch(`${node.url}/graphql`, {
        method: 'POST',
        headers: {
          accept,
          authorization: `Bearer ${service}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ query, variables: { input } }),
      });
    for (const accept of ['text/html', 'application/json;q=0', 'image/*, text/plain'])
      expect((await send(accept)).status).toBe(406);
    const accepted = await send('text/html, application/*;q=0.5');
    expect(await accepted.json()).toEqual({ data: { upsertUser: { created: true } } });
  });

  test.each([
    ['an empty Host', ['Host:']],
    ['a Host with a port', ['Host: [::1]:3000']],
    ['a Host with an underscore', ['Host: my_service:3000']],
  ])('%s is answered', async (_, headers) => {
    const all = [...headers, `Authorization: Bearer ${token}`];
    const { body } = await say(requestOf('GET /graphql?query={me{id}}', all));
    expect(JSON.parse(body)).toEqual({ data: { me: { id: 'alice' } } });
  });

  test('HTTP/1.0 without a Host is answered', async () => {
    const request = requestOf('GET /graphql?query={me{id}}', [`Authorization: Bearer ${token}`]);
    const { body } = await say(request.replace('HTTP/1.1', 'HTTP/1.0'));
    expect(JSON.parse(body)).toEqual({ data: { me: { id: 'alice' } } });
  });

  test('a body that is not UTF-8 is refused, and no character is replaced', async () => {
    const body = Buffer.from('{"query":"{me{id}} # \xff"}', 'latin1');
    const headers = [
      'Host: x',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    const answer = await say(
      Buffer.concat([Buffer.from(requestOf('POST /graphql', headers)), body]),
    );
    expect(answer.head).toMatch(/^HTTP\/1.1 400 /);
    expect(JSON.parse(answer.body).errors[0]).toEqual({
      message: 'The body is not in UTF-8.',
      extensions: { code: 'BAD_REQUEST' },
    });
  });
});
