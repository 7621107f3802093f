import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Answer, Commands } from '../load/commands';
import { spawnNode } from './child';

const SCRIPT = join(__dirname, '..', 'load', 'main.js');
/**
 * Megabytes that V8 lets grow before it looks for garbage in all of the heap: that takes both processors for a while, every
 * ten seconds or so, and would be found in the peers' times (bench/README.md).
 */
const LARGE_HEAP = '--initial-old-space-size=4096';

/** The process that makes the load, so that it takes nothing of the server's time nor of ours. */
export class Load {
  private constructor(private readonly child: ChildProcess) {}

  static start(): Load {
    return new Load(
      spawnNode([LARGE_HEAP, SCRIPT], {
        env: { PATH: process.env.PATH },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      }),
    );
  }

  /** Has it do something; one thing at a time. */
  async do<Name extends keyof Commands>(
    name: Name,
    input: Commands[Name]['input'],
  ): Promise<Commands[Name]['result']> {
    const ended = new AbortController();
    const answered = once(this.child, 'message', { signal: ended.signal });
    const exited = once(this.child, 'exit', { signal: ended.signal }).then(() => {
      throw new Error('the load has ended by itself');
    });
    this.child.send({ name, input });
    try {
      const [answer] = (await Promise.race([answered, exited])) as [Answer];
      if ('error' in answer) throw new Error(`load: ${answer.error}`);
      return answer.result as Commands[Name]['result'];
    } finally {
      answered.catch(() => undefined);
      exited.catch(() => undefined);
      ended.abort();
    }
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }
}
