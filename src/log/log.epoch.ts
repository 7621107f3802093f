import type { Transactions } from '../database/transaction';

/** The epoch in the database; and true when no node has noted the present timeline yet. */
export interface EpochSeen {
  epoch: string;
  isNewTimeline: boolean;
}

/** The select list of {@link EpochSeen}, from `installation`. A standby has no new timeline. */
export const EPOCH_SEEN = `log_epoch as epoch,
  timeline is distinct from coalesce(current_timeline(), timeline) as "isNewTimeline"`;

/**
 * The epoch of all logs, as this node tells it to its clients. Positions of one epoch mean nothing
 * in another.
 *
 * The epoch changes when the logs may be in an earlier state: by `npm run new-epoch` after a
 * restore, and by itself when the database is on a new timeline. A standby that is promoted begins
 * one, and may lack the last commits. The sequences of those are then given to other events, which
 * no comparison of sequences can tell from the lost ones.
 */
export class LogEpoch {
  private constructor(
    private readonly transactions: Transactions,
    private readonly isLossless: boolean,
    /** The epoch that is told to new connections. */
    public current: string,
  ) {}

  /**
   * Reads the epoch, and first notes a new timeline. On the timeline that is noted, it writes
   * nothing, so a node can start where it may only read.
   *
   * @param isLossless true when a failover loses no commit, so that a new timeline changes nothing
   * @throws {UnavailableError} when the database is away
   */
  static async open(transactions: Transactions, isLossless: boolean): Promise<LogEpoch> {
    const [seen] = await transactions.statement<EpochSeen>(
      `select ${EPOCH_SEEN} from installation`,
      [],
    );
    const epoch = new LogEpoch(transactions, isLossless, seen!.epoch);
    if (seen!.isNewTimeline) epoch.current = await epoch.noteTimeline();
    return epoch;
  }

  /**
   * Notes the database's present timeline. Of several nodes that see a new one, the first changes
   * the epoch.
   *
   * @returns the epoch in the database
   */
  async noteTimeline(): Promise<string> {
    const [row] = await this.transactions.statement<{ epoch: string }>(
      'select note_timeline($1) as epoch',
      [!this.isLossless],
    );
    return row!.epoch;
  }
}
