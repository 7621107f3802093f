import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';

const MAIN = resolve(__dirname, '../../dist/main.js');
const START_TIMEOUT_MS = 60_000;

/** One real process of ours, with nothing set but what is given. */
export class NodeProcess {
  output = '';
  errors = '';
  private readonly child: ChildProcess;

  /** @param main the program; default: that of this build */
  constructor(env: Record<string, string>, args: readonly string[] = [], main = MAIN) {
    this.child = spawn(process.execPath, [main, ...args], {
      env: { PATH: process.env.PATH!, ...env },
      stdio: 'pipe',
    });
    this.child.stdout!.on('data', (chunk) => (this.output += chunk));
    this.child.stderr!.on('data', (chunk) => (this.errors += chunk));
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** The addresses of the API and of the metrics, and a token for each demo user. */
  async ready(): Promise<{ url: string; metricsUrl: string; tokens: Record<string, string> }> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!this.output.includes('"msg":"ready"')) {
      if (this.hasEnded || Date.now() > deadline)
        throw new Error(`not ready: ${this.output} ${this.errors}`);
      await Promise.race([once(this.child.stdout!, 'data'), once(this.child, 'exit')]);
    }
    const line = this.output.split('\n').find((one) => one.includes('"msg":"ready"'))!;
    const { url, metricsUrl } = JSON.parse(line) as Record<'url' | 'metricsUrl', string>;
    const tokens = [...this.output.matchAll(/^ {2}(alice|bob|carol|dave) +(\S+)$/gm)].map(
      (match) => [match[1], match[2]],
    );
    return { url, metricsUrl, tokens: Object.fromEntries(tokens) };
  }

  async exit(): Promise<number | null> {
    if (!this.hasEnded) await once(this.child, 'close');
    return this.child.exitCode;
  }

  async interrupt(): Promise<number | null> {
    this.child.kill('SIGINT');
    return this.exit();
  }

  /** Tells it to end, as an orchestrator does. */
  terminate(): void {
    this.child.kill('SIGTERM');
  }

  kill(): void {
    this.child.kill('SIGKILL');
  }

  private get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}
