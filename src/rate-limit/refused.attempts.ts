import { RateLimitedError } from '../errors';
import { MemoryWindows, waitOf } from './windows.memory';

const WINDOW_S = 60;

/**
 * Limits the attempts of each user that are refused for what they asked for, such as an edit of
 * another user's message. They count in no rate, since nothing was written. But each takes
 * statements, and locks, so a user may have only so many in a minute. Each node counts by itself,
 * because it protects its own connections to the database.
 *
 * Attempts that are under way at once are checked before any of them is refused, so a few more than
 * the limit may be.
 */
export class RefusedAttempts {
  private readonly windows = new MemoryWindows(WINDOW_S);

  constructor(private readonly limit: number) {}

  /** @throws {RateLimitedError} when the user has had too many */
  check(userId: string): void {
    const window = this.windows.find(userId);
    if (window === undefined || window.used < this.limit) return;
    throw new RateLimitedError(
      `Too many refused attempts: at most ${this.limit} in ${WINDOW_S} s.`,
      waitOf(window),
    );
  }

  /** Counts one. */
  add(userId: string): void {
    this.windows.of(userId).used++;
  }
}
