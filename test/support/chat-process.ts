import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { eventually } from './eventually';

const MAIN = resolve(__dirname, '../../chat/main.mjs');

/** The chat of one user, whose lines come through a pipe. */
export class ChatProcess {
  output = '';
  private readonly child: ChildProcess;

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    this.child = this.start([MAIN, ...args], { PATH: process.env.PATH!, ...env });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (chunk) => (this.output += chunk));
  }

  say(...lines: string[]): void {
    for (const line of lines) this.child.stdin!.write(`${line}\n`);
  }

  /** Presses keys; of use only in a terminal. */
  press(keys: string): void {
    this.child.stdin!.write(keys);
  }

  end(): void {
    this.child.stdin!.end();
  }

  async shows(text: string): Promise<void> {
    await eventually(() => expect(this.output).toContain(text));
  }

  count(text: string): number {
    return this.output.split(text).length - 1;
  }

  async exit(): Promise<number | null> {
    if (this.child.exitCode === null) await once(this.child, 'close');
    return this.child.exitCode;
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  protected start(args: readonly string[], env: Record<string, string>): ChildProcess {
    return spawn(process.execPath, args, { env, stdio: 'pipe' });
  }
}

/** The chat in a pseudo terminal of 100 columns, as `script` of util-linux makes one. */
export class TerminalChat extends ChatProcess {
  protected override start(args: readonly string[], env: Record<string, string>): ChildProcess {
    const quoted = [process.execPath, ...args].map((one) => `'${one}'`).join(' ');
    const command = `stty cols 100 rows 30; exec ${quoted}`;
    const shell = { TERM: 'xterm', SHELL: '/bin/sh', ...env };
    return spawn('script', ['-qefc', command, '/dev/null'], { env: shell, stdio: 'pipe' });
  }
}
