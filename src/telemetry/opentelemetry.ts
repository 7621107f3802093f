/**
 * Traces by OpenTelemetry: its SDK makes the spans, and sends them to a collector by OTLP over
 * HTTP.
 *
 * This folder is loaded only when traces are on. Everything else works with the interfaces of
 * `runtime/span`. Nothing is registered with OpenTelemetry's global API, and no library is
 * instrumented: two nodes of one process do not meet, and a span exists only where the code says
 * so.
 *
 * - The libraries read their own settings from the environment (docs/operations/traces.md). The
 *   values have been checked by `config` before.
 * - Spans wait in a queue of limited length, and leave in batches in the background. When the queue
 *   is full, further ones are dropped. So a collector that is away, slow or confused delays
 *   nothing.
 * - Trouble with the collector is logged once a minute at most.
 * - At the stop, the spans that wait are sent, for 2 s at most. An export that is not answered by
 *   then is given up, but its timers still run: the process has to end itself.
 */
import { randomUUID } from 'node:crypto';
import {
  type Tracer as Backend,
  type Context,
  DiagLogLevel,
  diag,
  ROOT_CONTEXT,
  SpanKind,
  type TextMapGetter,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger';
import type { GivenParent, Span, SpanAttributes, Tracer } from '../runtime/span';
import { Throttle } from '../runtime/throttle';
import { ReportingExporter } from './exporter';
import { OpenTelemetrySpan } from './opentelemetry.span';

/** The default of `OTEL_SERVICE_NAME`, and the name of what makes the spans. */
const NAME = 'parley';
const WARNING_INTERVAL_MS = 60_000;
/** Less than what an orchestrator's grace exceeds the times of the drain by. */
const FLUSH_MS = 2_000;

const propagator = new W3CTraceContextPropagator();
const getter: TextMapGetter<GivenParent> = {
  keys: Object.keys,
  get(carrier, key) {
    const value = carrier[key];
    return typeof value === 'string' ? value : undefined;
  },
};

export class OpenTelemetry implements Tracer {
  private readonly provider: BasicTracerProvider;
  private readonly exporter: ReportingExporter;
  private readonly backend: Backend;

  /** @throws when the libraries refuse a setting */
  constructor(logger: Logger) {
    const warnings = new Throttle(WARNING_INTERVAL_MS);
    const warn = (cause: string, spans?: number) => {
      if (warnings.pass('')) logger.warn({ cause, spans }, 'traces: trouble with the exporter');
    };
    reportTo(warn);
    this.exporter = new ReportingExporter(new OTLPTraceExporter(), warn);
    this.provider = new BasicTracerProvider({
      resource: defaultResource()
        .merge(
          resourceFromAttributes({ 'service.name': NAME, 'service.instance.id': randomUUID() }),
        )
        .merge(detectResources({ detectors: [envDetector] })),
      spanProcessors: [new BatchSpanProcessor(this.exporter)],
    });
    this.backend = this.provider.getTracer(NAME);
  }

  begin(name: string, attributes: SpanAttributes, parents: readonly (GivenParent | null)[]): Span {
    for (const parent of parents) {
      const context = parent && contextOf(parent);
      if (context) return this.start(name, SpanKind.SERVER, attributes, context);
    }
    return this.start(name, SpanKind.SERVER, attributes, ROOT_CONTEXT);
  }

  follow(name: string, attributes: SpanAttributes, parent: GivenParent): Span | null {
    const context = contextOf(parent);
    if (!context || !isSampled(context)) return null;
    const span = this.start(name, SpanKind.CONSUMER, attributes, context);
    return span.isRecorded ? span : null;
  }

  /** Sends what waits. Resolves within 2 s, and never rejects. */
  async stop(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, FLUSH_MS);
    });
    await Promise.race([this.provider.shutdown().catch(() => {}), late]);
    clearTimeout(timer);
  }

  private start(
    name: string,
    kind: SpanKind,
    attributes: SpanAttributes,
    context: Context,
  ): OpenTelemetrySpan {
    const span = this.backend.startSpan(name, { kind, attributes }, context);
    return new OpenTelemetrySpan(this.backend, span, context);
  }
}

/** Returns the place in a trace that was given; null when it is malformed. */
function contextOf(parent: GivenParent): Context | null {
  const context = propagator.extract(ROOT_CONTEXT, parent, getter);
  return trace.getSpanContext(context) ? context : null;
}

function isSampled(context: Context): boolean {
  return (trace.getSpanContext(context)!.traceFlags & TraceFlags.SAMPLED) !== 0;
}

/** Hands on what the libraries warn of, which they would write to the console. */
function reportTo(report: (cause: string) => void): void {
  const ignore = () => {};
  // Beside texts they pass errors, and what the collector has answered.
  const warn = (...parts: unknown[]) =>
    report(parts.filter((part) => typeof part === 'string').join(' '));
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
}
