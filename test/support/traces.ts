import { randomBytes } from 'node:crypto';
import { Cluster, type ClusterOptions } from './cluster';
import { type CollectedSpan, Collector } from './collector';
import { eventually } from './eventually';
import { conversationOf } from './factories';
import type { Person } from './person';

/** Nodes that export their traces, and the collector that gets them. */
export interface TracedCluster {
  cluster: Cluster;
  collector: Collector;
  stop(): Promise<void>;
}

/**
 * Starts nodes with traces on. The libraries read the process' environment, which jest keeps apart
 * for each file of tests.
 */
export async function startTraced(
  options: ClusterOptions = {},
  settings: Record<string, string> = {},
): Promise<TracedCluster> {
  const collector = await Collector.start();
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_BSP_SCHEDULE_DELAY: '20',
    ...settings,
  };
  Object.assign(process.env, env);
  const cluster = await Cluster.start({ ...options, env: { ...options.env, ...env } });
  return {
    cluster,
    collector,
    async stop() {
      await cluster.stop();
      await collector.stop();
      for (const name of Object.keys(env)) delete process.env[name];
    },
  };
}

/** Two people at a node each, with a conversation of the two. */
export interface TracedPair extends TracedCluster {
  alice: Person;
  bob: Person;
  conversationId: string;
}

export async function startTracedPair(): Promise<TracedPair> {
  const traced = await startTraced({ nodes: 2 });
  const { cluster } = traced;
  const alice = await cluster.person('alice');
  const bob = await cluster.person('bob', cluster.nodes[1]);
  const { id: conversationId } = await conversationOf([alice, bob]);
  return { ...traced, alice, bob, conversationId };
}

/** A caller's place in a trace of its own. */
export function callersTrace(flags = '01') {
  const traceId = randomBytes(16).toString('hex');
  const spanId = randomBytes(8).toString('hex');
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** Waits for spans of one trace, by their names. A name that is given twice is expected twice. */
export function spansNamed(
  collector: Collector,
  traceId: string,
  names: readonly string[],
  timeoutMs?: number,
): Promise<CollectedSpan[]> {
  return eventually(() => {
    const rest = collector.trace(traceId);
    return names.map((name) => {
      const at = rest.findIndex((span) => span.name === name);
      if (at < 0)
        throw new Error(`no ${name} in ${collector.trace(traceId).map((one) => one.name)}`);
      return rest.splice(at, 1)[0]!;
    });
  }, timeoutMs);
}

const ATTEMPTS = 3;
const ATTEMPT_MS = 5_000;

/**
 * Does something in a trace of its own, and waits for its spans. Does it again when one is missing:
 * the log may bring an event before the bus does, and then it has no fan-out.
 */
export async function traceOf<T>(
  collector: Collector,
  names: readonly string[],
  act: (trace: ReturnType<typeof callersTrace>) => Promise<T>,
): Promise<ReturnType<typeof callersTrace> & { result: T; spans: CollectedSpan[] }> {
  for (let attempt = 1; ; attempt++) {
    const trace = callersTrace();
    const result = await act(trace);
    try {
      const spans = await spansNamed(collector, trace.traceId, names, ATTEMPT_MS);
      return { ...trace, result, spans };
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}
