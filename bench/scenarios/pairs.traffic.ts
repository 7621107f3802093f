import { assertConnections } from '../harness/child';
import type { Sample } from '../harness/rounds';
import { conversationId, type Population, populate, userId } from '../harness/seed';
import type { Peer } from '../harness/servers';
import type { Stage } from '../harness/stage';
import type { Member } from '../load/commands';
import { protocolOf } from './scenario';

/** V8 goes on compiling for some thousands of messages, on threads of its own, too, whose CPU is the server's. */
const WARM_UP_MS = 15_000;

export interface TrafficOptions {
  conversations: number;
  /** Of each of the two people. */
  devices: number;
  messagesPerSecond: number;
}

/** Conversations of two people, whose devices all listen; messages at a steady rate; through Redis. */
export class PairsTraffic {
  private constructor(
    private readonly stage: Stage,
    private readonly template: string,
    private readonly population: Population,
    private readonly options: TrafficOptions,
  ) {}

  static async prepare(stage: Stage, options: TrafficOptions): Promise<PairsTraffic> {
    const population: Population = { conversations: options.conversations, people: 2, messages: 5 };
    assertConnections(population.conversations * 2 * options.devices);
    const template = await stage.template((client) => populate(client, population));
    return new PairsTraffic(stage, template, population, options);
  }

  /** One peer's figures: µs of server CPU a message, and the time from a mutation's start to its deliveries. */
  measure(peer: Peer): Promise<Sample> {
    const { quick } = this.stage.options;
    const traffic = { rate: this.options.messagesPerSecond, devices: this.options.devices * 2 };
    return this.stage.perform(peer, this.template, 'redis', async ({ server, load }) => {
      await load.do('open', {
        protocol: protocolOf(peer),
        port: server.port,
        members: this.members(),
      });
      await load.do('probe', {});
      await load.do('pairs', { ...traffic, ms: quick ? 1_000 : WARM_UP_MS });
      const cpu = server.cpu();
      const spread = await load.do('pairs', { ...traffic, ms: quick ? 2_000 : 10_000 });
      const cpuUs = server.cpu() - cpu;
      return {
        cpuUsPerMessage: cpuUs / spread.events,
        p50Ms: spread.p50Ms,
        p99Ms: spread.p99Ms,
        messagesPerSecond: (spread.events / spread.elapsedMs) * 1_000,
        leftOut: spread.leftOut,
        drainMs: spread.drainMs,
        serverShare: cpuUs / 1_000 / spread.elapsedMs,
        loadShare: spread.loadCpuUs / 1_000 / spread.elapsedMs,
      };
    });
  }

  private members(): Member[] {
    const { conversations, devices } = this.options;
    return Array.from({ length: conversations * 2 * devices }, (_, index) => {
      const person = Math.floor(index / devices);
      const conversation = Math.floor(person / 2);
      return {
        userId: userId(conversation, person % 2, this.population),
        conversationId: conversationId(conversation),
      };
    });
  }
}

/** Whether messages left and arrived at the rate that was asked for. */
export function keptUp({ leftOut, drainMs }: Sample): boolean {
  return leftOut === 0 && drainMs! < 1_000;
}
