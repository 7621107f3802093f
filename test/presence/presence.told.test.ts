import { people } from '../api/people';
import {
  BlockUserDocument,
  InboxUpdatedDocument,
  UserPresenceDocument,
  type UserPresenceSubscription,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';

const COMINGS = 2;
const WATCHES = 60;

describe.each([
  { name: 'one node, in process', nodes: 1 },
  { name: 'two nodes, Redis between them', nodes: 2 },
])('presence is told: $name', ({ nodes }) => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes });
  });
  afterAll(() => cluster.stop());

  function connect(person: Person): Person {
    const device = cluster.device(person, cluster.nodes[0]);
    device.subscribe(InboxUpdatedDocument, {});
    return device;
  }

  test('once, to whoever begins to watch at the very moment', async () => {
    const watched = await people(
      cluster,
      ...Array.from({ length: COMINGS }, (_, index) => `alice${index}`),
    );
    const [bob] = await people(cluster, 'bob');
    await conversationOf([bob, ...watched]);
    const device = cluster.device(bob, cluster.nodes.at(-1));
    for (const alice of watched) {
      const streams: EventStream<UserPresenceSubscription>[] = [];
      const watch = () =>
        streams.push(device.subscribe(UserPresenceDocument, { userIds: [alice.id] }));
      const last = (stream?: EventStream<UserPresenceSubscription>) =>
        stream?.received.at(-1)?.userPresence.online;
      watch();
      await streams[0]!.next();
      connect(alice);
      for (; !last(streams[0]) && streams.length < WATCHES; await new Promise(setImmediate))
        watch();
      await eventually(() => expect(new Set(streams.map(last))).toEqual(new Set([true])));
      // Told behind whatever else is under way: to whom she blocks, she is offline.
      await alice.ask(BlockUserDocument, { input: { userId: bob.id } });
      await eventually(() => expect(new Set(streams.map(last))).toEqual(new Set([false])));
      for (const { received } of streams) {
        const states = received.map(
          ({ userPresence: { online, lastSeenAt } }) => `${online} ${lastSeenAt !== null}`,
        );
        expect(states.filter((state, index) => state === states[index - 1])).toEqual([]);
      }
      for (const stream of streams) stream.stop();
    }
  });
});
