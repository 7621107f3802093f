import { Counter, Gauge, Histogram as PromHistogram, type Registry } from 'prom-client';
import type { Histogram } from '../runtime/histogram';

/** One value of a metric, with the values of its labels in the order of their names. */
export type Sample = readonly [labels: readonly string[], value: number];
export type DurationSample = readonly [labels: readonly string[], durations: Histogram];

/** Adds metrics to a registry whose values are read at each scrape. */
export class Meters {
  constructor(private readonly registry: Registry) {}

  /** Adds a value that only grows. Its name ends with `_total`. */
  counter(name: string, help: string, read: () => number): void {
    this.counters(name, help, [], () => [[[], read()]]);
  }

  counters(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => Iterable<Sample>,
  ): void {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        counter.reset();
        for (const [labels, value] of read()) counter.inc(namedLabels(labelNames, labels), value);
      },
    });
  }

  /** Adds a value that goes up and down. */
  gauge(name: string, help: string, read: () => number): void {
    this.gauges(name, help, [], () => [[[], read()]]);
  }

  gauges(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => Iterable<Sample>,
  ): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      collect() {
        gauge.reset();
        for (const [labels, value] of read()) gauge.set(namedLabels(labelNames, labels), value);
      },
    });
  }

  /** Adds durations by class. Its name ends with `_seconds`. */
  durations(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => Iterable<DurationSample>,
  ): void {
    new CountedHistogram(name, help, labelNames, read, this.registry);
  }
}

/** A histogram whose observations were counted elsewhere, where they cost a few additions. */
class CountedHistogram extends PromHistogram {
  constructor(
    private readonly metricName: string,
    private readonly helpText: string,
    private readonly names: readonly string[],
    private readonly read: () => Iterable<DurationSample>,
    registry: Registry,
  ) {
    super({ name: metricName, help: helpText, labelNames: [...names], registers: [registry] });
  }

  /** Called by prom-client for the text of a scrape. */
  async getForPromString() {
    const values = [...this.read()].flatMap(([labels, durations]) =>
      linesOf(this.metricName, namedLabels(this.names, labels), durations),
    );
    return { name: this.metricName, help: this.helpText, type: 'histogram', values };
  }
}

/** Returns the lines of one histogram. Each class counts those below it as well. */
function linesOf(name: string, labels: Record<string, string>, durations: Histogram) {
  const { bounds, counts, count, sumS } = durations;
  let below = 0;
  const classes = bounds.map((bound, index) => {
    below += counts[index]!;
    return { le: String(bound), value: below };
  });
  return [
    ...[...classes, { le: '+Inf', value: count }].map(({ le, value }) => ({
      labels: { le, ...labels },
      value,
      metricName: `${name}_bucket`,
    })),
    { labels, value: sumS, metricName: `${name}_sum` },
    { labels, value: count, metricName: `${name}_count` },
  ];
}

function namedLabels(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index]!]));
}
