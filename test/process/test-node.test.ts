import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function testNode(...args: string[]) {
  const script = join(ROOT, 'tools/test-node.mjs');
  return spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
}

test('without a version, test:node says how it is used', () => {
  for (const args of [[], ['test/domain'], ['latest'], ['v24']]) {
    const { status, stdout, stderr } = testNode(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^usage: npm run test:node -- .*\n$/);
  }
});

test('a version that npm does not have is a line, and fails', () => {
  const { status, stdout } = testNode('0.0.1', 'test/comments.test.ts');
  expect(status).toBe(1);
  expect(stdout).toMatch(/^\nNode 0\.0\.1: node-.*@0\.0\.1 was not installed: .*\n$/);
});

test('all documents and the image name the same Node', () => {
  const recommended = /^FROM node:(\d+)-slim$/m.exec(read('Dockerfile'))![1];
  expect(read('README.md')).toContain(
    `needs Node, and nothing else: ${recommended} is recommended`,
  );
  expect(read('CONTRIBUTING.md')).toContain(`Work on Node ${recommended}.`);
  const oldest = />=(\S+)/.exec(JSON.parse(read('package.json')).engines.node)![1]!;
  expect(read('README.md').replace(/\n/g, ' ')).toContain(`${oldest} is the oldest that is tested`);
});
