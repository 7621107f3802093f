import { PresenceReaper } from '../../src/presence/store/presence.reaper';
import {
  type PresenceScripts,
  withPresenceScripts,
} from '../../src/presence/store/presence.scripts';
import type { LostMember } from '../../src/presence/store/presence.store';
import { eventually } from '../support/eventually';
import { FOR_EVER_MS, PresenceInstallation } from '../support/presence-nodes';

const QUIET_MS = 0;
const USERS = Array.from({ length: 1_700 }, (_, i) => `user:${i}`).sort();

const installation = new PresenceInstallation();
let scripts: PresenceScripts;

beforeAll(() => {
  scripts = withPresenceScripts(installation.raw);
});

function createReaper(claimMs: number) {
  const told: string[] = [];
  const onLost = (lost: LostMember[]) => told.push(...lost.map(({ member }) => member));
  const reaper = new PresenceReaper({
    scripts,
    keyPrefix: installation.prefix,
    claimMs,
    quietMs: QUIET_MS,
    onLost,
  });
  return { reaper, told };
}

/** A node that died with all users online. It is not yet due: its lease has to lapse. */
beforeEach(async () => {
  // It never sweeps itself, nor lives long.
  const node = await installation.start({ leaseMs: 500, heartbeatMs: FOR_EVER_MS });
  await Promise.all(USERS.map((user) => node.hold('online', user)));
  await node.stop();
});

/** As one that is about to end the dead node's entries, once they are due. */
function claim(claimMs: number): Promise<[holder: string, claim: number]> {
  return eventually(async () => {
    const claimed = await scripts.presenceClaim(installation.prefix, QUIET_MS, claimMs);
    if (!claimed) throw new Error('not due');
    return claimed;
  });
}

describe('reapers', () => {
  it('that race tell each entry once', async () => {
    const reapers = Array.from({ length: 5 }, () => createReaper(FOR_EVER_MS));
    await eventually(async () => {
      await Promise.all(reapers.map(({ reaper }) => reaper.sweep()));
      expect(reapers.flatMap(({ told }) => told).sort()).toEqual(USERS);
    });
    expect(reapers.filter(({ told }) => told.length > 0)).toHaveLength(1);
  });

  it('take over from one that died with a claim', async () => {
    await claim(1);
    const { reaper, told } = createReaper(FOR_EVER_MS);
    await eventually(async () => {
      await reaper.sweep();
      expect(told.sort()).toEqual(USERS);
    });
  });

  it('take over from one that died before it could tell what it had ended', async () => {
    const [holder, claimed] = await claim(FOR_EVER_MS);
    const step = await scripts.presenceEnd(installation.prefix, holder, claimed, 1, 500);
    expect(step![2]).toHaveLength(500);
    const { reaper, told } = createReaper(FOR_EVER_MS);
    await eventually(async () => {
      await reaper.sweep();
      expect(told.sort()).toEqual(USERS);
    });
  });

  it('go no further once another has taken over', async () => {
    const [holder, first] = await claim(1);
    const [sameHolder, second] = await claim(FOR_EVER_MS);
    expect(sameHolder).toBe(holder);
    expect(
      await scripts.presenceEnd(installation.prefix, holder, first, FOR_EVER_MS, 500),
    ).toBeNull();
    const step = await scripts.presenceEnd(installation.prefix, holder, second, FOR_EVER_MS, 500);
    expect(step![2]).toHaveLength(500);
  });
});
