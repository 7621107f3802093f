/**
 * The time between two liveness checks of a socket. Three of them, with the delay that a busy event
 * loop adds, take less than 15 s.
 */
export const LIVENESS_INTERVAL_MS = 4_800;
/** A socket that has been silent for longer is declared dead, whatever TCP reports. */
const SILENCE_LIMIT_MS = 10_000;

/**
 * Decides what a liveness check does with a socket: nothing (`alive`), ping it (`ask`), or end it
 * (`gone`). A socket that was heard since the previous check is `alive`, so one that sends by
 * itself is never asked. Only a socket that was asked at an earlier check can be `gone`. Checks are
 * counted beside the time, because after a stall of this node an answer may have arrived and not
 * yet been read.
 *
 * @param looks the number of checks since the socket was last heard, this one included
 * @param silentMs the time since the socket was last heard
 */
export function assessLiveness(looks: number, silentMs: number): 'alive' | 'ask' | 'gone' {
  if (looks > 2 && silentMs > SILENCE_LIMIT_MS) return 'gone';
  return looks >= 2 ? 'ask' : 'alive';
}
