/**
 * The spans of a node's traces, as its parts begin and end them. What becomes of a span is the
 * matter of the folder `telemetry`; the parts know only what is declared here.
 *
 * While traces are off, no span exists. `recordedSpan` is then one comparison, and `within` calls
 * its function. The storage that follows the asynchronous calls is created with the first span that
 * is recorded, because it costs something at each promise.
 *
 * - The span that is active where work begins stays active in everything that this work awaits,
 *   calls or schedules.
 * - Work that joins several callers, such as a batch, would run in the span of whichever caller
 *   happened to start it. So it says with `within` or `withinAll` whose work it is.
 * - A timer or a loop may go on in a span for hours. So a span counts as active for a second after
 *   its end at most, and whatever begins later belongs to no trace.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** The kind of a span within an operation. */
export type ChildKind = 'internal' | 'client' | 'producer';

/**
 * Names a place in a trace by its fields `traceparent` and `tracestate` (W3C Trace Context), among
 * others. It comes from outside, so their values may be anything at all.
 */
export type GivenParent = Readonly<Record<string, unknown>>;

/** A place in a trace as it is handed on (W3C Trace Context). */
export interface TraceParent {
  readonly traceparent: string;
  readonly tracestate?: string;
}

/** A piece of work in a trace. None of its methods throws, and after `end` they do nothing. */
export interface Span {
  /** False when the sampler left the trace out. */
  readonly isRecorded: boolean;
  /** True until a second after the end. */
  readonly isCurrent: boolean;
  /** The fields by which the lines of the log name the span. */
  readonly logFields: { readonly trace_id: string; readonly span_id: string };
  /** The parent of work in other processes. */
  readonly traceParent: TraceParent;
  /** Begins a span below this one. `links` are spans of other traces that it serves as well. */
  child(name: string, kind: ChildKind, attributes: SpanAttributes, links?: readonly Span[]): Span;
  rename(name: string): void;
  set(attributes: SpanAttributes): void;
  /** Marks the span as failed. The first code counts. */
  fail(code: string): void;
  end(): void;
}

/** Begins spans that have no span of this node above them. */
export interface Tracer {
  /**
   * Begins the span of an operation of a client.
   *
   * @param parents the first one that is well-formed becomes the parent. With none of them the
   *   span begins a trace
   */
  begin(name: string, attributes: SpanAttributes, parents: readonly (GivenParent | null)[]): Span;
  /** Begins the span of a delivery; null when its parent is malformed or was not sampled. */
  follow(name: string, attributes: SpanAttributes, parent: GivenParent): Span | null;
}

let storage: AsyncLocalStorage<Span | null> | null = null;

/** Returns the span whose work is running; null where there is none that is recorded. */
export function recordedSpan(): Span | null {
  if (storage === null) return null;
  const span = storage.getStore();
  return span?.isCurrent ? span : null;
}

/** True once a span was recorded in this process. */
export function hasSpans(): boolean {
  return storage !== null;
}

/**
 * Runs work that belongs to `span`; null for work that belongs to none. A span that is not recorded
 * has no use for what happens in it, so its work is followed no further.
 */
export function within<T>(span: Span | null, work: () => T): T {
  const recorded = span?.isRecorded ? span : null;
  if (recorded !== null) storage ??= new AsyncLocalStorage();
  // Most work is in no recorded span, as before it.
  if (storage === null || (recorded === null && !storage.getStore())) return work();
  return storage.run(recorded, work);
}

/**
 * Runs work that serves several spans. Work for one runs in it. Work for more runs in a span of its
 * own, below the first one and linked to the others.
 *
 * @param spans one for each piece of the work; null for a piece that belongs to none
 */
export function withinAll<T>(spans: readonly (Span | null)[], work: () => Promise<T>): Promise<T> {
  const [first = null, ...others] = new Set(spans.filter((span) => span !== null));
  if (first === null || others.length === 0) return within(first, work);
  const count = { 'parley.batch.operations': others.length + 1 };
  return spanned(first.child('batch', 'internal', count, others), work);
}

/** Runs work in a span, which ends with it. */
export async function spanned<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await within(span, work);
  } catch (error) {
    span.fail(errorTypeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

/** Returns the code of an error, else its name. Neither has anything of a user in it. */
export function errorTypeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : typeof name === 'string' ? name : 'unknown';
}
