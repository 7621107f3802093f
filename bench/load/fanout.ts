import { quantile } from '../harness/median';
import type { Commands, Delivered } from './commands';
import type { Crowd } from './crowd';
import { Expectation } from './expectation';
import { contentOf } from './marker';

/** Sends to everybody, again and again, each time when the last one has arrived everywhere. */
export async function fanout(crowd: Crowd, { sender, ms, burst }: Commands['fanout']['input']): Promise<Delivered> {
  const session = await crowd.join(sender.userId);
  const expectation = new Expectation(crowd.lost);
  crowd.onDelivery = () => expectation.step(crowd.deliveries);

  const latenciesMs: number[] = [];
  const before = crowd.deliveries;
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  let events = 0;
  while (performance.now() - startMs < ms) {
    const sentMs = performance.now();
    const contents = Array.from({ length: burst }, () => contentOf(++events));
    const answered = session.send(sender.conversationId, contents);
    await expectation.until(before + events * crowd.sessions.length, () => crowd.deliveries);
    latenciesMs.push(performance.now() - sentMs);
    await Promise.race([answered, crowd.lost]);
  }
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  session.close();
  return {
    events,
    deliveries: crowd.deliveries - before,
    elapsedMs,
    loadCpuUs: user + system,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}
