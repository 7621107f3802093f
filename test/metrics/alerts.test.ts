import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Cluster } from '../support/cluster';
import { installProgram } from '../support/debian';
import { scrape } from '../support/scrape';

const OPERATIONS = resolve(__dirname, '../../docs/operations');
const INSTALL_TIMEOUT_MS = 240_000;

const alerts = readFileSync(join(OPERATIONS, 'alerts.yml'), 'utf8');
const cases = readFileSync(join(OPERATIONS, 'alerts.test.yml'), 'utf8');
const names = [...alerts.matchAll(/- alert: (\w+)/g)].map((match) => match[1]!);

/** Each value of a label that a rule asks a counter for. */
function labelledCounters(): { name: string; labels: Record<string, string> }[] {
  const selectors = alerts.matchAll(/\b(parley_\w+_total)\{(\w+)=~?"([^"]+)"/g);
  return [...selectors].flatMap(([, name, label, values]) =>
    values!.split('|').map((value) => ({ name: name!, labels: { [label!]: value } })),
  );
}

describe('the alert rules', () => {
  test('say what has happened and what to do', () => {
    const annotations = [...alerts.matchAll(/^ {10}(summary|description): /gm)].map(
      (match) => match[1],
    );
    expect(annotations).toEqual(names.flatMap(() => ['summary', 'description']));
  });

  test('each have a test in which they fire, and one in which they do not', () => {
    const tried = (pattern: RegExp) => [...cases.matchAll(pattern)].map((match) => match[1]!);
    const firing = tried(/alertname: (\w+)\n +exp_alerts:\n/g);
    const silent = tried(/alertname: (\w+) \}/g);
    expect([...new Set(firing)].sort()).toEqual([...names].sort());
    expect([...new Set(silent)].sort()).toEqual([...names].sort());
  });

  // A counter that appears with its first count has not increased for Prometheus.
  test('ask for counters that are there before their first count', async () => {
    const cluster = await Cluster.start();
    try {
      const { text } = await scrape(cluster.node);
      const asked = labelledCounters();
      expect(asked.length).toBeGreaterThan(3);
      for (const { name, labels } of asked) {
        const [label, value] = Object.entries(labels)[0]!;
        expect(text).toContain(`\n${name}{${label}="${value}"} `);
      }
    } finally {
      await cluster.stop();
    }
  });

  test(
    'pass their tests by promtool',
    () => {
      try {
        installProgram('promtool', 'prometheus');
      } catch (error) {
        process.stderr.write(`not run: ${(error as Error).message}\n`);
        return;
      }
      const result = execFileSync('promtool', ['test', 'rules', 'alerts.test.yml'], {
        cwd: OPERATIONS,
        encoding: 'utf8',
        stdio: 'pipe',
      });
      expect(result).toContain('SUCCESS');
    },
    INSTALL_TIMEOUT_MS,
  );
});
