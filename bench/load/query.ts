import { quantile } from '../harness/median';
import type { Commands } from './commands';
import { HttpClient } from './http-client';
import { tokenOf } from './tokens';

export async function query(
  input: Commands['query']['input'],
): Promise<Commands['query']['result']> {
  const client = await HttpClient.open(input.port);
  const latenciesMs: number[] = [];
  for (let time = 0; time < input.times; time++) {
    const askedMs = performance.now();
    await client.query(tokenOf(input.userId), input.query, input.variables);
    latenciesMs.push(performance.now() - askedMs);
  }
  client.close();
  return { p50Ms: quantile(latenciesMs, 0.5), p99Ms: quantile(latenciesMs, 0.99) };
}
