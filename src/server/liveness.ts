/** How often each socket is looked at; three times, with what a busy event loop adds, are less than 15 s. */
export const LIVENESS_INTERVAL_MS = 4_800;
/** A socket that is silent for so long is gone, whatever TCP believes. */
const SILENCE_LIMIT_MS = 10_000;

/**
 * What is to be done about a socket at a look. Who talks anyway is never asked whether they are there. Nobody is gone who
 * was not asked at an earlier look: looks are counted and not only time, since after a stall of our own an answer may just
 * be unread.
 *
 * @param looks since anything was heard of it, this one included
 * @param silentMs since then
 */
export function assessLiveness(looks: number, silentMs: number): 'alive' | 'ask' | 'gone' {
  if (looks > 2 && silentMs > SILENCE_LIMIT_MS) return 'gone';
  return looks >= 2 ? 'ask' : 'alive';
}
