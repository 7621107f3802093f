import { eventually } from '../support/eventually';
import {
  FOR_EVER_MS,
  isAway,
  isBack,
  membersOf,
  namesOf,
  PresenceInstallation,
  type PresenceNode,
} from '../support/presence-nodes';

const installation = new PresenceInstallation();

/** Redis is killed and started again, empty; both nodes went through it. */
async function loseMemory(...nodes: PresenceNode[]): Promise<void> {
  await installation.redis.kill();
  await Promise.all(nodes.map(isAway));
  await installation.redis.start();
  await Promise.all(nodes.map(isBack));
}

describe('a Redis that lost its memory', () => {
  it('is told again what every node holds, and nobody is told that it was the first', async () => {
    const [a, b] = [await installation.start(), await installation.start()];
    const users = Array.from({ length: 1_200 }, (_, i) => `user:${i}`).sort();
    await Promise.all(users.map((user) => a.hold('online', user)));
    await b.hold('online', 'bob');
    await a.hold('viewing:1', 'user 1');
    await loseMemory(a, b);
    for (const node of [a, b]) {
      expect(await membersOf(node)).toEqual(['bob', ...users]);
      expect(await membersOf(node, 'viewing:1')).toEqual(['user 1']);
    }
    expect([await a.hold('online', 'bob'), await b.hold('online', 'user:1')]).toEqual([
      false,
      false,
    ]);
    await eventually(() => installation.expectTidy(2));
    const { logbook } = installation;
    expect([logbook.about('away').length, logbook.about('back').length]).toEqual([2, 2]);
  });

  it('has nobody told that somebody is gone, for a while, whether they left or their node died', async () => {
    const quiet = { quietMs: FOR_EVER_MS };
    const [a, b, dying] = [
      await installation.start(quiet),
      await installation.start(quiet),
      await installation.start(quiet),
    ];
    await a.hold('online', 'alice');
    await dying.hold('online', 'carol');
    await loseMemory(a, b, dying);
    expect(await a.release('online', 'alice')).toBe(false);
    expect(await membersOf(b)).toEqual(['carol']);
    await dying.stop();
    // Long over, and yet nobody took it up.
    await eventually(async () => {
      const [, until] = await installation.raw.zrange(
        `${installation.prefix}nodes`,
        0,
        0,
        'WITHSCORES',
      );
      expect(Number(until)).toBeLessThan((await installation.now()) - 1_000);
    });
    expect(namesOf(a, b)).toEqual([]);
    expect(await membersOf(a)).toEqual(['carol']);
  });

  it('has them told once that while is over', async () => {
    const short = { quietMs: 2_000 };
    const [a, b] = [await installation.start(short), await installation.start(short)];
    await a.hold('online', 'alice');
    await a.hold('online', 'bob');
    await loseMemory(a, b);
    const earliest = await installation.now();
    const answers = [await a.release('online', 'alice'), await a.release('online', 'bob')];
    const latest = await installation.now();
    expect(answers).toEqual([false, false]);
    expect(await b.hold('online', 'bob')).toBe(true);
    await eventually(() => expect(namesOf(a, b)).toEqual(['online alice']));
    const at = [...a.lost, ...b.lost][0]!.at.getTime();
    expect(at >= earliest && at <= latest).toBe(true);
    await installation.heartbeats(4);
    expect(namesOf(a, b)).toEqual(['online alice']);
  });

  it('in part, as it was restored from a snapshot, is brought to what the nodes hold', async () => {
    const short = { quietMs: 5_000 };
    const [a, b] = [
      await installation.start(short),
      await installation.start({ ...short, url: installation.proxy.url }),
    ];
    await a.hold('online', 'alice');
    await b.hold('online', 'bob');
    await installation.raw.save();
    // So that all leases in the snapshot are over when it is restored.
    await installation.heartbeats(6);
    expect(await a.release('online', 'alice')).toBe(true);
    await a.hold('online', 'carol');
    // One node is the first to be back, and finds the other one dead.
    installation.proxy.delayMs = 250;
    await loseMemory(a, b);
    installation.proxy.delayMs = 0;
    expect(await a.release('online', 'carol')).toBe(false);
    await eventually(async () => expect(await membersOf(b)).toEqual(['bob']));
    await eventually(() => expect(namesOf(a, b)).toEqual(['online alice', 'online carol']));
    await installation.heartbeats(4);
    expect(namesOf(a, b)).toEqual(['online alice', 'online carol']);
    await installation.raw.flushall();
    await installation.raw.save();
  });

  it('is not taken for one that is new', async () => {
    const a = await installation.start({ quietMs: FOR_EVER_MS });
    await a.hold('online', 'alice');
    expect(await a.release('online', 'alice')).toBe(true);
  });

  it('is noticed too when no connection ended', async () => {
    const a = await installation.start({ quietMs: FOR_EVER_MS });
    await a.hold('online', 'alice');
    await installation.raw.flushall();
    await eventually(async () => expect(await membersOf(a)).toEqual(['alice']));
    expect(await a.release('online', 'alice')).toBe(false);
  });
});
