import type { ExecutionResult } from 'graphql';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';

interface Params {
  query: string;
  operationName?: string;
  variables?: Record<string, unknown>;
}

describe("GraphiQL's fetcher", () => {
  let cluster: Cluster;
  let alice: Person;
  let id: string;
  /** Returns the first answer, and the way that it came. */
  let ask: (params: Params, token?: string | null) => Promise<[string, ExecutionResult]>;

  beforeAll(async () => {
    cluster = await Cluster.start();
    const [first, bob] = await cluster.persons('alice', 'bob');
    alice = first!;
    id = (await conversationOf([alice, bob!])).id;
    await sendBy(alice, id, { content: 'hello' });
    const { fetcherOf } = await import('../../web/graphiql/fetcher.js');
    const { Live } = await import('../../web/graphiql/live.js');
    const url = `${cluster.node.url}/graphql`;
    ask = async (params, token = null) => {
      const user = () => ({ displayName: 'Alice', token: alice.token! });
      const live = new Live({ url, user, webSocketImpl: WebSocket });
      const fetcher = fetcherOf({ url, token: () => alice.token, follow: live.follow });
      const headers = token === null ? {} : { Authorization: `Bearer ${token}` };
      const answer = fetcher(params, { headers });
      if (answer instanceof Promise) return ['HTTP', await answer];
      const first = await new Promise<ExecutionResult>((next, error) => {
        answer.subscribe({ next, error, complete: () => {} });
      });
      for (const one of live.state.followed) live.stop(one.id);
      return ['WebSocket', first];
    };
  });
  afterAll(() => cluster.stop());

  const added = () => `messageAdded(conversationId: "${id}", after: 0) { content }`;
  const HELLO = ['WebSocket', { data: { messageAdded: { content: 'hello' } } }];
  const ME = ['HTTP', { data: { me: { id: 'alice' } } }];

  test.each<[string, () => Params]>([
    ['pasted and run at once', () => ({ query: `subscription { ${added()} }` })],
    [
      'with the name of an earlier one',
      () => ({
        query: `subscription New { ${added()} }`,
        operationName: 'Old',
      }),
    ],
    [
      'behind comments and texts',
      () => ({
        query: `# { query "\n# '\nsubscription { ${added()} }`,
      }),
    ],
    [
      'one of several',
      () => ({
        query: `query A($x: ID! = "} subscription {") { conversation(id: $x) { id } } subscription B { ${added()} }`,
        operationName: 'B',
      }),
    ],
    [
      'with variables and a fragment before it',
      () => ({
        query: `fragment query on Message { content } subscription query($id: ID! = "{") { messageAdded(conversationId: $id, after: 0) { ...query } }`,
        variables: { id },
      }),
    ],
  ])('follows a subscription %s', async (_, params) => {
    expect(await ask(params())).toEqual(HELLO);
  });

  test.each<[string, Params]>([
    ['after a subscription', { query: '{ me { id } }' }],
    ['named subscription', { query: 'query subscription { me { id } }' }],
    [
      'beside a subscription',
      {
        query: 'subscription S { inboxUpdated { id } } query Q { me { id } }',
        operationName: 'Q',
      },
    ],
    ['with the word in a comment', { query: '# subscription {\n{ me { id } }' }],
  ])('asks a query %s over HTTP', async (_, params) => {
    expect(await ask(params)).toEqual(ME);
  });

  test('shows what is wrong with a document that is none', async () => {
    const [way, { errors }] = await ask({ query: 'subscription {' });
    expect([way, errors![0]!.message]).toEqual(['HTTP', expect.stringContaining('Syntax Error')]);
  });

  test("lets a tab's own token go before that of the user who is signed in", async () => {
    const bob = cluster.stranger('nobody');
    const [, answer] = await ask({ query: '{ me { id } }' }, bob.token);
    expect(answer.errors![0]!.extensions!.code).toBe('UNAUTHENTICATED');
    const [way, refused] = await ask({ query: `subscription { ${added()} }` }, bob.token);
    expect([way, refused.errors![0]!.message]).toEqual([
      'WebSocket',
      expect.stringContaining('The socket was closed: 44'),
    ]);
  });
});
