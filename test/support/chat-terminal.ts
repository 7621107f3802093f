import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { Terminal } from '@xterm/headless';
import { ChatProcess } from './chat-process';
import { eventually } from './eventually';

const ROWS = 30;

/**
 * The chat in a pseudo terminal, which `script` of util-linux makes. A terminal emulator reads what
 * it prints, so that tests see the screen as the user does.
 */
export class TerminalChat extends ChatProcess {
  private readonly emulator: Terminal;

  constructor(args: readonly string[], env: Record<string, string> = {}, columns = 100) {
    requireUtilLinux();
    super(args, { COLUMNS: String(columns), ...env });
    this.emulator = new Terminal({ cols: columns, rows: ROWS, allowProposedApi: true });
    this.emulator.loadAddon(new Unicode11Addon());
    this.emulator.unicode.activeVersion = '11';
    this.child.stdout!.on('data', (chunk) => this.emulator.write(chunk));
  }

  press(keys: string): void {
    this.child.stdin!.write(keys);
  }

  /** The rows of the screen, without the empty ones at the end. */
  screen(): string[] {
    const { active } = this.emulator.buffer;
    const rows = Array.from({ length: this.emulator.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true) ?? '').trimEnd(),
    );
    return rows.slice(0, rows.findLastIndex((row) => row !== '') + 1);
  }

  /** The column and row of the cursor, counted from 0. */
  cursor(): { x: number; y: number } {
    const { cursorX: x, cursorY: y } = this.emulator.buffer.active;
    return { x, y };
  }

  /** Waits until the screen ends with these rows. */
  async endsWith(...rows: string[]): Promise<void> {
    await eventually(() => expect(this.screen().slice(-rows.length)).toEqual(rows));
  }

  /** Gives the terminal another width, of which the chat is told. */
  resize(columns: number): void {
    const terminal = /^\/dev\/\S+/.exec(this.output)![0];
    this.emulator.resize(columns, ROWS);
    execFileSync('stty', ['-F', terminal, 'cols', String(columns)]);
  }

  protected override start(args: readonly string[], env: Record<string, string>): ChildProcess {
    const { COLUMNS, ...others } = env;
    const quoted = [process.execPath, ...args].map((one) => `'${one}'`).join(' ');
    const command = `tty; stty cols ${COLUMNS} rows ${ROWS}; exec ${quoted}`;
    const shell = { TERM: 'xterm', SHELL: '/bin/sh', ...others };
    return spawn('script', ['-qefc', command, '/dev/null'], { env: shell, stdio: 'pipe' });
  }
}

/** Other systems have no `script`, or one with other options. */
export function requireUtilLinux(path = process.env.PATH!): void {
  const { stdout } = spawnSync('script', ['--version'], { env: { PATH: path }, encoding: 'utf8' });
  if (stdout?.includes('util-linux')) return;
  throw new Error(
    'this test needs the program "script" of the package util-linux (on Debian: bsdutils), ' +
      'which makes a pseudo terminal; this system has none',
  );
}
