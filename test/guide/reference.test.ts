import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { isInputObjectType, isObjectType } from 'graphql';
import { getSchema } from '../../src/graphql/schema';

const ROOT = resolve(__dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/guide/schema.md'), 'utf8');

describe('the schema reference', () => {
  test('is what npm run schema writes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-reference-'));
    const target = join(folder, 'schema.md');
    execFileSync(process.execPath, ['tools/write-reference.mjs', target], { cwd: ROOT });
    expect(PAGE).toBe(readFileSync(target, 'utf8'));
    rmSync(folder, { recursive: true });
  });

  test('has each type and each field', () => {
    const types = Object.values(getSchema().getTypeMap()).filter(
      (type) => !type.name.startsWith('__') && (isObjectType(type) || isInputObjectType(type)),
    );
    const roots = ['Query', 'Mutation', 'Subscription'];
    for (const type of types.filter((one) => isObjectType(one) || isInputObjectType(one))) {
      const fields = Object.keys(type.getFields());
      const section = PAGE.split(`### ${type.name}\n`)[1]?.split('\n#')[0] ?? '';
      for (const name of fields)
        expect(roots.includes(type.name) ? PAGE : section).toContain(
          roots.includes(type.name) ? `### ${type.name}.${name}\n` : `| \`${name}`,
        );
    }
  });
});
