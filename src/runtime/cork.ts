import type { Writable } from 'node:stream';
import { asError } from './as-error';

/** The streams that are corked until the end of this turn of the event loop. */
let corked: Writable[] = [];
let turn = 0;
let isEnding = false;

/**
 * Returns the number of the event loop's turn. It stays the same until the turn ends, after the
 * loop has polled for I/O (`setImmediate`), and does not occur again.
 */
export function currentTurn(): number {
  if (!isEnding) {
    isEnding = true;
    setImmediate(endTurn);
  }
  return turn;
}

/**
 * Holds back what is written to a stream until the end of the event loop's turn, so that it leaves
 * in one write to the system. Under load, several messages of one socket leave together. A message
 * is delayed until the end of the turn at most.
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
  for (const stream of due) uncork(stream);
}

/** A stream that fails is destroyed. The others are uncorked all the same. */
function uncork(stream: Writable): void {
  try {
    stream.uncork();
  } catch (error) {
    stream.destroy(asError(error));
  }
}
