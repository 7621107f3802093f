import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NodeProcess } from '../support/node-process';

const ROOT = resolve(__dirname, '../..');

describe('a Node that is too old', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-node-'));
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  /** Starts a node that is told another version of Node. */
  async function startOn(version: string): Promise<NodeProcess> {
    const file = join(directory, `${version}.js`);
    const versions = `{ ...process.versions, node: '${version}' }`;
    await writeFile(file, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
    return new NodeProcess({ NODE_OPTIONS: `--require ${file}`, PORT: 'x' });
  }

  test.each(['20.18.3', '18.20.4', '16.0.0', '9.11.2', '8.0.0'])(
    'is refused in one line: %s',
    async (version) => {
      const node = await startOn(version);
      expect(await node.exit()).toBe(1);
      expect(node.errors).toBe(`parley: Node ${version} is too old: 20.19 or newer is needed\n`);
    },
  );

  test.each(['20.19.0', '22.0.0', '24.1.0', '100.0.0'])('is not %s', async (version) => {
    const node = await startOn(version);
    await node.exit();
    expect(node.errors).toMatch(/^parley: PORT: .*\n$/);
  });

  test('is the one that package.json excludes', async () => {
    const { engines } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
    const source = await readFile(join(ROOT, 'src/runtime/node-version.ts'), 'utf8');
    expect(source).toContain(`const LEAST = '${engines.node.replace('>=', '')}';`);
  });

  test('can read what runs before it is refused', async () => {
    for (const file of ['main.js', 'runtime/node-version.js']) {
      const code = await readFile(join(ROOT, 'dist', file), 'utf8');
      const statements = code.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      expect(statements).not.toMatch(/\?\?|\?\.[a-z([]|\|\|=|&&=|\bstatic\b|catch \{|\b\d+_\d/);
    }
    const main = await readFile(join(ROOT, 'dist/main.js'), 'utf8');
    expect(/require\("([^"]+)"\)/.exec(main)![1]).toBe('./runtime/node-version');
  });
});
