import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const MODULE = resolve(__dirname, '../../chat/history.mjs');

describe('the file of typed lines', () => {
  let directory: string;
  let file: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-history-'));
    file = join(directory, 'parley/chat_history');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** Runs a program that has a history `h` of a chat whose token is `secret`. */
  function run(program: string, folder = directory): string {
    const start = `import { History } from '${MODULE}';
      const h = new History({ XDG_STATE_HOME: '${folder}' }, 'secret');`;
    const args = ['--input-type=module', '-e', `${start}\n${program}`];
    return execFileSync(process.execPath, args, { encoding: 'utf8' });
  }

  it('has no token and no line that is very long', async () => {
    run(`h.read();
      for (const line of ['one', 'send eyJhbGciOi.eyJzdWIi.x', 'send secret', ' ', 'a'.repeat(1001)])
        h.add(line);`);
    expect(await readFile(file, 'utf8')).toBe('one\n');
  });

  it('is cut to its newest 1,000 lines, and is only its user’s', async () => {
    run('h.read()');
    const lines = Array.from({ length: 1_500 }, (_, index) => `line ${index}`);
    await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o644 });
    expect(run('process.stdout.write(h.read()[0])')).toBe('line 1499');
    expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(1_001);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('lets the chat go on where it cannot be written', () => {
    const program = "h.read(); h.add('one'); process.stdout.write(h.problem)";
    expect(run(program, '/dev/null')).toMatch(/^E(NOTDIR|EXIST)/);
  });
});
