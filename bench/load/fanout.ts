import { setTimeout as delay } from 'node:timers/promises';
import { quantile } from '../harness/median';
import type { Commands, Delivered } from './commands';
import type { Crowd } from './crowd';
import { Expectation } from './expectation';
import { contentOf } from './marker';

const SPELL_MS = 1_000;
/** Longer than TCP delays an acknowledgement (Linux: 40 to 200 ms). */
const REST_MS = 300;

/**
 * Sends to everybody, again and again, each time when the last one has arrived everywhere; in spells of a second, with
 * rests between them that do not count.
 *
 * The rests are for TCP. Who has lately sent something, a pong for instance, delays acknowledgements, and over the loopback
 * interface an acknowledgement that has become due is then made within the sender's own system call. After a rest nobody does
 * so, whatever their protocol made them say before.
 */
export async function fanout(
  crowd: Crowd,
  { sender, ms, burst }: Commands['fanout']['input'],
): Promise<Delivered> {
  const session = await crowd.join(sender.userId);
  const expectation = new Expectation(crowd.lost);
  crowd.onDelivery = () => expectation.step(crowd.deliveries);

  const latenciesMs: number[] = [];
  const before = crowd.deliveries;
  const cpu = process.cpuUsage();
  let [events, elapsedMs] = [0, 0];
  while (elapsedMs < ms) {
    await delay(REST_MS);
    const startMs = performance.now();
    const untilMs = startMs + Math.min(SPELL_MS, ms - elapsedMs);
    while (performance.now() < untilMs) {
      const sentMs = performance.now();
      const contents = Array.from({ length: burst }, () => contentOf(++events));
      const answered = session.send(sender.conversationId, contents);
      await expectation.until(before + events * crowd.sessions.length, () => crowd.deliveries);
      latenciesMs.push(performance.now() - sentMs);
      await Promise.race([answered, crowd.lost]);
    }
    elapsedMs += performance.now() - startMs;
  }
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
