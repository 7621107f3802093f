import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** As large as Node 20 and 22 let the young generation become: two halves of 16 MiB. */
const YOUNG_GENERATION_BYTES = 32 * 1024 * 1024;

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
 * Keeps the young generation at 32 MiB or less, whatever the command line says. From version 24 on,
 * Node lets it grow to 128 MiB, and does so when many clients connect at once. To be called before
 * there is any load.
 *
 * V8 doubles the young generation when much of it survives, and shrinks it when the process is
 * idle. Its limit is fixed when the process starts, but the factor by which it grows is not. So
 * after each collection the factor becomes 1 when the limit is reached, and 2 again below it.
 */
export function limitYoungGeneration(): void {
  holdOrGrow();
  new PerformanceObserver(holdOrGrow).observe({ entryTypes: ['gc'] });
}

function holdOrGrow(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')!;
  const factor = young.space_size < YOUNG_GENERATION_BYTES ? 2 : 1;
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

/**
 * Joins the parts. Use it for strings that are kept: a string that is joined by `+` or a template
 * keeps its parts in memory, beside the whole (docs/performance.md).
 */
export function flatString(...parts: readonly string[]): string {
  return parts.join('');
}
