import type { Transactions } from '../database/transaction';

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
   * Reads the epoch, after it has noted the database's timeline.
   *
   * @param isLossless true when a failover loses no commit, so that a new timeline changes nothing
   * @throws {UnavailableError} when the database is away
   */
  static async open(transactions: Transactions, isLossless: boolean): Promise<LogEpoch> {
    const epoch = new LogEpoch(transactions, isLossless, '');
    epoch.current = await epoch.noteTimeline();
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
