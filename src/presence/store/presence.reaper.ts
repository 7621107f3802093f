import { parsePairKey } from '../../runtime/pair-key';
import type { PresenceScripts } from './presence.scripts';
import type { LostMember } from './presence.store';

/** So many entries are ended in one step, lest a big node's death block Redis. */
const ENTRIES_PER_STEP = 500;

export interface PresenceReaperOptions {
  scripts: PresenceScripts;
  keyPrefix: string;
  /** A claim that was not prolonged for this long is free for another node. */
  claimMs: number;
  /** Nothing is ended for this long after Redis lost its memory. */
  quietMs: number;
  /** Told of what ended, in portions. */
  onLost: (lost: LostMember[]) => void;
}

/**
 * Ends what dead and departed nodes held. Any node may do it; a claim makes it one. The claim lapses, so
 * that when the claimer dies another goes on: with what was ended but perhaps not told, first of all.
 */
export class PresenceReaper {
  constructor(private readonly options: PresenceReaperOptions) {}

  /** Ends everything that is due. Rejects when Redis fails; whatever is left is due later. */
  async sweep(): Promise<void> {
    const { scripts, keyPrefix, claimMs, quietMs } = this.options;
    for (;;) {
      const claimed = await scripts.presenceClaim(keyPrefix, quietMs, claimMs);
      if (!claimed) break;
      await this.endHolder(...claimed, this.options.onLost);
    }
    await this.reportUntold();
  }

  /** Ends all that a holder has, step by step. */
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
    const { scripts, keyPrefix, quietMs, onLost } = this.options;
    for (;;) {
      const flat = await scripts.presenceTakeUntold(keyPrefix, quietMs, ENTRIES_PER_STEP);
      if (flat.length === 0) return;
      const lost: LostMember[] = [];
      for (let i = 0; i < flat.length; i += 2) lost.push(toLost(flat[i]!, Number(flat[i + 1])));
      onLost(lost);
    }
  }
}

function toLost(entry: string, endedAtMs: number): LostMember {
  const [set, member] = parsePairKey(entry);
  return { set, member, at: new Date(endedAtMs) };
}
