import { quantile } from '../harness/median';
import type { Commands, Spread } from './commands';
import type { Crowd } from './crowd';
import { Expectation } from './expectation';
import { contentOf } from './marker';

const TICK_MS = 1;
/** Messages under way. With more the server has not kept the rate, and what is due is left out. */
const MOST_UNDER_WAY = 1_000;
/** Coprime to any number of conversations that is not its multiple: neighbours in time are none in place. */
const STRIDE = 7_919;

/**
 * An open loop: messages leave at a steady rate, whether or not the last ones have arrived. Members stand in groups of
 * `devices`, each a conversation; each device sends in its turn. Ends when everything has arrived.
 */
export async function pairs(
  crowd: Crowd,
  { rate, ms, devices }: Commands['pairs']['input'],
): Promise<Spread> {
  const total = Math.floor((rate * ms) / 1_000);
  const sentMs = new Float64Array(total);
  const latenciesMs = new Float64Array(total * devices);
  const before = crowd.deliveries;
  const expectation = new Expectation(crowd.lost);
  crowd.onDelivery = (event) => {
    latenciesMs[crowd.deliveries - before - 1] = performance.now() - sentMs[event]!;
    expectation.step(crowd.deliveries);
  };

  const conversations = crowd.sessions.length / devices;
  const answers: Promise<void>[] = [];
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  let due = 0;
  let sent = 0;
  while (due < total) {
    for (; due < total && startMs + (due * 1_000) / rate <= performance.now(); due++) {
      if (sent - (crowd.deliveries - before) / devices > MOST_UNDER_WAY) continue;
      const index = ((due * STRIDE) % conversations) * devices + (due % devices);
      sentMs[sent] = performance.now();
      answers.push(
        crowd.sessions[index]!.send(crowd.memberOf(index).conversationId, [contentOf(sent)]),
      );
      sent++;
    }
    await Promise.race([new Promise((resolve) => setTimeout(resolve, TICK_MS)), crowd.lost]);
  }
  const sendingMs = performance.now() - startMs;
  await expectation.until(before + sent * devices, () => crowd.deliveries);
  await Promise.race([Promise.all(answers), crowd.lost]);
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  const measured = [...latenciesMs.subarray(0, sent * devices)];
  return {
    events: sent,
    deliveries: sent * devices,
    elapsedMs,
    drainMs: elapsedMs - sendingMs,
    leftOut: total - sent,
    loadCpuUs: user + system,
    p50Ms: quantile(measured, 0.5),
    p99Ms: quantile(measured, 0.99),
  };
}
