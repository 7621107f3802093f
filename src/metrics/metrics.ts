/**
 * The metrics of one node, as Prometheus reads them.
 *
 * The parts of a node know nothing of this room and of prom-client. They keep plain counts, and
 * {@link MetricsSources} names them. They are read when Prometheus asks, so metrics cost a node
 * nothing but the additions, between two scrapes.
 *
 * - Every name begins with `parley_`, and docs/operations/metrics.md explains each. A test compares
 *   the two. What Node itself tells has prom-client's names (`nodejs_`, `process_`).
 * - A label has few values, which no client can add to: codes of the catalogue of errors, names of
 *   known operations, parts of this node.
 * - Counts begin at 0 with the process. Values of a label that alerts ask for are there from the
 *   start: a count that appears as 1 has not increased for Prometheus. Others appear with their
 *   first count.
 */
import { collectDefaultMetrics, Registry } from 'prom-client';
import { Meters } from './meters';
import {
  registerDatabase,
  registerDelivery,
  registerLimits,
  registerOperations,
  registerSockets,
} from './metrics.groups';
import type { MetricsSources } from './metrics.sources';

/** Metrics of the process are the same for all nodes in it. Tests have several in one process. */
let ofProcess: Registry | null = null;

function processRegistry(): Registry {
  if (ofProcess) return ofProcess;
  ofProcess = new Registry();
  collectDefaultMetrics({ register: ofProcess });
  return ofProcess;
}

/** Makes the page of a node's metrics. */
export function createMetrics(sources: MetricsSources) {
  const registry = new Registry();
  const meters = new Meters(registry);
  registerSockets(meters, sources);
  registerOperations(meters, sources);
  registerDelivery(meters, sources);
  registerDatabase(meters, sources);
  registerLimits(meters, sources);
  const all = Registry.merge([processRegistry(), registry]);
  return { contentType: all.contentType, text: () => all.metrics() };
}
