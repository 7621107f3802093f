import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order, Report } from '../flood/main';
import { spawnNode } from './child';
import { cpuMicroseconds } from './process-usage';

const SCRIPT = join(__dirname, '..', 'flood', 'main.js');
const LOCAL_ADDRESS = '127.0.0.2';
/** The system lets the server and the bystanders go first. */
const NICENESS = 10;

/** The process of the attackers, who come from an address of their own. */
export class Attackers {
  private constructor(private readonly child: ChildProcess) {}

  static start(): Attackers {
    return new Attackers(
      spawnNode([SCRIPT], {
        env: { PATH: process.env.PATH },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        niceness: NICENESS,
      }),
    );
  }

  /** Microseconds of CPU since its start. */
  cpu(): number {
    return cpuMicroseconds(this.child.pid!);
  }

  async begin(attacks: readonly string[], port: number): Promise<void> {
    await this.order({ begin: { attacks, target: { port, localAddress: LOCAL_ADDRESS } } });
  }

  end(): Promise<Report> {
    return this.order({ end: true });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exited = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await exited;
  }

  private async order(order: Order): Promise<Report> {
    const answered = once(this.child, 'message');
    this.child.send(order);
    const [report] = await answered;
    return report as Report;
  }
}
