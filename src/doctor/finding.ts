import { ConfigError } from '../errors';
import { reasonOf } from '../runtime/blame';

/** The result of one look, for the operator. It holds no secret. */
export interface Finding {
  /** Only a problem keeps a node from working as it should. */
  readonly state: 'ok' | 'warning' | 'problem';
  /** One line. */
  readonly text: string;
}

export const ok = (text: string): Finding => ({ state: 'ok', text });
export const warning = (text: string): Finding => ({ state: 'warning', text });
export const problem = (text: string): Finding => ({ state: 'problem', text });

/**
 * Returns a problem for each line of a `ConfigError`, and one for any other error.
 *
 * @param setting is blamed for any other error
 */
export function problemsOf(error: unknown, setting: string): Finding[] {
  if (error instanceof ConfigError) return error.message.split('\n').map(problem);
  return [problem(`${setting}: ${reasonOf(error)}`)];
}

/** Two clocks that differ by more are worth a warning. */
const MOST_DIFFERENCE_MS = 1_000;

/**
 * Compares this machine's clock with another one, which was read between two moments of this one.
 *
 * @param whose the owner of the other clock, e.g. `Postgres`
 */
export function compareClocks(
  whose: string,
  otherMs: number,
  fromMs: number,
  toMs: number,
): Finding {
  const differenceMs = Math.max(fromMs - otherMs, otherMs - toMs, 0);
  if (differenceMs <= MOST_DIFFERENCE_MS)
    return ok(`the clocks of this machine and of ${whose} agree within a second`);
  const seconds = (differenceMs / 1_000).toFixed(1);
  return warning(
    `the clocks of this machine and of ${whose} differ by ${seconds} s: keep both by NTP`,
  );
}
