import { setTimeout as sleep } from 'node:timers/promises';
import { ConversationsDocument } from '@parley/client/documents';
import { print } from 'graphql';
import { choosePort } from '../../test/support/services';
import { ATTACKS } from '../flood/attacks';
import { Attackers } from '../harness/attackers';
import { rounded } from '../harness/median';
import type { Outcome } from '../harness/outcome';
import { AS_IN_PRODUCTION } from '../harness/servers';
import type { Scene } from '../harness/stage';
import { bystanders, seedFlood } from './flood.seed';
import type { Scenario } from './scenario';

const MESSAGES_PER_SECOND = 40;
const QUERIES_PER_SECOND = 10;
const SAMPLING_MS = 100;
/** The time between the beginning of an attack and the first message that counts. */
const SETTLING_MS = 2_000;
const ALL = 'all together';

const ABOUT = `20 pairs exchange ${MESSAGES_PER_SECOND} messages a second over sockets, and ask for their lists ${QUERIES_PER_SECOND}
times a second over HTTP, while others attack: first each attack alone, then all together. The attackers are a process of
their own, come from another address, and give way to the server (\`nice\`). The server has its own limits, Postgres and Redis.
Times are from a message's start to each delivery, and from a request to its answer.`;

/** One attack, or none. */
interface Figures {
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  queryP50Ms: number;
  queryP99Ms: number;
  refused: number;
  maxRssMb: number;
  serverShare: number;
  attackersShare: number;
  tried: number;
  answered: number;
  ended: number;
  refusals: string;
}

export const flood: Scenario = {
  name: 'flood',
  summary: 'what 40 people notice of attackers',
  async run(stage, report) {
    const template = await stage.template(seedFlood);
    const port = await choosePort();
    const settings = { ...AS_IN_PRODUCTION, METRICS_PORT: String(port) };
    const windowMs = stage.options.quick ? 4_000 : 10_000;
    const names = stage.options.attacks ?? Object.keys(ATTACKS);
    return stage.performWith(template, settings, async (scene) => {
      const attackers = Attackers.start();
      try {
        return await measure(new Flood(scene, attackers, port, windowMs), names, report);
      } finally {
        await attackers.stop();
      }
    });
  },
};

async function measure(
  scene: Flood,
  names: readonly string[],
  report: (line: string) => void,
): Promise<Outcome> {
  await scene.open();
  await scene.figures([]);
  const quiet = await scene.figures([]);
  const rows = new Map<string, Figures>([['quiet', quiet]]);
  report(describe('quiet', quiet));
  const rounds: [string, readonly string[]][] = names.map((name) => [name, [name]]);
  if (names.length > 1) rounds.push([ALL, names]);
  for (const [name, attacks] of rounds) {
    const figures = await scene.figures(attacks);
    rows.set(name, figures);
    report(describe(name, figures));
    await scene.rest();
  }
  const metrics = await scene.metrics();
  process.stderr.write(`${metrics}\n`);
  return outcomeOf(rows, quiet);
}

/** The bystanders, the attackers and the server between them. */
class Flood {
  constructor(
    private readonly scene: Scene,
    private readonly attackers: Attackers,
    private readonly metricsPort: number,
    private readonly windowMs: number,
  ) {}

  async open(): Promise<void> {
    const { server, load } = this.scene;
    await load.do('open', { protocol: 'graphql', port: server.port, members: bystanders() });
    await load.do('probe', {});
  }

  /** Lets the attackers of the last attack be forgotten. */
  async rest(): Promise<void> {
    await sleep(this.windowMs / 2);
  }

