import type { DataSource, QueryRunner } from 'typeorm';
import type { Logger } from '../logger';

/** Key of the advisory lock whose holder is the only node that uses the database. */
const SOLE_NODE_LOCK = 7_041_776_002;
const CHECK_INTERVAL_MS = 2_000;

/**
 * The advisory lock by which one node has the database alone. The lock belongs to a session, so it
 * keeps one connection of the pool.
 *
 * Every 2 s the node checks that the session still exists. When it is lost, as by a restart of the
 * server, the node acquires the lock again. When another node has acquired it first, `lost`
 * resolves.
 */
export class SoleNodeLock {
  /** Resolves when another node has acquired the lock. This node must stop then. Never rejects. */
  readonly lost: Promise<void>;
  private readonly lose: () => void;
  private readonly checking: NodeJS.Timeout;
  private busy = false;

  private constructor(
    private readonly dataSource: DataSource,
    private readonly logger: Logger,
    private runner: QueryRunner,
  ) {
    let lose = () => {};
    this.lost = new Promise((resolve) => {
      lose = resolve;
    });
    this.lose = lose;
    this.checking = setInterval(() => void this.check(), CHECK_INTERVAL_MS).unref();
  }

  /**
   * Acquires the lock without waiting for it.
   *
   * @returns null when another node has the lock
   * @throws the driver's error when the database is away
   */
  static async acquire(dataSource: DataSource, logger: Logger): Promise<SoleNodeLock | null> {
    const runner = await tryLock(dataSource);
    return runner && new SoleNodeLock(dataSource, logger, runner);
  }

  /** Gives the lock up for another node, and returns the connection to the pool. */
  async release(): Promise<void> {
    clearInterval(this.checking);
    if (this.runner.isReleased) return;
    await this.runner.query('select pg_advisory_unlock($1)', [SOLE_NODE_LOCK]);
    await this.runner.release();
  }

  private async check(): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      if (!(await this.isHeld())) await this.acquireAgain();
    } catch (error) {
      // The database cannot be reached, so no other node can acquire the lock either.
      this.logger.warn({ err: error }, 'claim on the database not checked');
    } finally {
      this.busy = false;
    }
  }

  private async isHeld(): Promise<boolean> {
    if (this.runner.isReleased) return false;
    return this.runner.query('select 1').then(
      () => true,
      () => false,
    );
  }

  private async acquireAgain(): Promise<void> {
    if (!this.runner.isReleased) await this.runner.release();
    const runner = await tryLock(this.dataSource);
    if (runner) {
      this.runner = runner;
      return;
    }
    clearInterval(this.checking);
    this.logger.fatal('another node has taken the database');
    this.lose();
  }
}

async function tryLock(dataSource: DataSource): Promise<QueryRunner | null> {
  const runner = dataSource.createQueryRunner();
  const [row] = await runner.query('select pg_try_advisory_lock($1) as claimed', [SOLE_NODE_LOCK]);
  if (row.claimed) return runner;
  await runner.release();
  return null;
}
