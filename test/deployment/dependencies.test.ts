import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/compose';

test('decision 5 explains each production dependency, and no other', () => {
  const { dependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  ) as Record<string, Record<string, string>>;
  const decision = readFileSync(join(ROOT, 'docs/decisions/0005-packages.md'), 'utf8');
  const rows = [...decision.matchAll(/^\| `([^`]+)` \|(.+)\|(.+)\|(.+)\|$/gm)];
  const optional = new Set(Object.keys(optionalDependencies!).map((name) => name.split('/')[0]));
  const wanted = [...Object.keys(dependencies!), ...[...optional].map((scope) => `${scope}/*`)];
  expect(rows.map(([, name]) => name).sort()).toEqual(wanted.sort());
  for (const [row, , ...cells] of rows)
    for (const cell of cells) expect([row, cell.trim()]).not.toEqual([row, '']);
});
