import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { eventually } from './eventually';

const MAIN = resolve(__dirname, '../../chat/main.mjs');

/** The chat of one user, whose lines come through a pipe. */
export class ChatProcess {
  output = '';
  protected readonly child: ChildProcess;

  constructor(args: readonly string[], env: Record<string, string> = {}) {
    this.child = this.start([MAIN, ...args], { PATH: process.env.PATH!, ...env });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.setEncoding('utf8').on('data', (chunk) => (this.output += chunk));
  }

  say(...lines: string[]): void {
    for (const line of lines) this.child.stdin!.write(`${line}\n`);
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
