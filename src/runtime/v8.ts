import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Half of the young generation, as large as Node 20 and 22 let it become. */
const HALF_BYTES = 16 * 1024 * 1024;

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
 * Keeps each half of the young generation at 16 MiB or less, whatever the command line says. From
 * version 24 on, Node lets it grow to 64 MiB, and does so when many clients connect at once. To be
 * called before there is any load.
 *
 * V8 doubles the young generation when much of it survives, and shrinks it when the process is
 * idle. Its limit is fixed when the process starts, but the factor by which it grows is not. So
 * after each collection the factor becomes 1 when doubling would exceed the limit, and else 2.
 */
export function limitYoungGeneration(): void {
  holdOrGrow();
  new PerformanceObserver(holdOrGrow).observe({ entryTypes: ['gc'] });
}

function holdOrGrow(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')!;
  // Both belong to the half that is in use. The space's own size is what the system has given.
  const halfBytes = young.space_used_size + young.space_available_size;
  const factor = 2 * halfBytes > HALF_BYTES ? 1 : 2;
  setFlagsFromString(`--semi-space-growth-factor=${factor}`);
}

/**
 * Makes V8 collect the old generation before it has grown by more than half. To be called before
 * there is any load.
 *
 * On a machine with much memory V8 lets it become up to four times as large, if collections are
 * slow beside the program. So clients that ask for large answers would take a node with 60 MB of
 * live objects to 500 MB and more (docs/performance.md).
 */
export function limitHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=50');
}

/**
 * Joins the parts. Use it for strings that are kept: a string that is joined by `+` or a template
 * keeps its parts in memory, beside the whole (docs/performance.md).
 */
export function flatString(...parts: readonly string[]): string {
  return parts.join('');
}
