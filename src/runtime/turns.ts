/**
 * Shares the turns of the event loop among the clients who give it work.
 *
 * A client can send thousands of operations in one write. Handled one after the other as they are
 * read, they would hold up everybody else for as long as that takes. So each key, such as a user,
 * has so many units of work in a turn. Work within them begins at once. Any more waits for later
 * turns, in the order in which it came, and then takes its turn with the work of other keys.
 *
 * - A turn is that of `runtime/cork`: it ends after the event loop has polled for I/O. While
 *   nothing else is to be done, turns follow each other at once, so waiting takes no time then.
 * - The first work of a key in a turn always begins, also when it is greater than the units of a
 *   turn. The turns that follow pay for it.
 * - All work that waited takes no more than `waitingUnits` in a turn, whatever the number of keys.
 *   Here, too, a greater piece is paid for by the turns that follow.
 * - Units are a guess at the time. When the work that waited has taken longer than `LONG_MS`, what
 *   still waits rests for twice that time: a message of somebody else needs several turns from its
 *   frame to its last delivery, and would be held up in each of them.
 */

/** The time from which on work that waited is followed by a rest. */
const LONG_MS = 3;
/** The rest, as a multiple of the work's time. */
const REST_FACTOR = 2;

export interface TurnsOptions {
  /** Units of one key that begin at once in a turn. */
  units: number;
  /** Units of all keys together that begin in a turn after they have waited. */
  waitingUnits: number;
}

interface Work {
  units: number;
  begin: () => void;
}

/** The work of one key: how much was begun, and what waits. */
interface Account {
  /** Units that were begun and not paid for by a turn. */
  spent: number;
  waiting: Work[];
}

export class Turns {
  /** Keys that have worked in this turn, that wait, or whose work was greater than a turn. */
  private readonly accounts = new Map<unknown, Account>();
  /** Units that were begun after a wait and not paid for by a turn. */
  private waitingSpent = 0;
  private isEnding = false;
  /** True while no work may begin that has waited. */
  private isResting = false;

  /** @param now returns the time in milliseconds */
  constructor(
    private readonly options: TurnsOptions,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Returns true when work of the key may begin now; it is counted then. */
  tryBegin(key: unknown, units: number): boolean {
    const account = this.accountOf(key);
    if (account.waiting.length > 0 || account.spent >= this.options.units) return false;
    account.spent += units;
    return true;
  }

  /** Begins work of the key now or in a later turn, after all that waits. It must not throw. */
  run(key: unknown, units: number, begin: () => void): void {
    if (this.tryBegin(key, units)) begin();
    else this.accountOf(key).waiting.push({ units, begin });
  }

  private accountOf(key: unknown): Account {
    let account = this.accounts.get(key);
    if (!account) {
      account = { spent: 0, waiting: [] };
      this.accounts.set(key, account);
      this.endLater();
    }
    return account;
  }

  private endLater(): void {
    if (this.isEnding) return;
    this.isEnding = true;
    setImmediate(() => this.endTurn());
  }

  private endTurn(): void {
    this.isEnding = false;
    const due: unknown[] = [];
    let isOwed = false;
    for (const [key, account] of this.accounts) {
      account.spent = Math.max(0, account.spent - this.options.units);
      if (account.spent > 0) isOwed = true;
      if (account.waiting.length > 0) due.push(key);
      else if (account.spent === 0) this.accounts.delete(key);
    }
    this.waitingSpent = Math.max(0, this.waitingSpent - this.options.waitingUnits);
    if (!this.isResting && due.length > 0) this.beginAndRest(due);
    // Without the condition, the event loop would spin for as long as the rest lasts.
    if (this.isResting ? isOwed : this.accounts.size > 0) this.endLater();
  }

  private beginAndRest(due: readonly unknown[]): void {
    const beganMs = this.now();
    this.beginWaiting(due);
    const tookMs = this.now() - beganMs;
    if (tookMs < LONG_MS) return;
    this.isResting = true;
    setTimeout(() => {
      this.isResting = false;
      this.endLater();
    }, REST_FACTOR * tookMs);
  }

  /** Begins one piece of each key after the other, as long as units are left. */
  private beginWaiting(due: readonly unknown[]): void {
    for (let ready = due; ready.length > 0; ready = ready.filter((key) => this.mayBegin(key)))
      for (const key of ready) {
        if (this.waitingSpent >= this.options.waitingUnits) return;
        if (this.mayBegin(key)) this.beginNext(key);
      }
  }

  private mayBegin(key: unknown): boolean {
    const { spent, waiting } = this.accounts.get(key)!;
    return waiting.length > 0 && spent < this.options.units;
  }

  /** Begins the oldest work of a key, which is the last one to be served in the next turn. */
  private beginNext(key: unknown): void {
    const account = this.accounts.get(key)!;
    const { units, begin } = account.waiting.shift()!;
    account.spent += units;
    this.waitingSpent += units;
    this.accounts.delete(key);
    this.accounts.set(key, account);
    begin();
  }
}
