import { randomUUID } from 'node:crypto';
import { parsePairKey } from '../../runtime/pair-key';
import type { PresenceScripts } from './presence.scripts';
import type { LostMember } from './presence.store';

/** The largest number of entries in one step. More would block Redis when a big node dies. */
const ENTRIES_PER_STEP = 500;

export interface PresenceReaperOptions {
  scripts: PresenceScripts;
  keyPrefix: string;
  /** Time after which a claim that was not prolonged lapses: another node can take it then. */
  claimMs: number;
  /** Time after a loss of Redis' memory in which nothing is ended or reported. */
  quietMs: number;
  /** Called with the members that ended, in portions. */
  onLost: (lost: LostMember[]) => void;
}

/**
 * Ends what dead and departed nodes held. Any node may do this. A claim makes sure that only one
 * node at a time ends the entries of one holder (see `presence.scripts.ts`). If the claiming node
 * dies, its claim lapses, and another node continues. It reports the ends of the last step again,
 * because they may not have been reported.
 */
export class PresenceReaper {
  private readonly id = randomUUID();

  constructor(private readonly options: PresenceReaperOptions) {}

  /**
   * Ends everything that is due, then reports the untold ends, which no node has reported yet.
   * Rejects when Redis fails; the rest stays due for a later sweep.
   */
  async sweep(): Promise<void> {
    const { scripts, keyPrefix, claimMs, quietMs } = this.options;
    for (;;) {
      const claimed = await scripts.presenceClaim(keyPrefix, quietMs, claimMs);
      if (!claimed) break;
      await this.endHolder(...claimed, this.options.onLost);
    }
    await this.reportUntold();
  }

  /**
   * Ends all entries of a holder, step by step, and calls `tell` with the members that ended.
   * Returns early when another node has the claim.
   */
  async endHolder(
    holder: string,
    claim: number,
    tell: (lost: LostMember[]) => void,
  ): Promise<void> {
    const { scripts, keyPrefix, claimMs } = this.options;
    let current = claim;
    let told: string[] = [];
    for (;;) {
      const step = await scripts.presenceEnd(
        keyPrefix,
        holder,
        current,
        claimMs,
        ENTRIES_PER_STEP,
        ...told,
      );
      if (!step) return;
      const [prolonged, seenAtMs, ended] = step;
      if (ended.length > 0) tell(ended.map((entry) => toLost(entry, seenAtMs)));
      current = prolonged;
      told = ended;
    }
  }

  private async reportUntold(): Promise<void> {
    const { scripts, keyPrefix, claimMs, quietMs, onLost } = this.options;
    let told: string[] = [];
    do {
      told = await scripts.presenceTellUntold(
        keyPrefix,
        this.id,
        claimMs,
        quietMs,
        ENTRIES_PER_STEP,
        ...told,
      );
      const lost: LostMember[] = [];
      for (let i = 0; i < told.length; i += 2) lost.push(toLost(told[i]!, Number(told[i + 1])));
      if (lost.length > 0) onLost(lost);
    } while (told.length > 0);
  }
}

function toLost(entry: string, endedAtMs: number): LostMember {
  const [set, member] = parsePairKey(entry);
  return { set, member, at: new Date(endedAtMs) };
}
