import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../../src/config';
import { ROOT } from '../support/compose';
import { startProduction } from '../support/production';

const FOLDER = join(ROOT, 'docs/operations');
const DOCUMENTS = ['deployment', 'scaling', 'backup', 'upgrades', 'rotating-keys'];
const textOf = (name: string) => readFileSync(join(FOLDER, `${name}.md`), 'utf8');
const all = DOCUMENTS.map(textOf).join('\n');
const unique = (pattern: RegExp) => [...new Set(all.match(pattern))];
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

describe('the documents for operators', () => {
  test('name commands that exist', () => {
    for (const command of unique(/(?<=npm run )[\w:-]+/g))
      expect(scripts).toHaveProperty([command]);
    for (const script of unique(/(?<=dist\/scripts\/)[\w-]+(?=\.js)/g))
      expect(existsSync(join(ROOT, `src/scripts/${script}.ts`))).toBe(true);
    expect(existsSync(join(ROOT, 'src/main.ts'))).toBe(true);
  });

  test('name settings that exist', () => {
    const named = unique(/\b(?:JWT|LIMIT|DRAIN|DATABASE|HTTP|REDIS|TRUST|FRONTEND)_[A-Z_]+\b/g);
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((name) => !SETTINGS.includes(name as never))).toEqual([]);
  });

  test('name every manifest, and no other', () => {
    const files = readdirSync(join(ROOT, 'deploy/kubernetes')).filter((one) => /yaml$/.test(one));
    const rows = [...textOf('deployment').matchAll(/^\| `([\w-]+\.yaml)` \|/gm)];
    expect(rows.map(([, name]) => name).sort()).toEqual(files.sort());
  });

  test('name metrics that a node has', async () => {
    const { cluster } = await startProduction();
    const text = await (await fetch(cluster.node.metricsUrl)).text();
    await cluster.stop();
    const named = unique(/\b(?:parley|nodejs)_[a-z0-9_]+\b/g);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(text).toContain(`# TYPE ${name} `);
  });
});
