/**
 * Counts the actions of each user of one kind, such as messages, each of them once, however often
 * it is requested.
 *
 * - Equal requests of a user that are under way at once on this node, over whatever transport, are
 *   one: the first one is counted and carried out, and the others get its outcome, also when it
 *   fails. The failure is that of their own request, so `outcome: 'UNKNOWN'` is true of them too.
 * - A later repeat, and one on another node, is counted until the database says that it is a
 *   repeat. Then its count is given back. It takes no round trip of its own.
 * - So a limit can be reached by counts that are given back a moment later. A request that the
 *   limit refuses is therefore answered all the same when it is a repeat, which takes one read. A
 *   new one waits for the other requests of its user on this node, and is counted again when they
 *   are settled. Counts that are given back on other nodes meanwhile are not waited for: the
 *   request is refused, and may be tried again.
 * - An action that failed gives its count back, since nothing was written. One that was refused for
 *   what it asked for (FORBIDDEN, CONFLICT and the like) counts among the user's refused attempts
 *   instead: otherwise no limit would apply to guesses. Input that is refused before the database
 *   is asked should be refused before it gets here.
 */
import { RateLimitedError } from '../errors';
import type { RateLimit, Refund } from './rate.limit';

/** A request that is carried out once, however often it is repeated. */
export interface Repeatable {
  /** Equal for equal requests of one user. */
  readonly hash: string;
  /** Returns true when this request was carried out before. Asked beyond the limit only. */
  wasDone(): Promise<boolean>;
}

/**
 * Carries a request out.
 *
 * @param refusal null when the request is counted. Otherwise the limit is reached and the request
 *   is a repeat; the work throws this error if it would have to make something new all the same
 */
export type Work<T> = (refusal: RateLimitedError | null) => Promise<T>;

/** A repeatable request that is under way on this node. */
interface UnderWay<T> {
  outcome: Promise<T>;
  /** True once the limit has refused it. It then holds no count that may be given back. */
  refused: boolean;
}

interface Admission {
  refund: Refund;
  refusal: RateLimitedError | null;
}

const NO_REFUND = () => undefined;
/** The requests of a user of whom none is under way. */
const NONE: ReadonlyMap<string, never> = new Map<string, never>();

export class ActionLimit<T> {
  /** For each user, the repeatable requests that are under way, by their hashes. */
  private readonly users = new Map<string, Map<string, UnderWay<T>>>();

  /** @param isRepeat true when an outcome shows that the action had been carried out before */
  constructor(
    private readonly rate: RateLimit,
    private readonly isRepeat: (outcome: T) => boolean,
  ) {}

  /**
   * Counts and carries out a request, or returns the outcome of an equal one that is under way.
   *
   * @param request null when it is no repeat of any other
   * @throws {RateLimitedError} when the user exceeds a limit
   * @throws what `work` throws
   */
  async run(userId: string, request: Repeatable | null, work: Work<T>): Promise<T> {
    const own = this.users.get(userId);
    if (request === null)
      return this.carryOut(userId, work, await this.admit(userId, null, null, own ?? NONE));
    const first = own?.get(request.hash);
    return first ? first.outcome : this.runFirst(userId, request, work, own ?? new Map());
  }

  private runFirst(
    userId: string,
    request: Repeatable,
    work: Work<T>,
    own: Map<string, UnderWay<T>>,
  ): Promise<T> {
    const entry = { refused: false } as UnderWay<T>;
    entry.outcome = this.admit(userId, request, entry, own)
      .then((admission) => this.carryOut(userId, work, admission))
      .finally(() => {
        own.delete(request.hash);
        if (own.size === 0) this.users.delete(userId);
      });
    own.set(request.hash, entry);
    this.users.set(userId, own);
    return entry.outcome;
  }

  /**
   * Counts the request, unless the limit is reached and it is known to be a repeat. When the limit
   * is reached by counts that may be given back, it is counted again once they are settled.
   */
  private async admit(
    userId: string,
    request: Repeatable | null,
    entry: UnderWay<T> | null,
    own: ReadonlyMap<string, UnderWay<T>>,
  ): Promise<Admission> {
    for (let mayRepeat = request !== null; ; mayRepeat = false) {
      // Read before the count: one that is settled during the count may have made room since.
      const others = own.size === 0 ? [] : [...own.values()].filter(({ refused }) => !refused);
      try {
        const refund = await this.rate.consume(userId);
        if (entry) entry.refused = false;
        return { refund, refusal: null };
      } catch (error) {
        if (!(error instanceof RateLimitedError)) throw error;
        if (entry) entry.refused = true;
        if (mayRepeat && (await request!.wasDone())) return { refund: NO_REFUND, refusal: error };
        // A refused request waits only for those that are not refused by now. So no two wait for
        // each other.
        const counted = others.filter(({ refused }) => !refused);
        if (counted.length === 0) throw error;
        await Promise.allSettled(counted.map(({ outcome }) => outcome));
      }
    }
  }

  private async carryOut(
    userId: string,
    work: Work<T>,
    { refund, refusal }: Admission,
  ): Promise<T> {
    try {
      const outcome = await work(refusal);
      if (this.isRepeat(outcome)) refund();
      return outcome;
    } catch (error) {
      this.rate.fail(userId, refund, error);
      throw error;
    }
  }
}