  async metrics(): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.metricsPort}/metrics`)).text();
  }

  async figures(attacks: readonly string[]): Promise<Figures> {
    const { server, load } = this.scene;
    const before = refusalsIn(await this.metrics());
    await this.attackers.begin(attacks, server.port);
    await load.do('beginTalk', { rate: MESSAGES_PER_SECOND, devices: 2 });
    await load.do('beginAsking', {
      port: server.port,
      userIds: bystanders().map(({ userId }) => userId),
      query: print(ConversationsDocument),
      variables: { first: 20 },
      rate: QUERIES_PER_SECOND,
    });
    await sleep(SETTLING_MS);
    const fromAt = performance.timeOrigin + performance.now();
    const cpu = [server.cpu(), this.attackers.cpu()];
    let maxRssKb = 0;
    const sampling = setInterval(() => {
      maxRssKb = Math.max(maxRssKb, server.residentKb());
    }, SAMPLING_MS);
    await sleep(this.windowMs);
    const untilAt = performance.timeOrigin + performance.now();
    const share = (end: number, start: number) => (end - start) / 1_000 / (untilAt - fromAt);
    const shares = [share(server.cpu(), cpu[0]!), share(this.attackers.cpu(), cpu[1]!)];
    clearInterval(sampling);
    const attacked = Object.values(await this.attackers.end());
    const talk = await load.do('endTalk', { fromAt, untilAt });
    const asked = await load.do('endAsking', null);
    const sum = (name: 'tried' | 'answered' | 'ended') =>
      attacked.reduce((total, one) => total + one[name], 0);
    return {
      p50Ms: talk.p50Ms,
      p99Ms: talk.p99Ms,
      maxMs: talk.maxMs,
      queryP50Ms: asked.p50Ms,
      queryP99Ms: asked.p99Ms,
      refused: talk.refused + asked.refused,
      maxRssMb: maxRssKb / 1_024,
      serverShare: shares[0]!,
      attackersShare: shares[1]!,
      tried: sum('tried'),
      answered: sum('answered'),
      ended: sum('ended'),
      refusals: told(before, refusalsIn(await this.metrics())),
    };
  }
}

const REFUSAL =
  /^parley_(refusals|http_refusals|connections_closed|queue_overflows)_total\{\w+="([^"]*)"\} (\d+)$/gm;

/** The counts of refusals in the text of the metrics, by kind and code. */
function refusalsIn(text: string): Map<string, number> {
  return new Map(
    [...text.matchAll(REFUSAL)].map(([, kind, code, count]) => [
      kind === 'refusals' ? code! : `${kind!.replace(/_.*$/, '')} ${code}`,
      Number(count),
    ]),
  );
}

function told(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): string {
  const changes = [...after].map(
    ([name, count]) => [name, count - (before.get(name) ?? 0)] as const,
  );
  return changes
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

function describe(name: string, figures: Figures): string {
  const told = Object.entries(figures).map(
    ([key, value]) => `${key} ${typeof value === 'number' ? rounded(value) : `(${value})`}`,
  );
  return `${name}: ${told.join('  ')}`;
}

function outcomeOf(rows: ReadonlyMap<string, Figures>, quiet: Figures): Outcome {
  const allowedMs = Math.max(3 * quiet.p99Ms, 50);
  const all = [...rows];
  return {
    about: ABOUT,
    fields: {
      allowedMs: rounded(allowedMs),
      worstP99Ms: rounded(Math.max(...all.map(([, { p99Ms }]) => p99Ms))),
      maxRssMb: rounded(Math.max(...all.map(([, { maxRssMb }]) => maxRssMb))),
      attacks: Object.fromEntries(
        all.map(([name, { refusals, ...figures }]) => [
          name,
          Object.fromEntries(
            Object.entries(figures).map(([key, value]) => [key, rounded(value as number)]),
          ),
        ]),
      ),
    },
    tables: [
      {
        title: `What others notice; allowed: p99 ${rounded(allowedMs)} ms, 512 MB`,
        columns: [
          'attack',
          'p50 ms',
          'p99 ms',
          'to quiet',
          'max ms',
          'query p99 ms',
          'refused',
          'max RSS MB',
          'server CPU',
          'attackers CPU',
          'tried',
          'refusals',
        ],
        rows: all.map(([name, figures]) => [
          name,
          figures.p50Ms,
          figures.p99Ms,
          figures.p99Ms / quiet.p99Ms,
          figures.maxMs,
          figures.queryP99Ms,
          figures.refused,
          figures.maxRssMb,
          figures.serverShare,
          figures.attackersShare,
          figures.tried,
          figures.refusals,
        ]),
      },
    ],
    charts: [],
  };
}
