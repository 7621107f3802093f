import { eventually } from '../support/eventually';
import {
  FOR_EVER_MS,
  HEARTBEAT_MS,
  isAway,
  isBack,
  membersOf,
  namesOf,
  PresenceInstallation,
  type PresenceNode,
} from '../support/presence-nodes';

const installation = new PresenceInstallation();

function startNodes(count: number): Promise<PresenceNode[]> {
  return Promise.all(Array.from({ length: count }, () => installation.start()));
}

/** Holds more than goes into one portion; returns the entries, sorted. */
async function holdMany(node: PresenceNode): Promise<string[]> {
  const users = Array.from({ length: 1_700 }, (_, i) => `user:${i}`);
  await Promise.all(users.map((user) => node.hold('online', user)));
  return users.map((user) => `online ${user}`).sort();
}

describe('nodes that race', () => {
  it('have one first and one last', async () => {
    const ten = await startNodes(10);
    for (let round = 0; round < 10; round++) {
      const calls = Array.from({ length: 50 }, (_, i) => ten[i % 10]!);
      const firsts = await Promise.all(calls.map((node) => node.hold('online', 'alice')));
      expect(firsts.filter(Boolean)).toHaveLength(1);
      expect(await membersOf(ten[round]!)).toEqual(['alice']);
      const lasts = await Promise.all(calls.map((node) => node.release('online', 'alice')));
      expect(lasts.filter(Boolean)).toHaveLength(1);
      expect(await membersOf(ten[round]!)).toEqual([]);
    }
  });

  it('keep a member until the last of them lets go', async () => {
    const [a, b] = (await startNodes(2)) as [PresenceNode, PresenceNode];
    expect([await a.hold('online', 'alice'), await b.hold('online', 'alice')]).toEqual([
      true,
      false,
    ]);
    expect(await a.release('online', 'alice')).toBe(false);
    expect(await a.release('online', 'alice')).toBe(false);
    expect(await membersOf(a)).toEqual(['alice']);
    expect(await b.release('online', 'alice')).toBe(true);
    await installation.raw
      .keys(`${installation.prefix}held:*`)
      .then((keys) => expect(keys).toEqual([]));
  });
});

describe('a node that dies', () => {
  it('is told to one of the living, with its last heartbeat, and without what others hold too', async () => {
    const [dead, b, c] = (await startNodes(3)) as [PresenceNode, PresenceNode, PresenceNode];
    await dead.hold('online', 'alice');
    await dead.hold('online', 'bob');
    await b.hold('online', 'bob');
    await dead.hold('typing:1', 'alice b. c');
    await installation.heartbeats(1);
    const earliest = (await installation.now()) - 2 * HEARTBEAT_MS - 1_000;
    await dead.stop();
    const latest = await installation.now();
    await eventually(() => expect([...b.lost, ...c.lost]).toHaveLength(2));
    await installation.heartbeats(4);
    const lost = [...b.lost, ...c.lost];
    expect(namesOf(b, c)).toEqual(['online alice', 'typing:1 alice b. c']);
    for (const { at } of lost) expect(at.getTime()).toBeGreaterThan(earliest);
    for (const { at } of lost) expect(at.getTime()).toBeLessThanOrEqual(latest);
    expect(await membersOf(c)).toEqual(['bob']);
    expect(await b.release('online', 'bob')).toBe(true);
    await installation.expectTidy(2);
  });

  it('with much is ended in portions, each member told once', async () => {
    const [dead, b, c] = (await startNodes(3)) as [PresenceNode, PresenceNode, PresenceNode];
    const users = await holdMany(dead);
    await dead.stop();
    await eventually(() => expect(b.lost.length + c.lost.length).toBe(1_700));
    await installation.heartbeats(3);
    expect(namesOf(b, c)).toEqual(users);
    expect(Math.max(...b.portions, ...c.portions)).toBeLessThanOrEqual(500);
    await eventually(() => installation.expectTidy(2));
  });

  it('is ended to the end when whoever ends it dies in the middle', async () => {
    const [dead, b, c] = (await startNodes(3)) as [PresenceNode, PresenceNode, PresenceNode];
    const users = await holdMany(dead);
    let killed: PresenceNode | undefined;
    for (const node of [b, c])
      node.onLost(() => {
        killed ??= node;
        void killed.stop();
      });
    await dead.stop();
    await eventually(() => expect([...new Set(namesOf(b, c))]).toEqual(users));
    expect(killed!.portions).toEqual([500]);
    expect(await membersOf(killed === b ? c : b)).toEqual([]);
    await eventually(() => installation.expectTidy(1));
  });

  it('with much keeps whoever ends it from no heartbeat, however slowly that goes', async () => {
    const [dead, slow] = [
      await installation.start(),
      await installation.start({ url: installation.proxy.url }),
    ];
    await holdMany(dead);
    await slow.hold('online', 'alice');
    await installation.heartbeats(6);
    const holders = await installation.holders();
    // Each step takes nearly a third of a lease.
    installation.proxy.delayMs = 180;
    await dead.stop();
    await eventually(() => expect(slow.lost).toHaveLength(1_700));
    expect(await installation.holders()).toEqual(
      holders.filter((holder) => !holder.startsWith('node-0/')),
    );
    expect(await membersOf(slow)).toEqual(['alice']);
  });

  it('and comes back by its name is another one', async () => {
    const [dead, b] = (await startNodes(2)) as [PresenceNode, PresenceNode];
    await dead.hold('online', 'alice');
    await dead.stop();
    const again = await installation.start({ nodeId: 'node-0' });
    await again.hold('online', 'bob');
    await eventually(() => expect(namesOf(b, again)).toEqual(['online alice']));
    expect(await membersOf(b)).toEqual(['bob']);
  });
});

