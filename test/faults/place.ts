import { NodeProcess } from '../support/node-process';

/** The most that a node takes to end after it was told to. */
const END_TIMEOUT_MS = 30_000;

/** A whole line of pino's that is at least a warning, or tells of a refused connection. */
const WARNING = /^{"level":([456]0,.*|.*"msg":"authentication failed".*)}$/;

interface LogLine {
  time: string;
  msg: string;
  reason?: string;
  err?: { message: string };
}

/** One run of a node's process, from its start to its end. */
export interface Life {
  /** When it served, ms; null when it does not yet, or ended before. */
  readyAt: number | null;
  /** When it was told to end, ms; null when it ended without being told, or has not. */
  toldAt: number | null;
  /** When its end was noticed, ms; null while it runs. */
  endedAt: number | null;
}

/** One place where a node runs, again and again. */
export class Place {
  url = '';
  metricsUrl = '';
  /** Ends without a word: at the failpoint, or by `kill()`. */
  kills = 0;
  readonly lives: Life[] = [];
  private process!: NodeProcess;
  private finished: string[] = [];
  private stopping = false;

  constructor(
    readonly name: string,
    private readonly env: Record<string, string>,
    /** Its program; default: that of this build. */
    private readonly main?: string,
  ) {}

  async start(): Promise<void> {
    // On one port for ever, so that clients know where it comes back.
    const port = this.url === '' ? '0' : new URL(this.url).port;
    this.process = new NodeProcess({ ...this.env, PORT: port }, [], this.main);
    const life: Life = { readyAt: null, toldAt: null, endedAt: null };
    this.lives.push(life);
    const ended = this.process.exit().then(() => {
      life.endedAt = Date.now();
    });
    ({ url: this.url, metricsUrl: this.metricsUrl } = await this.process.ready());
    life.readyAt = Date.now();
    void this.watch(this.process, life, ended);
  }

  /** The number of lines of its log that say so, over all its lives. */
  count(message: string): number {
    return [...this.finished, this.process.output].join('').split(`"msg":"${message}"`).length - 1;
  }

  log(): string {
    return [...this.finished, this.process.output, this.process.errors].join('');
  }

  /** The warnings, errors and refusals in its log from one moment to another (ms), in short. */
  warnings(from: number, until: number): string[] {
    return this.log()
      .split('\n')
      .filter((line) => WARNING.test(line))
      .map((line) => JSON.parse(line) as LogLine)
      .filter(({ time }) => Date.parse(time) >= from && Date.parse(time) <= until)
      .map(({ msg, reason, err }) => [msg, reason, err?.message].filter(Boolean).join(' '));
  }

  /** Ends it without a word; it comes back by itself. */
  kill(): void {
    this.process.kill();
  }

  /**
   * Tells it to end, as an orchestrator does; it comes back by itself.
   *
   * @throws {Error} it does not end in time, or not with 0
   */
  async terminate(): Promise<void> {
    const { process } = this;
    const life = this.lives.at(-1)!;
    if (life.toldAt !== null || life.endedAt !== null) return;
    life.toldAt = Date.now();
    process.terminate();
    let late: NodeJS.Timeout | undefined;
    const lateness = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new Error('has not ended in time')), END_TIMEOUT_MS);
    });
    try {
      const code = await Promise.race([process.exit(), lateness]);
      // During its start, a signal may end it at once.
      if (code !== 0 && life.readyAt !== null)
        throw new Error(`has ended with ${code}: ${process.errors.slice(-500)}`);
    } catch (error) {
      process.kill();
      throw new Error(`${this.name} was told to end and ${(error as Error).message}`);
    } finally {
      clearTimeout(late);
    }
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.process.interrupt();
  }

  private async watch(process: NodeProcess, life: Life, ended: Promise<void>): Promise<void> {
    await ended;
    if (this.stopping) return;
    if (life.toldAt === null) this.kills++;
    this.finished.push(process.output);
    // As a supervisor would: it may meet the next fault while it starts.
    for (let up = false; !up && !this.stopping; )
      up = await this.start().then(
        () => true,
        () => false,
      );
  }
}
