import { MessageAddedDocument, UserPresenceDocument } from '../generated/graphql';
import type { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { type NetworkedCluster, startNetworkedCluster } from '../support/networked-cluster';
import type { TcpProxy } from '../support/tcp-proxy';

/** As many as a group may have. */
const PEOPLE = 50;
/** Longer by hand: the outage lasts until each hint was looked up in vain twice, and for this long. */
const LEAST_OUTAGE_MS = Number(process.env.PARLEY_OUTAGE_MS ?? 0);

describe('while the database is away and Redis is there', () => {
  let network: TcpProxy;
  let networked: NetworkedCluster;
  let cluster: Cluster;

  beforeAll(async () => {
    networked = await startNetworkedCluster();
    ({ cluster, network } = networked);
  });
  afterAll(() => networked.stop());

  test('a presence that cannot be looked up is told later, and ends no socket', async () => {
    const people = await cluster.persons(
      ...Array.from({ length: PEOPLE }, (_, at) => `user-${at}`),
    );
    const { id: conversationId } = await conversationOf(people);
    const ids = people.map(({ id }) => id);
    const subscriptions = people.map((person) => ({
      messages: person.subscribe(MessageAddedDocument, { conversationId, after: 0 }),
      presence: person.subscribe(UserPresenceDocument, { userIds: ids }),
    }));
    const [leaver, ...others] = people;
    const [, ...left] = subscriptions;
    const leaverIs = (online: boolean) =>
      Promise.all(
        left.map(({ presence }) =>
          presence.find(({ userPresence: one }) => one.id === leaver!.id && one.online === online),
        ),
      );
    await sendBy(others[0]!, conversationId, { content: 'before' });
    for (const { messages } of left)
      expect((await messages.next()).messageAdded.content).toBe('before');
    await leaverIs(true);

    const { reader } = cluster.node.services.conversations;
    const looks = jest.spyOn(reader.acquaintancesOf, 'start');
    const startMs = Date.now();
    network.refuses = true;
    network.cut();
    leaver!.drop();
    await eventually(() => {
      expect(looks.mock.calls.length).toBeGreaterThanOrEqual(2 * others.length);
      expect(Date.now() - startMs).toBeGreaterThanOrEqual(LEAST_OUTAGE_MS);
    }, LEAST_OUTAGE_MS + 60_000);
    expect(await someEnd(left)).toBe(false);

    network.refuses = false;
    await leaverIs(false);
    await eventually(async () => {
      await sendBy(others[0]!, conversationId, { content: 'after', clientMessageId: 'after' });
    });
    for (const { messages } of left)
      expect((await messages.next()).messageAdded.content).toBe('after');
    expect(await someEnd(left)).toBe(false);
    process.stdout.write(`outage of ${Date.now() - startMs} ms: ${left.length} sockets stayed\n`);
  });
});

type Ending = { ended(timeoutMs?: number): Promise<unknown> };

/** Whether one of the subscriptions has ended by now. */
async function someEnd(all: readonly { messages: Ending; presence: Ending }[]): Promise<boolean> {
  const ends = all
    .flatMap(({ messages, presence }) => [messages, presence])
    .map((stream) =>
      stream.ended(0).then(
        () => true,
        () => false,
      ),
    );
  return (await Promise.all(ends)).includes(true);
}
