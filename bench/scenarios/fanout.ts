import { rounded } from '../harness/median';
import type { Chart, Fields, Outcome, Table } from '../harness/outcome';
import { inTurn, medians, ratioTo, type Samples } from '../harness/rounds';
import type { Peer } from '../harness/servers';
import type { Bus, Stage } from '../harness/stage';
import { type CrowdOptions, CrowdScenario } from './crowd';
import { chosen, type Scenario } from './scenario';

const EVERYBODY: readonly Peer[] = ['parley', 'raw', 'socket-io', 'textbook', 'yoga', 'mercurius'];
const ROUNDS = 5;
const ROUNDS_OF_MANY = 3;

const RATIOS: Record<string, string> = {
  raw: 'cpuRatioToRaw',
  'socket-io': 'cpuRatioToSocketIo',
  textbook: 'cpuRatioToTextbook',
  yoga: 'cpuRatioToYoga',
  mercurius: 'cpuRatioToMercurius',
};

const HOW = `One person sends to one conversation over a socket of their own, the next event as soon as the last one has
reached everybody. µs of the server's CPU a delivery hold everything that it does for an event, the writing included.`;

export const fanout: Scenario = {
  name: 'fanout',
  summary: 'one conversation, 500 and 5,000 subscribers, in process and through Redis',
  async run(stage, report) {
    return combined(stage, report, { name: 'fanout', about: HOW, resumed: false });
  },
};

export const fanoutResumed: Scenario = {
  name: 'fanout-resumed',
  summary: 'fanout after everybody came back with a position of their own',
  async run(stage, report) {
    const about = `${HOW} Before that, everybody went and came back: to Parley each with an \`after\` of their own, from
which they got what they had missed.`;
    return combined(stage, report, { name: 'fanout-resumed', about, resumed: true });
  },
};

export const fanoutInbox: Scenario = {
  name: 'fanout-inbox',
  summary: 'fanout with conversation { unreadCount } selected, which differs from viewer to viewer',
  async run(stage, report) {
    const about = `${HOW} 500 different people select \`conversation { unreadCount }\`, which is each viewer's own.`;
    const options: CrowdOptions = {
      subscribers: 500,
      bus: 'redis',
      selection: 'inbox',
      strangers: true,
    };
    const samples = await measured(stage, report, options, ['parley', 'textbook'], ROUNDS);
    const scenario = await CrowdScenario.prepare(stage, options);
    const statements: Record<string, number> = {};
    for (const peer of samples.keys())
      statements[peer] = rounded(await scenario.countStatements(peer), 3);
    return {
      about,
      fields: { ...ratios(samples), statementsPerEvent: statements, peers: peerFields(samples) },
      tables: [
        tableOf('500 people, unreadCount selected, through Redis', samples),
        {
          title: 'Statements an event',
          columns: ['', 'statements'],
          rows: Object.entries(statements),
        },
      ],
      charts: [
        chartOf('fanout-inbox', 'fanout-inbox: unreadCount selected', [['500, Redis', samples]]),
      ],
    };
  },
};

export const burst: Scenario = {
  name: 'burst',
  summary: 'fanout with five events at once',
  async run(stage, report) {
    const about = `${HOW} Five events leave the sender in one write. The raw socket writes each to everybody by itself.`;
    const options: CrowdOptions = { subscribers: 500, bus: 'memory', burst: 5 };
    const samples = await measured(stage, report, options, ['parley', 'raw', 'socket-io'], ROUNDS);
    return {
      about,
      fields: { ...ratios(samples), peers: peerFields(samples) },
      tables: [tableOf('500 subscribers, five events at once, in process', samples)],
      charts: [chartOf('burst', 'burst: five events at once', [['500, in process', samples]])],
    };
  },
};

async function combined(
  stage: Stage,
  report: (line: string) => void,
  { name, about, resumed }: { name: string; about: string; resumed: boolean },
): Promise<Outcome> {
  const run = (subscribers: number, bus: Bus, rounds: number) =>
    measured(stage, report, { subscribers, bus, resumed }, EVERYBODY, rounds);
  const memory = await run(500, 'memory', ROUNDS);
  const redis = await run(500, 'redis', ROUNDS);
  const many = await run(5_000, 'memory', ROUNDS_OF_MANY);
  return {
    about,
    fields: {
      ...ratios(memory),
      peers: peerFields(memory),
      redis: { ...ratios(redis), peers: peerFields(redis) },
      subscribers5000: { ...ratios(many), peers: peerFields(many) },
    },
    tables: [
      tableOf('500 subscribers, in process', memory),
      tableOf('500 subscribers, through Redis', redis),
      tableOf('5,000 subscribers, in process', many),
    ],
    charts: [
      chartOf(name, name, [
        ['500, in process', memory],
        ['500, Redis', redis],
        ['5,000, in process', many],
      ]),
    ],
  };
}

async function measured(
  stage: Stage,
  report: (line: string) => void,
  options: CrowdOptions,
  peers: readonly Peer[],
  rounds: number,
): Promise<Samples<Peer>> {
  report(
    `${options.subscribers} subscribers, ${options.bus === 'redis' ? 'through Redis' : 'in process'}`,
  );
  const scenario = await CrowdScenario.prepare(stage, options);
  return inTurn(
    chosen(stage, peers),
    stage.roundsOr(rounds),
    (peer) => scenario.measure(peer),
    report,
  );
}

/** Parley's CPU a delivery by each peer's. */
function ratios(samples: Samples): Fields {
  return Object.fromEntries(
    [...samples.keys()]
      .filter((peer) => peer !== 'parley')
      .map((peer) => [RATIOS[peer]!, ratioTo(samples, peer, 'cpuUsPerDelivery')]),
  );
}

function peerFields(samples: Samples): Fields {
  return Object.fromEntries([...samples].map(([peer, all]) => [peer, medians(all)]));
}

function tableOf(title: string, samples: Samples): Table {
  return {
    title,
    columns: [
      '',
      'µs CPU a delivery',
      'deliveries/s',
      'KB a connection',
      'everybody p50 ms',
      'p99 ms',
      'server CPU',
      'load CPU',
    ],
    rows: [...samples].map(([peer, all]) => {
      const figures = medians(all);
      return [
        peer,
        figures.cpuUsPerDelivery!,
        figures.deliveriesPerSecond!,
        figures.kbPerConnection!,
        figures.everybodyP50Ms!,
        figures.everybodyP99Ms!,
        figures.serverShare!,
        figures.loadShare!,
      ];
    }),
  };
}

function chartOf(
  name: string,
  title: string,
  groups: readonly (readonly [label: string, samples: Samples])[],
): Chart {
  const peers = [...groups[0]![1].keys()];
  return {
    name,
    title,
    unit: 'µs of server CPU a delivery',
    kind: 'bars',
    labels: groups.map(([label]) => label),
    series: peers.map((peer) => ({
      name: peer,
      values: groups.map(
        ([, samples]) => medians(samples.get(peer) ?? []).cpuUsPerDelivery ?? null,
      ),
    })),
  };
}
