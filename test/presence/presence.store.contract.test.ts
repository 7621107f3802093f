import { randomUUID } from 'node:crypto';
import type { PresenceStore } from '../../src/presence/store/presence.store';
import { MemoryPresenceStore } from '../../src/presence/store/presence.store.memory';
import { RedisPresenceStore } from '../../src/presence/store/presence.store.redis';
import { openLogbook } from '../support/logbook';

const { logger } = openLogbook();

/** The nodes of one installation. In the process there is one node only, which plays all parts. */
const implementations: [name: string, create: () => (nodeId: string) => PresenceStore][] = [
  [
    'MemoryPresenceStore',
    () => {
      const store = new MemoryPresenceStore();
      return () => store;
    },
  ],
  [
    'RedisPresenceStore',
    () => {
      const keyPrefix = `${randomUUID()}:`;
      return (nodeId) =>
        new RedisPresenceStore({
          url: process.env.PARLEY_TEST_REDIS_URL!,
          keyPrefix,
          nodeId,
          logger,
        });
    },
  ],
];

describe.each(implementations)('%s', (_, createInstallation) => {
  let createNode: (nodeId: string) => PresenceStore;
  let store: PresenceStore;
  /** What this node is told goes for every other. */
  let other: PresenceStore;
  const started: PresenceStore[] = [];

  async function startNode(nodeId: string): Promise<PresenceStore> {
    const node = createNode(nodeId);
    started.push(node);
    await node.start();
    return node;
  }

  beforeEach(async () => {
    createNode = createInstallation();
    store = await startNode('one');
    other = await startNode('two');
  });

  afterEach(async () => {
    await Promise.all(started.splice(0).map((node) => node.stop()));
  });

  it('tells the first hold and the last release', async () => {
    expect(await store.hold('online', 'alice')).toBe(true);
    expect(await other.members(['online'])).toEqual([['alice']]);
    expect(await store.release('online', 'alice')).toBe(true);
    expect(await other.members(['online'])).toEqual([[]]);
    expect(await store.hold('online', 'alice')).toBe(true);
  });

  it('answers repeated holds and releases with false, and changes nothing', async () => {
    await store.hold('online', 'alice');
    expect(await store.hold('online', 'alice')).toBe(false);
    expect(await store.release('online', 'alice')).toBe(true);
    expect(await store.release('online', 'alice')).toBe(false);
    expect(await store.release('online', 'bob')).toBe(false);
    expect(await store.release('nowhere', 'alice')).toBe(false);
    expect(await other.members(['online', 'nowhere'])).toEqual([[], []]);
  });

  it('tells one of holds and releases that race in one node', async () => {
    const holds = await Promise.all(
      Array.from({ length: 20 }, () => store.hold('online', 'alice')),
    );
    expect(holds.filter(Boolean)).toHaveLength(1);
    const releases = await Promise.all(
      Array.from({ length: 20 }, () => store.release('online', 'alice')),
    );
    expect(releases.filter(Boolean)).toHaveLength(1);
  });

  it('keeps the order of calls that nobody waits for', async () => {
    const answers = await Promise.all([
      store.hold('online', 'alice'),
      store.release('online', 'alice'),
      store.hold('online', 'alice'),
    ]);
    expect(answers).toEqual([true, true, true]);
    expect(await other.members(['online'])).toEqual([['alice']]);
  });

  it('keeps sets apart, and gives their members in the order asked for', async () => {
    await store.hold('viewing:a', 'alice');
    await store.hold('viewing:a', 'bob');
    await store.hold('viewing:b', 'bob');
    const members = await other.members(['viewing:b', 'viewing:none', 'viewing:a', 'viewing:b']);
    expect(members.map((each) => each.sort())).toEqual([['bob'], [], ['alice', 'bob'], ['bob']]);
    await store.release('viewing:a', 'bob');
    expect(await other.members(['viewing:b', 'viewing:a'])).toEqual([['bob'], ['alice']]);
  });

  it('says which of some are in a set', async () => {
    await store.hold('online', 'alice');
    await store.hold('online', 'bob');
    expect(await other.membersAmong('online', ['carol', 'bob', 'alice', 'bob'])).toEqual(
      new Set(['alice', 'bob']),
    );
    expect(await other.membersAmong('nowhere', ['alice'])).toEqual(new Set());
  });

  it('says whether a set is empty', async () => {
    expect(await other.isEmpty('sockets:alice')).toBe(true);
    await store.hold('sockets:alice', 'one');
    await store.hold('sockets:alice', 'two');
    expect(await other.isEmpty('sockets:alice')).toBe(false);
    await store.release('sockets:alice', 'one');
    expect(await other.isEmpty('sockets:alice')).toBe(false);
    await store.release('sockets:alice', 'two');
    expect(await other.isEmpty('sockets:alice')).toBe(true);
    expect(await other.isEmpty('sockets:bob')).toBe(true);
  });

  it('answers nothing for nothing', async () => {
    expect(await store.members([])).toEqual([]);
    expect(await store.membersAmong('online', [])).toEqual(new Set());
  });

  it.each(['a b', ' ', 'online alice', 'a:b', 'ünïcode 😀', '{x}', 'a\nb', '__proto__'])(
    'takes %j for a member',
    async (member) => {
      expect(await store.hold('typing:1', member)).toBe(true);
      expect(await other.members(['typing:1'])).toEqual([[member]]);
      expect(await other.membersAmong('typing:1', [member])).toEqual(new Set([member]));
      expect(await store.release('typing:1', member)).toBe(true);
      expect(await other.members(['typing:1'])).toEqual([[]]);
    },
  );

  it.each(['a b', 'a', 'a%20b', 'a%2520b', ' a', 'a ', '%', 'a\nb', 'a b c:d'])(
    'keeps the set of %j apart from every other',
    async (id) => {
      const others = ['a', 'a b', 'a%20b', 'a  b', 'a%'].filter((other) => other !== id);
      for (const other of others) await store.hold(`sockets:${other}`, 'theirs');
      expect(await store.hold(`sockets:${id}`, 'b x')).toBe(true);
      expect(await other.members([`sockets:${id}`])).toEqual([['b x']]);
      expect(await other.membersAmong(`sockets:${id}`, ['b x', 'x'])).toEqual(new Set(['b x']));
      expect(await store.release(`sockets:${id}`, 'b x')).toBe(true);
      for (const other of others)
        expect(await store.members([`sockets:${other}`])).toEqual([['theirs']]);
    },
  );

  it('ends at once what the last node holds when it departs', async () => {
    if (other !== store) await other.depart(60_000);
    for (let i = 0; i < 1_200; i++) void store.hold('online', `user:${i}`);
    await store.depart(60_000);
    const next = await startNode('three');
    expect(await next.members(['online'])).toEqual([[]]);
  });

  it('may be stopped twice', async () => {
    await store.stop();
    await store.stop();
  });
});
