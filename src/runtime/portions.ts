/**
 * Runs long work in portions, between which the event loop serves everybody else.
 *
 * An owner, such as an operation, has its work cut in pieces of about a millisecond. All pieces
 * that wait have so many milliseconds in a turn of the event loop, whatever the number of owners:
 * one piece of each owner after the other. At least one piece is run in such a turn.
 *
 * A turn often takes longer than its pieces: promises go on with what the pieces began, and V8
 * collects what they left. So no piece is run for four times the time that the whole turn took. A
 * message of somebody else needs several turns from its frame to its last delivery, and would wait
 * for pieces in each of them.
 */

/** The time that pieces may take together in one turn. */
const TURN_MS = 2;
/** The least time without pieces after such a turn. */
const MIN_PAUSE_MS = 4;
/** The time without pieces, as a multiple of the turn's. */
const PAUSE_FACTOR = 4;

/** @returns true when other pieces may follow in the same turn */
type Piece = () => boolean;

export class Portions {
  /** The pieces that wait, by owner. The owner that was served last stands last. */
  private readonly owners = new Map<unknown, Piece[]>();
  private isDue = false;
  private pausesUntilMs = 0;

  /**
   * @param now returns the time in milliseconds
   * @param schedule calls `serve` in a later turn, after `waitMs`
   */
  constructor(
    private readonly now: () => number = () => performance.now(),
    private readonly schedule = inLaterTurn,
  ) {}

  /** Runs a piece in a later turn, after those of its owner that wait already. */
  run<T>(owner: unknown, piece: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) =>
      this.add(owner, () => {
        try {
          resolve(piece());
        } catch (error) {
          reject(error);
        }
        return true;
      }),
    );
  }

  /** Resolves in a later turn, in which no piece follows: the work is done by whoever waited. */
  wait(owner: unknown): Promise<void> {
    return new Promise((resolve) =>
      this.add(owner, () => {
        resolve();
        return false;
      }),
    );
  }

  private add(owner: unknown, piece: Piece): void {
    const waiting = this.owners.get(owner);
    if (waiting) {
      waiting.push(piece);
      return;
    }
    this.owners.set(owner, [piece]);
    this.serveLater();
  }

  private serveLater(): void {
    if (this.isDue) return;
    this.isDue = true;
    this.schedule(() => this.serve(), this.pausesUntilMs - this.now());
  }

  private serve(): void {
    const beganMs = this.now();
    const endMs = beganMs + TURN_MS;
    while (this.serveNext() && this.owners.size > 0 && this.now() < endMs);
    setImmediate(() => this.pause(beganMs));
  }

  /** @param beganMs when the turn began that has ended now */
  private pause(beganMs: number): void {
    this.isDue = false;
    const nowMs = this.now();
    this.pausesUntilMs = nowMs + Math.max(MIN_PAUSE_MS, PAUSE_FACTOR * (nowMs - beganMs));
    if (this.owners.size > 0) this.serveLater();
  }

  private serveNext(): boolean {
    const [[owner, waiting]] = this.owners as unknown as [[unknown, Piece[]]];
    this.owners.delete(owner);
    const piece = waiting.shift()!;
    if (waiting.length > 0) this.owners.set(owner, waiting);
    return piece();
  }
}

function inLaterTurn(serve: () => void, waitMs: number): void {
  if (waitMs > 0) setTimeout(serve, waitMs);
  else setImmediate(serve);
}

/** The portions of this process, which has one event loop. */
export const portions = new Portions();
