import {
  type Tracer as Backend,
  type Span as BackendSpan,
  type Context,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import type { ChildKind, Span, SpanAttributes, TraceParent } from '../runtime/span';

/** The time after its end for which a span still has children. */
const LINGER_MS = 1_000;

const KINDS: Readonly<Record<ChildKind, SpanKind>> = {
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
};

/** A span of OpenTelemetry, which is kept when it ends and the sampler wants it. */
export class OpenTelemetrySpan implements Span {
  private endedMs = Number.POSITIVE_INFINITY;
  private isFailed = false;

  constructor(
    private readonly backend: Backend,
    private readonly span: BackendSpan,
    /** The context in which it began. */
    private readonly parent: Context,
  ) {}

  get isRecorded(): boolean {
    return (this.place.traceFlags & TraceFlags.SAMPLED) !== 0;
  }

  get isCurrent(): boolean {
    return performance.now() - this.endedMs < LINGER_MS;
  }

  /** The ids of its trace and its own. */
  get place(): SpanContext {
    return this.span.spanContext();
  }

  get logFields(): { trace_id: string; span_id: string } {
    const { traceId, spanId } = this.place;
    return { trace_id: traceId, span_id: spanId };
  }

  get traceParent(): TraceParent {
    const { traceId, spanId, traceFlags, traceState } = this.place;
    const flags = traceFlags.toString(16).padStart(2, '0');
    const tracestate = traceState?.serialize();
    return {
      traceparent: `00-${traceId}-${spanId}-${flags}`,
      ...(tracestate && { tracestate }),
    };
  }

  child(
    name: string,
    kind: ChildKind,
    attributes: SpanAttributes,
    links: readonly OpenTelemetrySpan[] = [],
  ): Span {
    const context = trace.setSpan(this.parent, this.span);
    const options = {
      kind: KINDS[kind],
      attributes,
      links: links.map(({ place }) => ({ context: place })),
    };
    return new OpenTelemetrySpan(
      this.backend,
      this.backend.startSpan(name, options, context),
      context,
    );
  }

  rename(name: string): void {
    if (!this.hasEnded) this.span.updateName(name);
  }

  set(attributes: SpanAttributes): void {
    if (!this.hasEnded) this.span.setAttributes(attributes);
  }

  fail(code: string): void {
    if (this.isFailed || this.hasEnded) return;
    this.isFailed = true;
    this.span.setAttribute('error.type', code);
    this.span.setStatus({ code: SpanStatusCode.ERROR, message: code });
  }

  end(): void {
    if (this.hasEnded) return;
    this.endedMs = performance.now();
    this.span.end();
  }

  private get hasEnded(): boolean {
    return this.endedMs !== Number.POSITIVE_INFINITY;
  }
}
