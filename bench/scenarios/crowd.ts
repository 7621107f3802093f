import { Client } from 'pg';
import { assertConnections } from '../harness/child';
import type { Sample } from '../harness/rounds';
import { conversationId, type Population, populate, userId } from '../harness/seed';
import type { Peer } from '../harness/servers';
import type { Bus, Scene, Stage } from '../harness/stage';
import type { Delivered, Member } from '../load/commands';
import type { Selection } from '../load/session';
import { protocolOf } from './scenario';

/** Participants that a group may have: subscribers beyond are further devices of theirs. */
const MOST_PARTICIPANTS = 50;
/** Said before; who resumes begins at one of so many places. */
const HISTORY = 500;
/** With one device a person: thousands of events, after which V8 has compiled what happens once an event. */
const REHEARSAL_MS = 5_000;
const WARM_UP_MS = 3_000;
const WINDOW_MS = 3_000;
const QUICK_MS = 1_000;

/** One conversation and everybody who listens to it. */
export interface CrowdOptions {
  subscribers: number;
  bus: Bus;
  /** Events in one write. Default 1. */
  burst?: number;
  /** Default `plain`. */
  selection?: Selection;
  /** Every subscriber is a person of their own, more than a group may have. Default false. */
  strangers?: boolean;
  /** Everybody leaves and comes back, from where they say. Default false. */
  resumed?: boolean;
}

export class CrowdScenario {
  private readonly population: Population;

  private constructor(
    private readonly stage: Stage,
    private readonly template: string,
    private readonly options: CrowdOptions,
  ) {
    this.population = populationOf(options);
  }

  static async prepare(stage: Stage, options: CrowdOptions): Promise<CrowdScenario> {
    assertConnections(options.subscribers);
    const template = await stage.template((client) => populate(client, populationOf(options)));
    return new CrowdScenario(stage, template, options);
  }

  /** One peer's figures: µs of server CPU a delivery, deliveries a second, KB a connection. */
  measure(peer: Peer): Promise<Sample> {
    const { bus, subscribers } = this.options;
    return this.stage.perform(peer, this.template, bus, async (scene) => {
      const idleKb = scene.server.residentKb();
      await this.connect(peer, scene, subscribers);
      const connectedKb = scene.server.residentKb();
      await scene.load.do('close', null);
      await this.connect(peer, scene, this.population.people);
      await this.send(scene, this.msOr(REHEARSAL_MS));
      await scene.load.do('close', null);
      await this.connect(peer, scene, subscribers);
      if (this.options.resumed) await this.resume(peer, scene);
      await this.send(scene, this.msOr(WARM_UP_MS));
      const cpu = scene.server.cpu();
      const delivered = await this.send(scene, this.msOr(WINDOW_MS));
      const cpuUs = scene.server.cpu() - cpu;
      return {
        cpuUsPerDelivery: cpuUs / delivered.deliveries,
        deliveriesPerSecond: (delivered.deliveries / delivered.elapsedMs) * 1_000,
        kbPerConnection: (connectedKb - idleKb) / subscribers,
        everybodyP50Ms: delivered.p50Ms,
        everybodyP99Ms: delivered.p99Ms,
        serverShare: cpuUs / 1_000 / delivered.elapsedMs,
        loadShare: delivered.loadCpuUs / 1_000 / delivered.elapsedMs,
      };
    });
  }

  /** Statements that reach the database for one event. */
  countStatements(peer: Peer): Promise<number> {
    return this.stage.performCounted(peer, this.template, this.options.bus, async (scene) => {
      await this.connect(peer, scene, this.options.subscribers);
      const before = scene.statements.count;
      const { events } = await this.send(scene, 1_000);
      return (scene.statements.count - before) / events;
    });
  }

  private async connect(
    peer: Peer,
    scene: Scene,
    subscribers: number,
    afters: readonly (number | null)[] = [],
  ): Promise<void> {
    const { selection } = this.options;
    const members = Array.from({ length: subscribers }, (_, index) => ({
      ...this.member(index),
      after: afters[index] ?? null,
    }));
    await scene.load.do('open', {
      protocol: protocolOf(peer),
      port: scene.server.port,
      members,
      selection,
    });
    if (afters.length === 0) await scene.load.do('probe', {});
  }

  /** Everybody goes and comes back; who can resume does so from a place of their own, and gets what is due. */
  private async resume(peer: Peer, scene: Scene): Promise<void> {
    const { subscribers } = this.options;
    const places = subscribers > HISTORY ? HISTORY / 10 : HISTORY;
    const known = peer === 'parley' ? await headOf(scene.databaseUrl) : 0;
    await this.send(scene, 500);
    await scene.load.do('close', null);
    if (peer !== 'parley') return this.connect(peer, scene, subscribers);
    const afters = Array.from({ length: subscribers }, (_, index) => known - (index % places));
    const head = await headOf(scene.databaseUrl);
    await this.connect(peer, scene, subscribers, afters);
    await scene.load.do('receive', {
      deliveries: afters.reduce((sum, after) => sum + head - after, 0),
    });
  }

  private msOr(ms: number): number {
    return this.stage.options.quick ? QUICK_MS : ms;
  }

  private send({ load }: Scene, ms: number): Promise<Delivered> {
    return load.do('fanout', { sender: this.member(0), ms, burst: this.options.burst ?? 1 });
  }

  private member(index: number): Member {
    return {
      userId: userId(0, index % this.population.people, this.population),
      conversationId: conversationId(0),
    };
  }
}

function populationOf({ subscribers, strangers = false }: CrowdOptions): Population {
  const people = strangers ? subscribers : Math.min(subscribers, MOST_PARTICIPANTS);
  return { conversations: 1, people, messages: HISTORY };
}

async function headOf(databaseUrl: string): Promise<number> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query('select last_sequence from conversations where id = $1', [
      conversationId(0),
    ]);
    return rows[0].last_sequence;
  } finally {
    await client.end();
  }
}
