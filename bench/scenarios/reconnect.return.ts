import { setTimeout as delay } from 'node:timers/promises';
import { assertConnections } from '../harness/child';
import type { Load } from '../harness/load';
import type { Sample } from '../harness/rounds';
import { conversationId, type Population, populate, userId } from '../harness/seed';
import type { Peer } from '../harness/servers';
import type { ClusterScene, Stage } from '../harness/stage';
import type { Member, ReturnersInput } from '../load/commands';
import type { ReturningMember } from '../load/returner';

/** Participants of each conversation. */
const PARTICIPANTS = 25;
/** The number of others that each of them watches. */
const WATCHED = 20;
/** Messages in each conversation. The last one is due to each person who comes back. */
const HISTORY = 5;
const DUE = 1;
/** Conversations of two at the node that stays, with numbers that no other conversation has. */
const BYSTANDERS: Population = { conversations: 50, people: 2, first: 1_000_000 };
const MESSAGES_PER_SECOND = 100;
/** The time within which they begin to come back. */
const SPREAD_MS = 1_000;
/** Processes for the people who come back; one more is for the bystanders. */
const CROWDS = 2;
/** One in so many is connected to the node that stays first, so that V8 has compiled the work for it. */
const WARM_UP_SHARE = 10;
/** Longer than a person who has left is shown to be online. */
const CALM_MS = 8_000;

interface Comeback {
  /** Epoch, ms. */
  killedAt: number;
  lastLiveAt: number;
  furtherLosses: number;
  refusals: number;
  /** CPU of all crowds together. */
  loadCpuUs: number;
}

/** Many people who come back to the other node after theirs was killed, while bystanders talk there. */
export class Return {
  private constructor(
    private readonly stage: Stage,
    private readonly template: string,
    private readonly people: number,
  ) {}

  /** @param people a multiple of 25 */
  static async prepare(stage: Stage, people: number): Promise<Return> {
    if (people % PARTICIPANTS !== 0)
      throw new Error(`--people: must be a multiple of ${PARTICIPANTS}`);
    assertConnections(people + BYSTANDERS.conversations * BYSTANDERS.people);
    const template = await stage.template(async (client) => {
      await populate(client, populationOf(people));
      await populate(client, BYSTANDERS);
    });
    return new Return(stage, template, people);
  }

  /** One peer's figures. */
  measure(peer: Peer): Promise<Sample> {
    return this.perform(peer, false, async (scene, crowds, talkers) => {
      await talkers.do('beginTalk', { rate: MESSAGES_PER_SECOND, devices: BYSTANDERS.people });
      await delay(CALM_MS);
      const cpuUs = scene.survivor.cpu();
      const comeback = await this.comeBack(scene, crowds);
      const { killedAt, lastLiveAt, furtherLosses, refusals, loadCpuUs } = comeback;
      const returnCpuUs = scene.survivor.cpu() - cpuUs;
      const talk = await talkers.do('endTalk', { fromAt: killedAt, untilAt: lastLiveAt });
      return {
        secondsToLive: (lastLiveAt - killedAt) / 1_000,
        bystanderP99Ms: talk.p99Ms,
        bystanderP50Ms: talk.p50Ms,
        bystanderMaxMs: talk.maxMs,
        bystanderP99BeforeMs: talk.p99BeforeMs,
        cpuUsPerPerson: returnCpuUs / this.people,
        furtherLosses,
        refusals,
        bystandersRefused: talk.refused,
        serverShare: returnCpuUs / 1_000 / (lastLiveAt - killedAt),
        loadShare: loadCpuUs / 1_000 / (lastLiveAt - killedAt) / CROWDS,
      };
    });
  }

  /** Statements that reach the database for each person who comes back. No message is sent meanwhile. */
  countStatements(peer: Peer): Promise<number> {
    return this.perform(peer, true, async (scene, crowds) => {
      await delay(CALM_MS);
      const before = scene.statements!.count;
      await this.comeBack(scene, crowds);
      return (scene.statements!.count - before) / this.people;
    });
  }

  /** Calls `work` when all people are live at the node that is to be killed. */
  private perform<T>(
    peer: Peer,
    counted: boolean,
    work: (scene: ClusterScene, crowds: readonly Load[], talkers: Load) => Promise<T>,
  ): Promise<T> {
    const options = { loads: CROWDS + 1, counted };
    return this.stage.performOnTwoNodes(peer, this.template, options, async (scene) => {
      const crowds = scene.loads.slice(0, CROWDS);
      const talkers = scene.loads[CROWDS]!;
      const protocol = peer === 'socket-io' ? 'socket-io' : 'graphql';
      const [doomed, survivor] = [scene.doomed.port, scene.survivor.port];
      await talkers.do('open', { protocol, port: survivor, members: bystanders() });
      await talkers.do('probe', {});
      const gather = (ports: [number, number], members: readonly ReturningMember[]) =>
        inParallel(crowds, async (load, index) => {
          const own = members.filter((_, place) => place % CROWDS === index);
          const input: ReturnersInput = { protocol, ports, members: own, spreadMs: SPREAD_MS };
          await load.do('gather', input);
        });
      const members = this.members();
      await gather([survivor, survivor], members.slice(0, members.length / WARM_UP_SHARE));
      await inParallel(crowds, (load) => load.do('close', null));
      await gather([doomed, survivor], members);
      return work(scene, crowds, talkers);
    });
  }

  private async comeBack(
    { doomed, survivor }: ClusterScene,
    crowds: readonly Load[],
  ): Promise<Comeback> {
    const killedAt = Date.now();
    await doomed.kill();
    const results = await inParallel(crowds, (load) => load.do('returned', null));
    survivor.assertRunning();
    return {
      killedAt,
      lastLiveAt: Math.max(...results.map((result) => result.lastLiveAt)),
      furtherLosses: sumOf(results.map((result) => result.furtherLosses)),
      refusals: sumOf(results.map((result) => result.refusals)),
      loadCpuUs: sumOf(results.map((result) => result.loadCpuUs)),
    };
  }

  private members(): ReturningMember[] {
    const population = populationOf(this.people);
    return Array.from({ length: this.people }, (_, index) => {
      const [conversation, place] = [Math.floor(index / PARTICIPANTS), index % PARTICIPANTS];
      const idAt = (at: number) => userId(conversation, at % PARTICIPANTS, population);
      return {
        userId: idAt(place),
        conversationId: conversationId(conversation),
        after: HISTORY - DUE,
        due: DUE,
        watched: Array.from({ length: WATCHED }, (_, step) => idAt(place + step + 1)),
      };
    });
  }
}

function populationOf(people: number): Population {
  return { conversations: people / PARTICIPANTS, people: PARTICIPANTS, messages: HISTORY };
}

function bystanders(): Member[] {
  const { conversations, people, first = 0 } = BYSTANDERS;
  return Array.from({ length: conversations * people }, (_, index) => {
    const conversation = first + Math.floor(index / people);
    return {
      userId: userId(conversation, index % people, BYSTANDERS),
      conversationId: conversationId(conversation),
    };
  });
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function inParallel<T>(
  loads: readonly Load[],
  work: (load: Load, index: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(loads.map(work));
}
