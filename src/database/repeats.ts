/**
 * Decides when work on a session of the database is run again on another one.
 *
 * - A connection is lost. A read is repeated at once on another one, up to three times within a
 *   second. The server may have ended many connections together, and this process may not have read
 *   that yet. So the first repeat waits until it has read what has arrived, and the later ones
 *   demand a connection that was opened after the loss. A transaction is repeated in the same way
 *   when the loss came before its commit was sent, because nothing was written then. A write that
 *   may have been committed is never repeated.
 * - A read is not answered for 3 s. Then it runs on another connection as well, and the first
 *   answer counts. So a connection that went without a word delays the reads that met it, and fails
 *   none.
 */
import { UnavailableError } from '../errors';
import { isLostConnection } from './failures';

/** The largest number of repeats. */
const REPEATS = 3;
/** The time after the first loss within which work is repeated. */
const REPEAT_WINDOW_MS = 1_000;

/**
 * The time without an answer after which a read also runs on another session. It is longer than a
 * read waits for a session, so it is hardly ever the pool that is slow.
 */
const SILENCE_MS = 3_000;
/**
 * The largest number of such reads at a time. A connection without a word has one read at most, and
 * a database that is slow as a whole must not get twice the work.
 */
const MAX_SECOND_READS = 2;

/**
 * Runs work, and repeats it while its connection is lost, unless it may have been committed.
 *
 * @param run gets the number from which on sessions will do
 * @param newer returns the number of the next session that will be opened
 */
export async function repeating<T>(
  run: (from: number) => Promise<T>,
  newer: () => number,
): Promise<T> {
  let from = 0;
  let lostAtMs = 0;
  for (let repeats = 0; ; repeats++) {
    try {
      return await run(from);
    } catch (error) {
      const nowMs = performance.now();
      if (repeats === 0) lostAtMs = nowMs;
      if (isUnknown(error) || !isLostConnection(error) || repeats === REPEATS) throw error;
      if (nowMs - lostAtMs > REPEAT_WINDOW_MS) throw error;
      if (repeats === 0) await new Promise(setImmediate);
      else from = newer();
    }
  }
}

/** Runs reads a second time when they are not answered. */
export class SecondReads {
  /** The second reads that are under way. */
  private underWay = 0;

  /**
   * Runs a read, and runs it again beside itself when it is silent for too long.
   *
   * @returns the first answer; when both fail, the first one's error
   */
  async run<T>(read: () => Promise<T>): Promise<T> {
    const first = read();
    const isSilent = await silenceOf(first);
    if (!isSilent || this.underWay >= MAX_SECOND_READS) return first;
    this.underWay++;
    const second = read().finally(() => {
      this.underWay--;
    });
    return Promise.any([first, second]).catch(() => first);
  }
}

/** True when the answer to a commit was lost. */
function isUnknown(error: unknown): boolean {
  return error instanceof UnavailableError && error.extensions.outcome === 'UNKNOWN';
}

/** Resolves when the read has settled, or with true when that takes more than 3 s. */
function silenceOf(read: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), SILENCE_MS);
    const settled = () => {
      clearTimeout(timer);
      resolve(false);
    };
    read.then(settled, settled);
  });
}
