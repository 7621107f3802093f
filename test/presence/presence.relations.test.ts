import type { Bus } from '../../src/bus/bus';
import { topics } from '../../src/events';
import { block } from '../api/blocking';
import { people } from '../api/people';
import {
  AddParticipantDocument,
  InboxUpdatedDocument,
  LeaveConversationDocument,
  RemoveParticipantDocument,
  UserPresenceDocument,
  type UserPresenceSubscription,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

const HIDDEN = { online: false, lastSeenAt: null };
/** Longer than a subscription trusts what it knows. */
const LONG_MS = 6_000;

type Presences = EventStream<UserPresenceSubscription>;

describe('presence follows who knows whom, at two nodes', () => {
  let redis: TcpProxy;
  let cluster: Cluster;

  beforeAll(async () => {
    const url = new URL(process.env.PARLEY_TEST_REDIS_URL!);
    redis = await startTcpProxy(Number(url.port));
    url.port = new URL(redis.url).port;
    cluster = await Cluster.start({ nodes: 2, env: { REDIS_URL: url.href } });
  });
  afterAll(async () => {
    await cluster.stop();
    await redis.stop();
  });
  afterEach(() => jest.restoreAllMocks());

  /** People of whom the last one, who watches, uses the other node; the others are online. */
  async function scene(...names: string[]) {
    const persons = [...(await people(cluster, ...names, 'watcher'))] as Person[];
    const watcher = cluster.device(persons.pop()!, cluster.nodes[1]);
    for (const person of persons) person.subscribe(InboxUpdatedDocument, {});
    const { presence, people: who } = cluster.nodes[1]!.services;
    const ids = persons.map(({ id }) => id);
    await eventually(async () => {
      expect((await presence.reader.onlineAmong(ids)).size).toBe(ids.length);
      for (const user of await who.users.byIds(ids)) expect(user!.lastSeenAt).not.toBeNull();
    });
    return { watcher, persons };
  }

  const watch = (watcher: Person, ...watched: readonly Person[]) =>
    watcher.subscribe(UserPresenceDocument, { userIds: watched.map(({ id }) => id) });
  const next = async (stream: Presences) => (await stream.next()).userPresence;
  const shown = ({ id }: Person) => ({
    id,
    online: true,
    lastSeenAt: expect.any(String),
    user: { id },
  });

  test('from the moment at which two share a conversation, and no longer', async () => {
    const { watcher, persons } = await scene('alice', 'bob', 'carol');
    const [alice, bob, carol] = persons as [Person, Person, Person];
    const stream = watch(watcher, bob, carol);
    await eventually(() => expect(stream.eventErrors).toHaveLength(2));
    const pair = await conversationOf([bob, watcher]);
    expect(await next(stream)).toEqual(shown(bob));
    const group = await conversationOf([alice, bob, watcher]);
    await alice.ask(AddParticipantDocument, {
      input: { conversationId: group.id, userId: carol.id },
    });
    expect(await next(stream)).toEqual(shown(carol));
    // They still share the group.
    await bob.ask(LeaveConversationDocument, { input: { conversationId: pair.id } });
    await carol.ask(LeaveConversationDocument, { input: { conversationId: group.id } });
    expect(await next(stream)).toEqual({ id: carol.id, ...HIDDEN, user: { id: carol.id } });
    await cluster.service().ask(RemoveParticipantDocument, {
      input: { conversationId: group.id, userId: watcher.id },
    });
    expect(await next(stream)).toEqual({ id: bob.id, ...HIDDEN, user: { id: bob.id } });
    expect(stream.eventErrors).toHaveLength(2);
  });

  test('of everyone, where nobody is named', async () => {
    const { watcher, persons } = await scene('alice', 'bob', 'carol');
    const [alice, bob, carol] = persons as [Person, Person, Person];
    const group = await conversationOf([alice, bob, watcher]);
    const stream = watcher.subscribe(UserPresenceDocument, {});
    const first = [await next(stream), await next(stream)];
    expect(first.map(({ id }) => id).sort()).toEqual([alice.id, bob.id].sort());
    await alice.ask(AddParticipantDocument, {
      input: { conversationId: group.id, userId: carol.id },
    });
    expect(await next(stream)).toEqual(shown(carol));
    await carol.ask(LeaveConversationDocument, { input: { conversationId: group.id } });
    expect(await next(stream)).toMatchObject({ id: carol.id, ...HIDDEN });
    await conversationOf([watcher, carol]);
    expect(await next(stream)).toEqual(shown(carol));
  });

  test('not across a block that comes while the present state is read', async () => {
    const { watcher, persons } = await scene('actor', 'friend');
    const [actor, friend] = persons as [Person, Person];
    await conversationOf([friend, actor, watcher]);
    const { reader } = cluster.nodes[1]!.services.conversations;
    const { bus } = cluster.nodes[1]!.services.delivery.log as unknown as { bus: Bus };
    const read = reader.acquaintancesOf.start;
    jest.spyOn(reader.acquaintancesOf, 'start').mockImplementationOnce(async (pairs) => {
      const found = await read(pairs);
      const arrived = new Promise<void>((resolve) => {
        void bus.subscribe(`user:${watcher.id}`, () => resolve());
      });
      await block(actor, watcher);
      await arrived;
      return found;
    });
    const stream = watch(watcher, actor, friend);
    expect(await next(stream)).toMatchObject({ id: actor.id, ...HIDDEN });
    expect(await next(stream)).toEqual(shown(friend));
    await block(friend, watcher);
    expect(await next(stream)).toMatchObject({ id: friend.id, ...HIDDEN });
    expect(stream.received.map(({ userPresence: { online } }) => online)).toEqual([
      false,
      true,
      false,
    ]);
  });

  test('not across a block that the bus has lost, once what is known is old', async () => {
    const { watcher, persons } = await scene('actor');
    const [actor] = persons as [Person];
    await conversationOf([actor, watcher]);
    const stream = watch(watcher, actor);
    const { lastSeenAt = null } = await next(stream);
    const { bus } = cluster.node.services.people.blocks as unknown as { bus: Bus };
    const publish = jest.spyOn(bus, 'publish').mockImplementation(() => {});
    await block(actor, watcher);
    publish.mockRestore();
    const { now } = performance;
    jest.spyOn(performance, 'now').mockImplementation(() => now.call(performance) + LONG_MS);
    // She is told to be online once more, as when she comes back at another node.
    const event = { name: 'presence.changed', userId: actor.id, online: true, lastSeenAt } as const;
    bus.publish([{ topic: topics.presence(actor.id), event }]);
    expect(await next(stream)).toMatchObject({ id: actor.id, ...HIDDEN });
  });

  test('not across a block that was made while the bus was away', async () => {
    const { watcher, persons } = await scene('actor');
    const [actor] = persons as [Person];
    await conversationOf([actor, watcher]);
    const stream = watch(watcher, actor);
    expect(await next(stream)).toEqual(shown(actor));
    const { bus } = cluster.nodes[1]!.services.delivery.log as unknown as { bus: Bus };
    redis.refuses = true;
    redis.cut();
    await eventually(() => expect(bus.connected).toBe(false));
    await block(actor, watcher);
    redis.refuses = false;
    expect(await next(stream)).toMatchObject({ id: actor.id, ...HIDDEN });
  });
});
