import { portions } from '../../src/runtime/portions';
import { Cluster } from '../support/cluster';
import type { Person } from '../support/person';
import { people } from './people';
import { bearer, post } from './wire';

const PEOPLE = 20;
const ALIASES = 25;

/** The node runs in this process, which has one event loop. */
describe('an answer of long lists that resolvers make', () => {
  let cluster: Cluster;
  let alice: Person;
  let id: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    const names = Array.from({ length: PEOPLE }, (_, index) => `person ${index}`);
    const all = await people(cluster, 'alice', ...names);
    alice = all[0]!;
    const input = { participantIds: all.slice(1).map((one) => one.id) };
    const { body } = await ask(
      'mutation ($input: StartConversationInput!) { startConversation(input: $input) { conversation { id } } }',
      { input },
    );
    ({ id } = (
      body.data as { startConversation: { conversation: { id: string } } }
    ).startConversation.conversation);
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  const ask = (query: string, variables: object) =>
    post(cluster.node, { query, variables }, bearer(alice.token!));

  test.each([
    ['by a plan', ''],
    ['by graphql-js', '@include(if: true)'],
  ])('is made in portions: %s', async (_, directive) => {
    const fields = Array.from(
      { length: ALIASES },
      (_one, index) =>
        `a${index}: conversation(id: $id) { participants { id joinedAt joinedSequence ${directive}
           user { id username displayName } } }`,
    );
    const waits = [jest.spyOn(portions, 'run'), jest.spyOn(portions, 'wait')];
    const { body } = await ask(`query ($id: ID!) { ${fields.join(' ')} }`, { id });
    const portioned = waits.flatMap(({ mock }) => mock.calls as unknown[]);
    expect(body.errors).toBeUndefined();
    expect(Object.values(body.data!)).toHaveLength(ALIASES);
    for (const { participants } of Object.values(body.data!) as { participants: object[] }[])
      expect(participants).toHaveLength(PEOPLE + 1);
    expect(portioned.length).toBeGreaterThan(1);
  });
});
