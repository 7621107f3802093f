import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 create every object in the young generation. To be called before there is any load.
 *
 * By default, V8 creates the objects of an expression in the old generation once nearly all of them
 * have survived. The expressions that create the long-lived objects of subscriptions also create
 * the short-lived ones of mutations. A dead object in the old generation keeps alive, until the
 * next full collection, everything to which it refers (docs/performance.md).
 */
export function disablePretenuring(): void {
  setFlagsFromString('--no-allocation-site-pretenuring');
}

/**
 * Joins the parts. Use it for strings that are kept: a string that is joined by `+` or a template
 * keeps its parts in memory, beside the whole (docs/performance.md).
 */
export function flatString(...parts: readonly string[]): string {
  return parts.join('');
}
