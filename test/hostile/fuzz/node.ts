import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import WebSocket from 'ws';
import { choosePort } from '../../support/services';

const MAIN = resolve(__dirname, '../../../dist/main.js');
const START_TIMEOUT_MS = 60_000;
const INSPECTOR = /Debugger listening on (ws:\S+)/;
/** What Node says of its inspector is no complaint. */
const OF_INSPECTOR = /^(Debugger |For help, see|Starting inspector)/;
const [WARNING, ERROR] = [40, 50];

/** A real process of a node that is to be fuzzed, with its log and an inspector. */
export class FuzzedNode {
  /** Lines that no client may cause: of level error, or written past the log. */
  readonly complaints: string[] = [];
  /** Warnings, by their text. */
  readonly warnings = new Map<string, number>();
  private isReady = false;
  private inspectorUrl: string | null = null;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {
    eachLine(child.stdout!, (line) => this.read(line));
    eachLine(child.stderr!, (line) => {
      this.inspectorUrl ??= INSPECTOR.exec(line)?.[1] ?? null;
      if (line.trim() !== '' && !OF_INSPECTOR.test(line)) this.complaints.push(line);
    });
  }

  /** Starts one; resolves when it is ready. */
  static async start(env: Record<string, string>): Promise<FuzzedNode> {
    const port = await choosePort();
    const child = spawn(process.execPath, ['--inspect=127.0.0.1:0', MAIN], {
      env: { PATH: process.env.PATH!, PORT: String(port), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const node = new FuzzedNode(child, `http://127.0.0.1:${port}`);
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!node.isReady) {
      if (!node.isAlive || Date.now() > deadline)
        throw new Error(`not ready: ${node.complaints.join('\n')}`);
      await Promise.race([once(child.stdout!, 'data'), once(child, 'exit')]);
    }
    return node;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** The bytes of the heap that are in use after a forced collection. */
  async heapBytes(): Promise<number> {
    const socket = new WebSocket(this.inspectorUrl!);
    await once(socket, 'open');
    let calls = 0;
    const call = async (method: string) => {
      const id = ++calls;
      socket.send(JSON.stringify({ id, method }));
      for (;;) {
        const [data] = (await once(socket, 'message')) as [Buffer];
        const answer = JSON.parse(data.toString()) as { id?: number; result: never };
        if (answer.id === id) return answer.result as Record<string, number>;
      }
    };
    // What the first one finalises, the second one collects.
    await call('HeapProfiler.collectGarbage');
    await call('HeapProfiler.collectGarbage');
    const { usedSize } = await call('Runtime.getHeapUsage');
    socket.close();
    return usedSize!;
  }

  /** Stops it as an operator does; returns its exit code. */
  async stop(): Promise<number | null> {
    if (this.isAlive) {
      this.child.kill('SIGTERM');
      await once(this.child, 'exit');
    }
    return this.child.exitCode;
  }

  private read(line: string): void {
    if (!line.startsWith('{')) return;
    const { level, msg } = JSON.parse(line) as { level: number; msg: string };
    if (msg === 'ready') this.isReady = true;
    if (level >= ERROR) this.complaints.push(line);
    else if (level >= WARNING) this.warnings.set(msg, (this.warnings.get(msg) ?? 0) + 1);
  }
}

function eachLine(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) take(line);
  });
}
