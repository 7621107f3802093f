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
const QUIET_MS = 1_500;

describe('an end that no release could tell', () => {
  it('is told when the member was released before the node had registered again', async () => {
    // Its heartbeat is far off, so it finds out by the release.
    const options = { quietMs: QUIET_MS, leaseMs: 3 * FOR_EVER_MS, heartbeatMs: FOR_EVER_MS };
    const a = await installation.start(options);
    const b = await installation.start({ quietMs: QUIET_MS });
    await a.hold('online', 'alice');
    await a.hold('online', 'bob');
    await installation.raw.flushall();
    expect(await a.release('online', 'alice')).toBe(false);
    await eventually(async () => expect(await membersOf(b)).toEqual(['bob']));
    await eventually(() => expect(namesOf(a, b)).toEqual(['online alice']));
  });

  it('is told when Redis lost its memory while the member was released', async () => {
    const options = { quietMs: QUIET_MS };
    const [a, b] = [await installation.start(options), await installation.start(options)];
    for (const name of ['alice', 'bob', 'carol']) await a.hold('online', name);
    await b.hold('online', 'carol');
    await installation.redis.kill();
    await Promise.all([a, b].map(isAway));
    for (const name of ['alice', 'carol']) expect(await a.release('online', name)).toBe(false);
    await a.hold('online', 'dora');
    expect(await a.release('online', 'dora')).toBe(false);
    await installation.redis.start();
    await Promise.all([a, b].map(isBack));
    await eventually(() => expect(namesOf(a, b)).toEqual(['online alice', 'online dora']));
    expect(await membersOf(b)).toEqual(['bob', 'carol']);
    await installation.heartbeats(4);
    expect(namesOf(a, b)).toEqual(['online alice', 'online dora']);
  });

  it('is told when the answer to the release was lost', async () => {
    const a = await installation.start({ url: installation.proxy.url });
    const b = await installation.start();
    await a.hold('online', 'alice');
    installation.proxy.stall();
    const released = a.release('online', 'alice');
    await eventually(() => expect(installation.proxy.holds('alice')).toBe(true));
    await installation.proxy.deliverStalled();
    expect(await membersOf(b)).toEqual([]);
    expect(await released).toBe(false);
    await isBack(a);
    await eventually(() => expect(namesOf(a, b)).toEqual(['online alice']));
    await installation.heartbeats(4);
    expect(namesOf(a, b)).toEqual(['online alice']);
  });

  it('is told by another node when the one that should tell it dies with it', async () => {
    const short = { quietMs: QUIET_MS };
    const [a, dying] = [
      await installation.start({ ...short, heartbeatMs: 2 * HEARTBEAT_MS }),
      await installation.start({ ...short, url: installation.proxy.url }),
    ];
    dying.onLost(() => {
      installation.proxy.cut();
      installation.proxy.refuses = true;
    });
    // As a node lists it that could not tell it.
    for (let round = 0; dying.lost.length === 0; round++) {
      await installation.raw.zadd(
        `${installation.prefix}untold`,
        1_000 + round,
        `online u${round}`,
      );
      await eventually(() => expect(a.lost.length + dying.lost.length).toBeGreaterThan(round));
    }
    const [lost] = dying.lost;
    await eventually(() => expect(a.lost).toContainEqual(lost));
    await eventually(() => installation.expectTidy(1));
  });

  it('is told once, however many nodes look for it', async () => {
    const nodes = await Promise.all(Array.from({ length: 4 }, () => installation.start()));
    const ends = Array.from({ length: 1_200 }, (_, at) => `online user ${at}`).sort();
    await installation.raw.zadd(
      `${installation.prefix}untold`,
      ...ends.flatMap((end, at) => [1_000 + at, end]),
    );
    await eventually(() => expect(namesOf(...nodes)).toEqual(ends));
    await installation.heartbeats(4);
    expect(namesOf(...nodes)).toEqual(ends);
    expect(nodes[0]!.lost.every(({ at }) => at.getTime() < 3_000)).toBe(true);
  });
});
