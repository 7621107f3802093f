import { quantile } from '../harness/median';
import type { Commands } from './commands';
import { HttpClient } from './http-client';
import { tokenOf } from './tokens';

/** Asks the same over HTTP at a steady rate, whether or not the last answers have come. */
export class Asker {
  private readonly idle: HttpClient[] = [];
  private readonly latencies: number[] = [];
  private readonly underWay = new Set<Promise<void>>();
  private readonly asking: NodeJS.Timeout;
  private asked = 0;
  private refused = 0;

  constructor(private readonly input: Commands['beginAsking']['input']) {
    this.asking = setInterval(() => {
      const answered: Promise<void> = this.ask().finally(() => this.underWay.delete(answered));
      this.underWay.add(answered);
    }, 1_000 / input.rate);
  }

  async end(): Promise<Commands['endAsking']['result']> {
    clearInterval(this.asking);
    await Promise.all(this.underWay);
    for (const client of this.idle) client.close();
    const { latencies, refused } = this;
    return { p50Ms: quantile(latencies, 0.5), p99Ms: quantile(latencies, 0.99), refused };
  }

  private async ask(): Promise<void> {
    const { port, userIds, query, variables } = this.input;
    const token = tokenOf(userIds[this.asked++ % userIds.length]!);
    const startMs = performance.now();
    try {
      const client = this.idle.pop() ?? (await HttpClient.open(port));
      await client.query(token, query, variables);
      this.idle.push(client);
      this.latencies.push(performance.now() - startMs);
    } catch {
      this.refused++;
    }
  }
}
