import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const CHAT = resolve(__dirname, '../../chat');
const CYAN = '\x1b[36m';

/** Runs a program in Node, and returns what it prints. */
function run(program: string): string {
  const args = ['--input-type=module', '-e', program];
  return execFileSync(process.execPath, args, { encoding: 'utf8' });
}

test('the chat has colours in a terminal, and where they are asked for', () => {
  const terminal = { isTTY: true };
  const cases: [{ isTTY?: boolean }, Record<string, string>, boolean][] = [
    [terminal, { TERM: 'xterm' }, true],
    [terminal, { TERM: 'xterm', NO_COLOR: '1' }, false],
    [terminal, { TERM: 'xterm', NO_COLOR: '' }, true],
    [terminal, { TERM: 'dumb' }, false],
    [terminal, { TERM: 'xterm', FORCE_COLOR: '0' }, false],
    [{}, { TERM: 'xterm' }, false],
    [{}, { FORCE_COLOR: '1' }, true],
    [{}, { FORCE_COLOR: '' }, true],
    [{}, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
    [{}, { FORCE_COLOR: 'false' }, false],
  ];
  const output = run(`import { wantsColours } from '${CHAT}/colours.mjs';
    const cases = ${JSON.stringify(cases)};
    console.log(JSON.stringify(cases.map(([output, env]) => wantsColours(output, env))));`);
  expect(JSON.parse(output)).toEqual(cases.map(([, , wanted]) => wanted));
});

test('colours that are wanted are there, wherever they go', () => {
  const output = run(`import { textOf } from '${CHAT}/lines.mjs';
    const offer = { proposer: { username: 'bob' }, items: [], availableActions: [] };
    for (const wanted of [true, false]) console.log(textOf({ type: 'offer', offer }, wanted));`);
  const [coloured, plain] = output.trim().split('\n');
  expect(coloured).toMatch(/^\S{5}offer of bob/);
  expect(coloured!.startsWith(CYAN)).toBe(true);
  expect(plain).toMatch(/^offer of bob/);
});

test.each(['18.20.8', '20.18.3'])('Node %s is refused in one line', (version) => {
  const old = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } });`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(old)}`];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [...args, `${CHAT}/main.mjs`, 'alice'],
    { encoding: 'utf8' },
  );
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toBe(`parley: Node 20.19 or newer is needed, and this is ${version}\n`);
});
