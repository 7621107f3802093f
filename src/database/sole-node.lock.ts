/**
 * The advisory lock by which one node has the database alone. The lock belongs to a session, so it
 * keeps one session of the pool.
 *
 * Every 2 s the node checks that the session still exists, and acquires the lock again when it does
 * not, as after a restart of the server. When another node has acquired it first, `lost` resolves.
 *
 * - An answer that is an error says that the session exists, and so does the lock.
 * - A connection that went without a word is given up after 12 s. The server may go on to hold its
 *   session, and so the lock, against the node itself. A session of this node is told from another
 *   node's by its process id and its start, and is terminated.
 * - After a failover the session may be at a server that has become read-only, where the lock is
 *   worth nothing. It is acquired again as soon as a write has found that out (`sessions.ts`).
 */
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { Logger } from '../logger';
import { endsSession } from './failures';
import { type Sessions, sessionsOf } from './sessions';
import { rowsOf } from './statements';

/** Key of the advisory lock whose holder is the only node that uses the database. */
const SOLE_NODE_LOCK = 7_041_776_002;
const CHECK_INTERVAL_MS = 2_000;

/** A session as the server knows it. A process id is used again, but not with the same start. */
interface SessionIdentity {
  pid: number;
  startedAt: string;
}

/** The session that has the lock. */
interface Holder extends SessionIdentity {
  client: PoolClient;
}

const CLAIM = `select pg_try_advisory_lock($1) as claimed, pid, backend_start::text as "startedAt"
  from pg_stat_activity where pid = pg_backend_pid()`;
/** Waits up to 5 s for the session's end. */
const TERMINATE = `select pg_terminate_backend(pid, 5000) from pg_stat_activity
  where pid = $1 and backend_start::text = $2`;

export class SoleNodeLock {
  /** Resolves when another node has acquired the lock. This node must stop then. Never rejects. */
  readonly lost: Promise<void>;
  private readonly lose: () => void;
  private readonly timer: NodeJS.Timeout;
  private checking: Promise<void> | null = null;
  /** null while the lock has to be acquired again. */
  private holder: Holder | null;
  /** The session that has or had the lock. */
  private latest: SessionIdentity;

  private constructor(
    private readonly sessions: Sessions,
    private readonly logger: Logger,
    holder: Holder,
  ) {
    this.holder = holder;
    this.latest = holder;
    let lose = () => {};
    this.lost = new Promise((resolve) => {
      lose = resolve;
    });
    this.lose = lose;
    this.timer = setInterval(() => {
      this.checking ??= this.check().finally(() => {
        this.checking = null;
      });
    }, CHECK_INTERVAL_MS).unref();
  }

  /**
   * Acquires the lock without waiting for it.
   *
   * @returns null when another node has the lock
   * @throws the driver's error when the database is away
   */
  static async acquire(dataSource: DataSource, logger: Logger): Promise<SoleNodeLock | null> {
    const sessions = sessionsOf(dataSource);
    const holder = await claim(sessions, null);
    return holder && new SoleNodeLock(sessions, logger, holder);
  }

  /** Gives the lock up for another node, and returns the session to the pool. */
  async release(): Promise<void> {
    clearInterval(this.timer);
    await this.checking;
    const { holder } = this;
    this.holder = null;
    if (!holder) return;
    let isReleased = false;
    try {
      await rowsOf(holder.client, 'select pg_advisory_unlock($1)', [SOLE_NODE_LOCK]);
      isReleased = true;
    } finally {
      this.sessions.giveBack(holder.client, !isReleased);
    }
  }

  /** Never rejects. */
  private async check(): Promise<void> {
    try {
      if (!(await this.isHeld())) await this.acquireAgain();
    } catch (error) {
      // The database cannot be reached, so no other node can acquire the lock either.
      this.logger.warn({ err: error }, 'claim on the database not checked');
    }
  }

  private async isHeld(): Promise<boolean> {
    if (!this.holder || this.sessions.isOutdated(this.holder.client)) return false;
    try {
      await rowsOf(this.holder.client, 'select 1');
      return true;
    } catch (error) {
      if (endsSession(error)) return false;
      throw error;
    }
  }

  private async acquireAgain(): Promise<void> {
    if (this.holder) this.sessions.giveBack(this.holder.client, true);
    this.holder = null;
    const holder = await claim(this.sessions, this.latest);
    if (holder) {
      this.holder = holder;
      this.latest = holder;
      return;
    }
    clearInterval(this.timer);
    this.logger.fatal('another node has taken the database');
    this.lose();
  }
}

/**
 * Tries to acquire the lock on a session of the pool.
 *
 * @param former the session of this node that had the lock, and may still have it
 * @returns null when another node has the lock
 */
async function claim(sessions: Sessions, former: SessionIdentity | null): Promise<Holder | null> {
  const client = await sessions.borrow();
  try {
    let row = await tryLock(client);
    if (!row.claimed && former) {
      await rowsOf(client, TERMINATE, [former.pid, former.startedAt]);
      row = await tryLock(client);
    }
    if (row.claimed) return { client, pid: row.pid, startedAt: row.startedAt };
  } catch (error) {
    // The lock may have been acquired, so the session must end.
    sessions.giveBack(client, true);
    throw error;
  }
  sessions.giveBack(client, false);
  return null;
}

async function tryLock(client: PoolClient): Promise<SessionIdentity & { claimed: boolean }> {
  const [row] = await rowsOf<SessionIdentity & { claimed: boolean }>(client, CLAIM, [
    SOLE_NODE_LOCK,
  ]);
  return row!;
}
