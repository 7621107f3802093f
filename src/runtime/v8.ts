import { setFlagsFromString } from 'node:v8';

/**
 * Lets V8 create every object in the young generation. By default it moves to the old one what an
 * expression creates once nearly all of it has survived, as what belongs to subscriptions does. The
 * same expressions create what a mutation needs for some milliseconds; dead in the old generation,
 * each would keep alive, through every scavenge, all that it leads to (docs/performance.md). To be
 * called before there is any load.
 */
export function disablePretenuring(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * The parts joined, for what is kept: V8 keeps what `+` or a template joins as a tree of its parts,
 * beside the whole.
 */
export function flatString(...parts: readonly string[]): string {
  return parts.join('');
}
