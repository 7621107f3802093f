import { quantile } from '../harness/median';
import type { Commands, TalkInput } from './commands';
import type { Crowd } from './crowd';
import { Expectation } from './expectation';
import { contentOf } from './marker';

const TICK_MS = 1;

/** Messages at a steady rate, whether or not the last ones have arrived, until it is told to end. */
export class Talk {
  private readonly sentAt: number[] = [];
  private readonly deliveries: { sentAt: number; latencyMs: number }[] = [];
  /** The number of deliveries that are still due, for each message. */
  private readonly due: number[] = [];
  private readonly refusedAt: number[] = [];
  /** The number of messages that have all their deliveries, or were refused. */
  private done = 0;
  private readonly expectation: Expectation;
  private readonly ticking: NodeJS.Timeout;
  private readonly startAt = now();

  constructor(
    private readonly crowd: Crowd,
    private readonly input: TalkInput,
  ) {
    this.expectation = new Expectation(crowd.lost);
    crowd.onDelivery = (event) => {
      const sentAt = this.sentAt[event]!;
      this.deliveries.push({ sentAt, latencyMs: now() - sentAt });
      if (--this.due[event]! === 0) this.expectation.step(++this.done);
    };
    this.ticking = setInterval(() => this.sendDue(), TICK_MS);
  }

  /** Ends it when everything has arrived. Says how long what was sent within some moments took. */
  async end({
    fromAt,
    untilAt,
  }: Commands['endTalk']['input']): Promise<Commands['endTalk']['result']> {
    clearInterval(this.ticking);
    await this.expectation.until(this.sentAt.length, () => this.done);
    const before = this.latencies((sentAt) => sentAt < fromAt);
    const within = this.latencies((sentAt) => sentAt >= fromAt && sentAt <= untilAt);
    return {
      deliveries: within.length,
      p50Ms: quantile(within, 0.5),
      p99Ms: quantile(within, 0.99),
      maxMs: quantile(within, 1),
      p99BeforeMs: quantile(before, 0.99),
      refused: this.refusedAt.filter((sentAt) => sentAt >= fromAt && sentAt <= untilAt).length,
    };
  }

  private latencies(isWanted: (sentAt: number) => boolean): number[] {
    return this.deliveries
      .filter(({ sentAt }) => isWanted(sentAt))
      .map(({ latencyMs }) => latencyMs);
  }

  private sendDue(): void {
    const { rate, devices } = this.input;
    const conversations = this.crowd.sessions.length / devices;
    for (let at = now(); this.startAt + (this.sentAt.length * 1_000) / rate <= at; at = now()) {
      const event = this.sentAt.length;
      const round = Math.floor(event / conversations);
      const index = (event % conversations) * devices + (round % devices);
      this.sentAt.push(at);
      const { conversationId } = this.crowd.memberOf(index);
      this.due.push(devices);
      this.crowd.sessions[index]!.send(conversationId, [contentOf(event)]).catch(() =>
        this.refused(event),
      );
    }
  }

  private refused(event: number): void {
    this.refusedAt.push(this.sentAt[event]!);
    // Refused for want of an answer, it may have been delivered.
    if (this.due[event]! > 0) this.expectation.step(++this.done);
    this.due[event] = 0;
  }
}

/** Milliseconds of the wall clock, which all processes share, to the microsecond. */
function now(): number {
  return performance.timeOrigin + performance.now();
}
