import { parse } from 'graphql';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';

interface Params {
  query: string;
  operationName?: string;
  variables?: Record<string, unknown>;
}
type Answer = { data?: unknown; errors?: { message: string }[] };
type Fetcher = (params: Params, options: object) => Promise<Answer> | AsyncGenerator<Answer>;

describe("GraphiQL's fetcher", () => {
  let cluster: Cluster;
  let alice: Person;
  let id: string;
  let fetcher: Fetcher;

  beforeAll(async () => {
    cluster = await Cluster.start();
    const [first, bob] = await cluster.persons('alice', 'bob');
    alice = first!;
    id = (await conversationOf([alice, bob!])).id;
    await sendBy(alice, id, { content: 'hello' });
    const page = await (await fetch(`${cluster.node.url}/graphiql`)).text();
    const source = page.slice(
      page.lastIndexOf('function endpointBeside'),
      page.lastIndexOf('YogaGraphiQL.renderYogaGraphiQL('),
    );
    const location = { origin: cluster.node.url, pathname: '/graphiql' };
    fetcher = new Function(
      'location',
      'WebSocket',
      `${source}\nreturn fetchFrom(endpointBeside('graphql'));`,
    )(location, WebSocket);
  });
  afterAll(() => cluster.stop());

  /** The first answer; the editor's knowledge of the document may be of an earlier text. */
  async function ask(params: Params, known = '{ me { id } }'): Promise<Answer> {
    const answer = await fetcher(params, {
      headers: { Authorization: `Bearer ${alice.token}` },
      documentAST: parse(known),
    });
    if (!(Symbol.asyncIterator in answer)) return answer;
    for await (const event of answer) return event;
    throw new Error('nothing came');
  }

  const added = () => `messageAdded(conversationId: "${id}", after: 0) { content }`;
  const HELLO = { data: { messageAdded: { content: 'hello' } } };
  const ME = { data: { me: { id: 'alice' } } };

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
    expect(await ask(params, 'subscription { inboxUpdated { id } }')).toEqual(ME);
  });

  test('shows what is wrong with a document that is none', async () => {
    const { errors } = await ask({ query: 'subscription {' });
    expect(errors![0]!.message).toContain('Syntax Error');
  });
});
