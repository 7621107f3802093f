/** The longest time between two attempts, its random part included. */
export const MAX_WAIT_MS = 30_000;
/** The wait after a close, and after a refusal that names none. */
export const FIRST_WAIT_MS = 1_000;
/** The longest `retryAfterMs` that is believed; a longer timer would not keep its time. */
const MAX_RETRY_AFTER_MS = 3_600_000;

/**
 * The close codes after which the same attempt would end the same way: the request, the
 * credentials or the client itself must change first.
 */
const FINAL_CODES: readonly unknown[] = [
  1003, 1007, 1008, 1009, 1010, 4004, 4005, 4400, 4401, 4406, 4409, 4429,
];
/** The codes of refusals that pass by themselves. */
const PASSING_CODES: readonly unknown[] = ['UNAVAILABLE', 'RATE_LIMITED'];

/** Returns true for a refusal, by its `extensions.code`, that is worth requesting again. */
export function isPassing(code: unknown): boolean {
  return PASSING_CODES.includes(code);
}

/**
 * Returns true for the end of a connection after which another one may succeed: the event of a
 * close whose code is not final, or the error event of a socket. Errors of other kinds are false.
 */
export function isRetriableClose(problem: unknown): boolean {
  if (typeof problem !== 'object' || problem === null) return false;
  if ('code' in problem && 'reason' in problem) return !FINAL_CODES.includes(problem.code);
  return 'type' in problem && problem.type === 'error';
}

/**
 * Computes the time to wait before something is requested again. It is at least `leastMs`. It
 * doubles with each refusal, and has a random part of up to the same length, so that clients do not
 * all come back at once. Unless `leastMs` is longer, it is never more than 30 s.
 *
 * @param refusals the number of refusals in a row before this one
 */
export function backOffMs(refusals: number, leastMs: number): number {
  const most = Math.max(leastMs, MAX_WAIT_MS / 2);
  return Math.min(leastMs * 2 ** refusals, most) * (1 + Math.random());
}

/** Returns the wait that a server names, or the first one when it names none that makes sense. */
export function leastWaitMs(retryAfterMs: unknown): number {
  const isWait = typeof retryAfterMs === 'number' && retryAfterMs > 0;
  return isWait ? Math.min(retryAfterMs, MAX_RETRY_AFTER_MS) : FIRST_WAIT_MS;
}

/**
 * Counts the refusals in a row of one thing that is requested again and again. Refusals are in a
 * row while nothing came in between, and what was requested did not stand for 30 s.
 */
export class BackOff {
  private refusals = 0;
  private standsSince: number | null = null;

  constructor(private readonly waitMs: (refusals: number, leastMs: number) => number) {}

  /** It was requested over a connection that is there. */
  stand(): void {
    this.standsSince = performance.now();
  }

  /** Its connection is being made, which may take long and proves nothing. */
  hang(): void {
    this.standsSince = null;
  }

  /** It, or its connection, has ended. */
  fall(): void {
    const since = this.standsSince;
    if (since !== null && performance.now() - since >= MAX_WAIT_MS) this.refusals = 0;
    this.standsSince = null;
  }

  /** Something came: the next refusal is the first one. */
  reset(): void {
    this.refusals = 0;
  }

  /** Counts a refusal, and returns the time to wait before the next attempt. */
  nextMs(leastMs: number): number {
    this.fall();
    return this.waitMs(this.refusals++, leastMs);
  }
}
