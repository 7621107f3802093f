import type { App } from '../../src/app/app';

/** All metrics of one node at one moment. */
export interface Scrape {
  /** The names of the metrics, as their TYPE lines have them. */
  names: string[];
  text: string;
  /** The sum of the samples of this name whose labels have these values; 0 when there are none. */
  value(name: string, labels?: Record<string, string>): number;
}

/** Reads a node's metrics as Prometheus does. */
export async function scrape({ metricsUrl }: Pick<App, 'metricsUrl'>): Promise<Scrape> {
  const response = await fetch(metricsUrl);
  if (response.status !== 200) throw new Error(`${metricsUrl} answered ${response.status}`);
  const text = await response.text();
  const samples = text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map(sampleOf);
  return {
    names: [...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]!),
    text,
    value(name, labels = {}) {
      const fitting = samples.filter(
        (one) =>
          one.name === name &&
          Object.entries(labels).every(([label, value]) => one.labels[label] === value),
      );
      return fitting.reduce((sum, one) => sum + one.value, 0);
    },
  };
}

function sampleOf(line: string) {
  const [, name, labels = '', value] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line)!;
  const named = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map((match) => [
    match[1],
    match[2],
  ]);
  return { name: name!, labels: Object.fromEntries(named), value: Number(value) };
}