describe('a node that departs', () => {
  it('is ended after its grace, as of its departure, without what others hold too', async () => {
    const [leaving, b] = (await startNodes(2)) as [PresenceNode, PresenceNode];
    await leaving.hold('online', 'alice');
    await leaving.hold('online', 'bob');
    await b.hold('online', 'bob');
    await installation.heartbeats(4);
    const earliest = await installation.now();
    await leaving.depart(1_000);
    const latest = await installation.now();
    await leaving.stop();
    expect(await membersOf(b)).toEqual(['alice', 'bob']);
    await eventually(() => expect(namesOf(b)).toEqual(['online alice']));
    expect(await installation.now()).toBeGreaterThanOrEqual(earliest + 1_000);
    const at = b.lost[0]!.at.getTime();
    expect(at >= earliest && at <= latest).toBe(true);
    await eventually(() => installation.expectTidy(1));
  });

  it('tells nobody of who came back elsewhere within the grace', async () => {
    const [leaving, b] = (await startNodes(2)) as [PresenceNode, PresenceNode];
    await leaving.hold('online', 'alice');
    await leaving.hold('online', 'bob');
    await installation.heartbeats(4);
    await leaving.depart(300);
    expect(await b.hold('online', 'alice')).toBe(false);
    await eventually(() => expect(namesOf(b)).toEqual(['online bob']));
    expect(await membersOf(b)).toEqual(['alice']);
  });

  it('does nothing more by itself', async () => {
    const [leaving, b] = (await startNodes(2)) as [PresenceNode, PresenceNode];
    await leaving.hold('online', 'alice');
    await installation.heartbeats(6);
    await leaving.depart(0);
    expect(await leaving.hold('online', 'carol')).toBe(false);
    await eventually(() => expect(namesOf(b)).toEqual(['online alice']));
    expect(leaving.lost).toEqual([]);
    expect(await membersOf(b)).toEqual([]);
    await eventually(() => installation.expectTidy(1));
  });
});

describe('a node that was given up while it stalled', () => {
  it('registers again with what it holds, and nobody is told that it was the first', async () => {
    const [stalled, b] = [
      await installation.start({ url: installation.proxy.url }),
      await installation.start(),
    ];
    await stalled.hold('online', 'alice');
    await stalled.hold('online', 'bob');
    installation.proxy.stall();
    await eventually(() => expect(namesOf(b)).toEqual(['online alice', 'online bob']));
    await isAway(stalled);
    expect(await stalled.release('online', 'bob')).toBe(false);
    await isBack(stalled);
    expect(await membersOf(b)).toEqual(['alice']);
    expect(await b.hold('online', 'alice')).toBe(false);
    expect(await stalled.hold('online', 'alice')).toBe(false);
    await eventually(() => installation.expectTidy(2));
  });

  it('registers again at the first call that Redis refuses', async () => {
    const slow = { leaseMs: FOR_EVER_MS, heartbeatMs: FOR_EVER_MS / 3 };
    const [node, b] = [await installation.start(slow), await installation.start(slow)];
    await node.hold('online', 'alice');
    await installation.raw.flushall();
    await node.hold('online', 'bob');
    await eventually(async () => expect(await membersOf(b)).toEqual(['alice', 'bob']));
  });
});
