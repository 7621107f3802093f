import type { Writable } from 'node:stream';

/** The streams that are corked until this turn of the event loop has polled. */
let corked: Writable[] = [];
let turn = 0;
let isEnding = false;

/**
 * Which turn of the event loop this is: the same number until it has polled, and then never again.
 */
export function currentTurn(): number {
  if (!isEnding) {
    isEnding = true;
    setImmediate(endTurn);
  }
  return turn;
}

/**
 * Joins what is written to a stream from now to the end of the event loop's turn into one write to
 * the system: under load several messages of one socket leave together, and one that is alone
 * leaves just as soon.
 */
export function corkForThisTurn(stream: Writable): void {
  if (stream.writableCorked > 0) return;
  currentTurn();
  corked.push(stream);
  stream.cork();
}

function endTurn(): void {
  const due = corked;
  corked = [];
  turn++;
  isEnding = false;
  for (const stream of due) stream.uncork();
}
