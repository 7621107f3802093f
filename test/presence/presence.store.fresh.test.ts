import { MemoryPresenceStore } from '../../src/presence/store/presence.store.memory';
import { eventually } from '../support/eventually';
import { FOR_EVER_MS, isAway, isBack, PresenceInstallation } from '../support/presence-nodes';

const installation = new PresenceInstallation();
const SET = 'typing:a b%';

describe('fresh members', () => {
  it('are those that are held and were refreshed, on any node, for as long as was said', async () => {
    const [a, b] = [await installation.start(), await installation.start()];
    for (const name of ['alice', 'bob x', 'carol']) await a.hold(SET, name);
    await a.refresh(SET, 'alice', FOR_EVER_MS);
    await a.refresh(SET, 'bob x', FOR_EVER_MS);
    await a.refresh(SET, 'nobody', FOR_EVER_MS);
    const fresh = (await b.fresh(SET))!;
    expect([...fresh.keys()].sort()).toEqual(['alice', 'bob x']);
    for (const leftMs of fresh.values()) {
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(FOR_EVER_MS);
    }
    await a.refresh(SET, 'bob x', 200);
    await eventually(async () => expect([...(await b.fresh(SET))!.keys()]).toEqual(['alice']));
    await a.release(SET, 'alice');
    expect(await b.fresh(SET)).toEqual(new Map());
    expect(await b.members([SET])).toEqual([expect.arrayContaining(['bob x', 'carol'])]);
    // Nothing remains in Redis of what is over.
    await installation.raw.del(...(await installation.raw.keys(`${installation.prefix}fresh:*`)));
    await a.refresh(SET, 'carol', 200);
    await eventually(async () =>
      expect(await installation.raw.keys(`${installation.prefix}fresh:*`)).toEqual([]),
    );
  });

  it('are not known while only this node is', async () => {
    const alone = new MemoryPresenceStore();
    await alone.hold(SET, 'alice');
    expect(await alone.fresh()).toBeNull();
    const a = await installation.start({ url: installation.proxy.url });
    await a.hold(SET, 'alice');
    installation.proxy.refuses = true;
    installation.proxy.cut();
    await isAway(a);
    await a.refresh(SET, 'alice', FOR_EVER_MS);
    expect(await a.fresh(SET)).toBeNull();
    installation.proxy.refuses = false;
    await isBack(a);
    await a.refresh(SET, 'alice', FOR_EVER_MS);
    expect([...(await a.fresh(SET))!.keys()]).toEqual(['alice']);
  });
});

describe('the quiet time', () => {
  it('is known to every node, after each has heard of the loss, and ends', async () => {
    const options = { quietMs: 1_500 };
    const nodes = [await installation.start(options), await installation.start(options)];
    const heard = nodes.map(() => 0);
    for (const [at, node] of nodes.entries()) node.onUncertain(() => heard[at]!++);
    expect(nodes.map(({ quietForMs }) => quietForMs)).toEqual([0, 0]);
    await installation.raw.flushall();
    for (const [at, node] of nodes.entries()) {
      await eventually(() => expect(heard[at]).toBeGreaterThan(0));
      await eventually(() => expect(node.quietForMs).toBe(0));
    }
    // A node that comes later hears of it as well, while it lasts.
    const late = await installation.start({ quietMs: FOR_EVER_MS });
    expect(late.quietForMs).toBeGreaterThan(0);
  });
});
