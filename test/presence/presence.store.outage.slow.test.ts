import { PresenceReaper } from '../../src/presence/store/presence.reaper';
import { withPresenceScripts } from '../../src/presence/store/presence.scripts';
import { eventually } from '../support/eventually';
import {
  FOR_EVER_MS,
  HEARTBEAT_MS,
  isAway,
  isBack,
  membersOf,
  namesOf,
  PresenceInstallation,
} from '../support/presence-nodes';

const installation = new PresenceInstallation();

describe('a Redis that is away', () => {
  it('fails no start and no call; each node answers for itself, and tells Redis later', async () => {
    await installation.redis.kill();
    const [a, b] = [
      await installation.start({ url: installation.proxy.url }),
      await installation.start(),
    ];
    expect(await a.hold('online', 'alice')).toBe(false);
    expect(await a.hold('online', 'bob')).toBe(false);
    expect(await b.hold('online', 'carol')).toBe(false);
    expect(await a.release('online', 'bob')).toBe(false);
    expect(await a.members(['online', 'nowhere'])).toEqual([['alice'], []]);
    expect(await a.membersAmong('online', ['alice', 'carol'])).toEqual(new Set(['alice']));
    // Several attempts fail: still one line.
    await eventually(() => expect(installation.proxy.connections).toBeGreaterThan(3));
    await installation.redis.start();
    await Promise.all([isBack(a), isBack(b)]);
    expect(await membersOf(a)).toEqual(['alice', 'carol']);
    expect(await membersOf(b)).toEqual(['alice', 'carol']);
    const { logbook } = installation;
    expect([logbook.about('away').length, logbook.about('back').length]).toEqual([2, 2]);
  });

  it('keeps nobody waiting who departs or stops', async () => {
    await installation.redis.kill();
    const a = await installation.start();
    await a.depart(1_000);
    await a.stop();
    await installation.redis.start();
  });
});

describe('a network that fails', () => {
  it('leaves nobody in a set who was released meanwhile; that is told late', async () => {
    const [a, b] = [
      await installation.start({ url: installation.proxy.url }),
      await installation.start(),
    ];
    await a.hold('online', 'alice');
    await a.hold('online', 'bob');
    await b.hold('online', 'bob');
    const earliest = (await installation.now()) - 2 * HEARTBEAT_MS;
    installation.proxy.cut();
    await isAway(a);
    expect(await a.release('online', 'alice')).toBe(false);
    expect(await a.release('online', 'bob')).toBe(false);
    expect(await a.hold('online', 'carol')).toBe(false);
    await isBack(a);
    const latest = await installation.now();
    await eventually(() => expect(namesOf(a, b)).toEqual(['online alice']));
    expect(await membersOf(b)).toEqual(['bob', 'carol']);
    await installation.heartbeats(4);
    expect(namesOf(a, b)).toEqual(['online alice']);
    const at = [...a.lost, ...b.lost][0]!.at.getTime();
    expect(at >= earliest && at <= latest).toBe(true);
  });

  it('has nobody seem gone while their node comes back over it', async () => {
    // Long enough for the way back, however busy the machine is.
    const a = await installation.start({ url: installation.proxy.url, leaseMs: FOR_EVER_MS });
    for (let i = 0; i < 1_200; i++) void a.hold('online', `user:${i}`);
    const onLost = jest.fn();
    const scripts = withPresenceScripts(installation.raw);
    const reaper = new PresenceReaper({
      scripts,
      keyPrefix: installation.prefix,
      claimMs: 10_000,
      quietMs: 0,
      onLost,
    });
    for (let i = 0; i < 10; i++) {
      installation.proxy.cut();
      await isAway(a);
      while (!a.connected) await reaper.sweep();
      await reaper.sweep();
    }
    expect(onLost).not.toHaveBeenCalled();
    expect(await membersOf(a)).toHaveLength(1_200);
  });

  it('keeps nobody waiting who asks while it stands still', async () => {
    const a = await installation.start({ url: installation.proxy.url });
    await a.hold('online', 'alice');
    installation.proxy.stall();
    const answers = Promise.all([
      a.hold('online', 'bob'),
      a.members(['online']),
      a.membersAmong('online', ['alice', 'carol']),
      a.release('online', 'alice'),
    ]);
    const [held, [members], among, released] = await answers;
    expect([held, released, members!.sort(), [...among]]).toEqual([false, false, ['bob'], []]);
    expect(installation.logbook.about('away').map(({ cause }) => cause)).toEqual([
      'Command timed out',
    ]);
    await isBack(a);
    await eventually(async () => expect(await membersOf(a)).toEqual(['bob']));
  });

  it('delivers nothing late: what an ended connection still brings changes nothing', async () => {
    const a = await installation.start({
      url: installation.proxy.url,
      leaseMs: FOR_EVER_MS,
      heartbeatMs: FOR_EVER_MS / 3,
    });
    const b = await installation.start();
    await a.hold('online', 'alice');
    installation.proxy.stall();
    void a.hold('online', 'bob');
    const released = a.release('online', 'alice');
    await isAway(a);
    await released;
    await a.release('online', 'bob');
    await a.hold('online', 'alice');
    await isBack(a);
    await eventually(async () => expect(await membersOf(b)).toEqual(['alice']));
    await installation.proxy.deliverStalled();
    expect(await membersOf(b)).toEqual(['alice']);
  });
});

describe('a Redis that stands still for longer than a lease', () => {
  it('has nobody told to be gone', async () => {
    const lease = { leaseMs: 1_500 };
    const late = await installation.start({ ...lease, url: installation.proxy.url });
    const nodes = [await installation.start(lease), await installation.start(lease), late];
    for (const [i, node] of nodes.entries()) await node.hold('online', `user:${i}`);
    await installation.heartbeats(12);
    process.kill(installation.redis.pid, 'SIGSTOP');
    await Promise.all(nodes.map(isAway));
    // The others are back first, and find this one's lease over.
    installation.proxy.delayMs = 250;
    process.kill(installation.redis.pid, 'SIGCONT');
    await Promise.all(nodes.map(isBack));
    await installation.heartbeats(12);
    expect(namesOf(...nodes)).toEqual([]);
    expect(await membersOf(late)).toEqual(['user:0', 'user:1', 'user:2']);
    await eventually(() => installation.expectTidy(3));
  });
});

describe('a Redis that refuses', () => {
  it('is told again what it refused', async () => {
    const [a, b] = [
      await installation.start({ heartbeatMs: FOR_EVER_MS, leaseMs: 3 * FOR_EVER_MS }),
      await installation.start(),
    ];
    await installation.raw.config('SET', 'maxmemory', '1');
    expect(await a.hold('online', 'alice')).toBe(false);
    await installation.raw.config('SET', 'maxmemory', '0');
    await eventually(async () => expect(await membersOf(b)).toEqual(['alice']));
  });
});
