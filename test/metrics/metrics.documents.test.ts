import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'graphql';
import { KNOWN_OPERATIONS } from '../../src/execution/known.operations';
import { Cluster } from '../support/cluster';
import { installProgram } from '../support/debian';
import { type Scrape, scrape } from '../support/scrape';
import { createFolder } from '../support/services.folder';

const OPERATIONS = resolve(__dirname, '../../docs/operations');
const DOCUMENTS = resolve(__dirname, '../../client/documents');
const ALERTS = join(OPERATIONS, 'alerts.yml');
const INSTALL_TIMEOUT_MS = 240_000;

const read = (name: string) => readFileSync(join(OPERATIONS, name), 'utf8');

/** The queries of the dashboard, as Prometheus gets them. */
function dashboardQueries(): string[] {
  const { panels } = JSON.parse(read('dashboard.json')) as {
    panels: { targets: { expr: string }[] }[];
  };
  return panels
    .flatMap(({ targets }) => targets.map(({ expr }) => expr))
    .map((expr) => expr.replaceAll('$__rate_interval', '5m').replaceAll('$instance', '.*'));
}

/** The first line for which promtool is not there, or null. */
function whyNoPromtool(): string | null {
  try {
    installProgram('promtool', 'prometheus');
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Metrics of ours and of the process that a text names. */
function namedIn(text: string): Set<string> {
  const names = [...text.matchAll(/\b(?:parley|nodejs|process)_[a-z0-9_]+/g)];
  return new Set(names.map(([name]) => name));
}

describe('docs/operations', () => {
  let cluster: Cluster;
  let scraped: Scrape;

  beforeAll(async () => {
    cluster = await Cluster.start();
    scraped = await scrape(cluster.node);
  });
  afterAll(() => cluster.stop());

  test('explains each metric, and no other one', () => {
    const rows = [...read('metrics.md').matchAll(/^\| `(parley_\w+)` \| (\w+) \| (.*) \|$/gm)];
    const ours = [...scraped.text.matchAll(/^# TYPE (parley_\S+) (\w+)$/gm)];
    const typed = (all: RegExpMatchArray[]) =>
      all.map(([, name, type]) => `${name} ${type}`).sort();
    expect(typed(rows)).toEqual(typed(ours));
    for (const [, name, , meaning] of rows)
      expect([name, meaning]).toEqual([name, expect.any(String)]);
  });

  test('uses the conventions of Prometheus for its names', () => {
    for (const [, name, type] of scraped.text.matchAll(/^# TYPE (parley_\S+) (\w+)$/gm)) {
      expect([name, name!.endsWith('_total')]).toEqual([name, type === 'counter']);
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
    }
  });

  test.each([
    ['metrics.md', () => read('metrics.md')],
    ['alerts.yml', () => read('alerts.yml')],
    ['dashboard.json', () => dashboardQueries().join('\n')],
  ])('%s asks for metrics that there are', (_name, text) => {
    const known = new Set(
      scraped.names.flatMap((name) => [name, `${name}_bucket`, `${name}_count`, `${name}_sum`]),
    );
    const named = [...namedIn(text())].filter((name) => !/_$/.test(name));
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  test('shows each metric on the dashboard, or asks for it in an alert', () => {
    const used = namedIn(`${dashboardQueries().join('\n')}${read('alerts.yml')}`);
    const isUsed = (name: string) =>
      [name, `${name}_bucket`, `${name}_count`].some((one) => used.has(one));
    const ours = scraped.names.filter((name) => name.startsWith('parley_'));
    expect(ours.filter((name) => !isUsed(name))).toEqual([]);
  });

  test('has ten lines to look at first, which the page has', () => {
    const text = read('metrics.md');
    const pattern = /grep -E '(.*)'$/m.exec(text)![1]!;
    const lines = scraped.text.split('\n').filter((line) => new RegExp(pattern).test(line));
    const names = lines.map((line) => line.replace(/ \S+$/, ''));
    expect(names).toHaveLength(10);
    const section = text.slice(text.indexOf('## Ten lines'), text.indexOf('## Connections'));
    const explained = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1]!);
    expect(explained.sort()).toEqual([...names].sort());
    const shown = [...section.matchAll(/^(\w+\S*) [\d.]+$/gm)].map((match) => match[1]!);
    expect(shown).toEqual(names);
  });

  test('names what it asks for of the process', () => {
    const asked = namedIn(`${dashboardQueries().join('\n')}${read('alerts.yml')}`);
    const explained = namedIn(read('metrics.md'));
    const ofProcess = [...asked].filter((name) => !name.startsWith('parley_'));
    expect(ofProcess.length).toBeGreaterThan(3);
    expect(ofProcess.filter((name) => !explained.has(name))).toEqual([]);
  });

  test('has a dashboard whose panels do not overlap, and say what they show', () => {
    const { panels } = JSON.parse(read('dashboard.json')) as {
      panels: { id: number; title: string; description: string; gridPos: object }[];
    };
    const distinct = (values: unknown[]) => new Set(values.map((one) => JSON.stringify(one))).size;
    for (const part of ['id', 'title', 'description', 'gridPos'] as const)
      expect([part, distinct(panels.map((panel) => panel[part]))]).toEqual([part, panels.length]);
  });

  test(
    'passes promtool, and so do the metrics',
    async () => {
      const reason = whyNoPromtool();
      if (reason !== null) {
        process.stderr.write(`not run: ${reason}\n`);
        return;
      }
      const folder = await createFolder('promtool');
      const queries = join(folder.path, 'queries.yml');
      const rules = dashboardQueries().map(
        (expr, index) => `- record: panel:${index}\n  expr: ${JSON.stringify(expr)}\n`,
      );
      const indented = rules.join('').replace(/^/gm, '      ');
      writeFileSync(queries, `groups:\n  - name: dashboard\n    rules:\n${indented.trimEnd()}\n`);
      const promtool = (args: string[], input = '') =>
        execFileSync('promtool', args, { input, encoding: 'utf8', stdio: 'pipe' });
      expect(promtool(['check', 'rules', ALERTS])).toMatch(/SUCCESS: \d+ rules found/);
      expect(promtool(['check', 'rules', queries])).toMatch(/SUCCESS: \d+ rules found/);
      // promtool also judges names that are prom-client's.
      const ours = scraped.text.split('\n\n').filter((part) => /^# HELP parley_/.test(part));
      expect(ours.length).toBeGreaterThan(20);
      expect(promtool(['check', 'metrics'], `${ours.join('\n')}\n`)).toBe('');
    },
    INSTALL_TIMEOUT_MS,
  );
});

test('the known operations are those of the documents for clients', () => {
  const documents = readdirSync(DOCUMENTS).map((name) =>
    parse(readFileSync(join(DOCUMENTS, name), 'utf8')),
  );
  const names = documents.flatMap(({ definitions }) =>
    definitions.flatMap((one) => (one.kind === 'OperationDefinition' ? [one.name!.value] : [])),
  );
  expect([...KNOWN_OPERATIONS].sort()).toEqual(names.sort());
});
