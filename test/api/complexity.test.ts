import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { Cluster } from '../support/cluster';
import type { Person } from '../support/person';
import { people } from './people';
import { bearer, get, post, WireSocket } from './wire';

interface Payload {
  query: string;
  operationName?: string;
  variables?: Record<string, unknown>;
}
type Answer = { data?: unknown; errors?: { extensions: Record<string, unknown> }[] };

const repeat = (count: number, text: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => text(at)).join(' ');
/** A query whose innermost field stands at this depth, which is odd. */
const deep = (depth: number) => {
  const levels = (depth - 3) / 2;
  return `{ conversations(first: 1) { nodes { ${'lastMessage { conversation { '.repeat(levels)} id ${'} }'.repeat(levels)} } } }`;
};
const pages = (names: string) =>
  `query Pages(${names}) { conversations(first: $n) { nodes { messages(first: $m) { nodes { id } } } } }`;
const MILLION = `{ conversations(first: 100) { nodes { messages(first: 100) { nodes { conversation {
  messages(first: 100) { nodes { id } } } } } } } }`;
const DOUBLING = `{ conversation(id: "1") { ...F0 } }
  ${repeat(100, (at) => `fragment F${at} on Conversation { lastMessage { replyTo { conversation { ...F${at + 1} } } conversation { ...F${at + 1} } } }`)}
  fragment F100 on Conversation { id }`;

/** A query of 15 tokens more than it has statuses. */
const offersOf = (statuses: number) =>
  `{ offers(status: [${'PENDING '.repeat(statuses)}]) { pageInfo { endCursor } } }`;

const REFUSED: [string, Payload, { limit: number; actual?: number }][] = [
  ['tokens', { query: `{ me { ${'id '.repeat(4_996)} } }` }, { limit: 5_000 }],
  ['tokens of a value', { query: offersOf(4_986) }, { limit: 5_000 }],
  ['depth', { query: deep(13) }, { limit: 12, actual: 13 }],
  ['depth by fragments', { query: DOUBLING }, { limit: 12, actual: 302 }],
  [
    'aliases',
    { query: `{ ${repeat(31, (at) => `a${at}: __typename`)} }` },
    { limit: 30, actual: 31 },
  ],
  [
    'aliases of a fragment that is spread twice',
    { query: `{ me { ...A ...A } } fragment A on User { ${repeat(16, (at) => `a${at}: id`)} }` },
    { limit: 30, actual: 32 },
  ],
  [
    'aliases within an introspection',
    { query: `{ __schema { ${repeat(31, (at) => `a${at}: types { name }`)} } }` },
    { limit: 30, actual: 31 },
  ],
  ['cost', { query: MILLION }, { limit: 2_000, actual: 2_030_201 }],
  [
    'cost by variables',
    { query: pages('$n: Int!, $m: Int!'), variables: { n: 100, m: 100 } },
    { limit: 2_000, actual: 20_201 },
  ],
  [
    'cost by defaults of variables',
    { query: pages('$n: Int = 50, $m: Int = 50') },
    { limit: 2_000, actual: 5_101 },
  ],
  [
    'cost of the chosen operation',
    {
      query: `query Me { me { id } } ${pages('$n: Int = 50, $m: Int = 50')}`,
      operationName: 'Pages',
    },
    { limit: 2_000, actual: 5_101 },
  ],
];

const ADMITTED: [string, Payload][] = [
  ['5 000 tokens', { query: offersOf(4_985) }],
  ['the greatest depth', { query: deep(11) }],
  ['30 aliases', { query: `{ ${repeat(30, (at) => `a${at}: __typename`)} }` }],
  ['a cost of 1 942', { query: pages('$n: Int!, $m: Int!'), variables: { n: 10, m: 96 } }],
  [
    'the cheap one of two operations',
    { query: `query Me { me { id } } ${pages('$n: Int = 50, $m: Int = 50')}`, operationName: 'Me' },
  ],
  ['an introspection', { query: getIntrospectionQuery({ inputValueDeprecation: true }) }],
];

describe('the limits of an operation', () => {
  let cluster: Cluster;
  let alice: Person;
  let socket: WireSocket;

  beforeAll(async () => {
    cluster = await Cluster.start();
    [alice] = await people(cluster, 'alice');
    socket = await WireSocket.init(cluster.node, { token: alice.token! });
    await socket.next();
  });
  afterAll(async () => {
    await socket.close();
    await cluster.stop();
  });

  let ids = 0;
  async function overSocket(payload: object): Promise<Answer> {
    const id = String(++ids);
    socket.send({ id, type: 'subscribe', payload });
    const { type, payload: answer } = await socket.next();
    if (type === 'error') return { errors: answer as Answer['errors'] };
    expect(await socket.next()).toEqual({ id, type: 'complete' });
    return answer as Answer;
  }

  async function overHttp(payload: object): Promise<Answer & { status: number }> {
    const { status, body } = await post(cluster.node, payload, bearer(alice.token));
    return { status, ...(body as Answer) };
  }

  test.each(REFUSED)('%s: QUERY_TOO_COMPLEX on both transports', async (_, payload, about) => {
    const extensions = { code: 'QUERY_TOO_COMPLEX', ...about };
    const refusal = [{ message: expect.any(String), extensions }];
    expect(await overHttp(payload)).toEqual({ status: 400, errors: refusal });
    expect(await overSocket(payload)).toEqual({ errors: refusal });
  });

  test.each(ADMITTED)('%s: admitted on both transports', async (_, payload) => {
    for (const answer of [await overHttp(payload), await overSocket(payload)]) {
      expect(answer.errors).toBeUndefined();
      expect(answer.data).toBeTruthy();
    }
  });

  test('over GET, and by the hash of a persisted query, they are the same', async () => {
    const variables = JSON.stringify({ n: 100, m: 100 });
    const query = pages('$n: Int!, $m: Int!');
    const { body } = await get(cluster.node, { query, variables }, bearer(alice.token));
    expect(body.errors![0]!.extensions).toMatchObject({ limit: 2_000, actual: 20_201 });

    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    for (const ask of [overHttp, overSocket]) {
      expect((await ask({ query, variables: { n: 1, m: 1 }, extensions })).errors).toBeUndefined();
      const { errors } = await ask({ variables: { n: 100, m: 100 }, extensions });
      expect(errors![0]!.extensions).toMatchObject({ limit: 2_000, actual: 20_201 });
    }
  });

  test('a subscription’s cost is that of one event', async () => {
    const query =
      'subscription { messageAdded { conversation { events(first: 500) { at kind sequence conversationId } } } }';
    const extensions = { code: 'QUERY_TOO_COMPLEX', limit: 2_000, actual: 2_003 };
    expect(await overSocket({ query })).toMatchObject({ errors: [{ extensions }] });
    const fewer = query.replace('conversationId', '');
    socket.send({ id: 'follow', type: 'subscribe', payload: { query: fewer } });
    socket.send({ id: 'follow', type: 'complete' });
    expect((await overSocket({ query: '{ me { id } }' })).data).toEqual({ me: { id: alice.id } });
  });

  test('the socket and its other operations go on', async () => {
    expect((await overSocket({ query: MILLION })).errors).toHaveLength(1);
    expect((await overSocket({ query: '{ me { id } }' })).data).toEqual({ me: { id: alice.id } });
  });
});
