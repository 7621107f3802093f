import type { DataSource, QueryRunner } from 'typeorm';
import type { Logger } from '../logger';

/** Key of the advisory lock that says: one node alone uses this database. */
const SOLE_NODE_LOCK = 7_041_776_002;
const CHECK_INTERVAL_MS = 2_000;

/**
 * One node's claim to have the database alone: an advisory lock, and so a session, that is kept.
 * When the session is lost, as by a restart of the server, the claim is made again; when another
 * node was faster, `lost` resolves.
 */
export class SoleNodeLock {
  /** Resolves when another node has the database: this one must stop. */
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

  /** @returns null when another node has the database */
  static async acquire(dataSource: DataSource, logger: Logger): Promise<SoleNodeLock | null> {
    const runner = await tryLock(dataSource);
    return runner && new SoleNodeLock(dataSource, logger, runner);
  }

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
      // The database is away altogether; nobody else has it either.
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
