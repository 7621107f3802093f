import type { Writable } from 'node:stream';

/** Those that are corked until this turn of the event loop has polled. */
let corked: Writable[] = [];

/**
 * Joins what is written to a stream from now to the end of the event loop's turn into one write to the system: under
 * load several messages of one socket leave together, and one that is alone leaves just as soon.
 */
export function corkForThisTurn(stream: Writable): void {
  if (stream.writableCorked > 0) return;
  if (corked.length === 0) setImmediate(uncorkAll);
  corked.push(stream);
  stream.cork();
}

function uncorkAll(): void {
  const due = corked;
  corked = [];
  for (const stream of due) stream.uncork();
}
