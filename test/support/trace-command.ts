import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { eventually } from './eventually';

const SCRIPT = resolve(__dirname, '../../dist/scripts/trace.js');

/** A line of `--json`: a frame, or a note. */
export type TraceLine = Record<string, unknown> & {
  type?: string;
  direction?: 'in' | 'out' | null;
  connectionId?: string;
  note?: string;
};

/** `npm run trace` as a real process, with nothing set but what is given. */
export class TraceCommand {
  output = '';
  errors = '';
  private readonly child: ChildProcess;

  constructor(env: Record<string, string>, ...args: string[]) {
    this.child = spawn(process.execPath, [SCRIPT, ...args], {
      env: { PATH: process.env.PATH!, ...env },
      stdio: 'pipe',
    });
    this.child.stdout!.on('data', (chunk) => (this.output += chunk));
    this.child.stderr!.on('data', (chunk) => (this.errors += chunk));
  }

  /** The whole lines so far, of `--json`. */
  get lines(): TraceLine[] {
    const texts = this.output.split('\n').slice(0, -1);
    return texts.map((text) => JSON.parse(text) as TraceLine);
  }

  get frames(): TraceLine[] {
    return this.lines.filter(({ note }) => note === undefined);
  }

  /** Waits until so many nodes follow the user. */
  async following(nodes: number): Promise<void> {
    await eventually(() => {
      if (this.child.exitCode !== null) throw new Error(`ended: ${this.errors}`);
      const following = this.lines.filter(({ note }) => note === 'following');
      if (following.length < nodes) throw new Error(`followed by ${following.length}`);
    });
  }

  /** Waits for a frame; returns the first one that fits. */
  frame(fits: (frame: TraceLine) => boolean): Promise<TraceLine> {
    return eventually(() => {
      const found = this.frames.find(fits);
      if (!found) throw new Error(`no such frame among\n${this.output}\n${this.errors}`);
      return found;
    });
  }

  async interrupt(): Promise<number | null> {
    this.child.kill('SIGINT');
    return this.exit();
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit();
  }

  async exit(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null)
      await once(this.child, 'close');
    return this.child.exitCode;
  }

  /** Closes the end from which the output is read, as `head` does. */
  closeOutput(): void {
    this.child.stdout!.destroy();
  }
}
