import type { Chart, Fields, Table } from '../harness/outcome';
import { inTurn, medians, ratioTo, type Sample, type Samples } from '../harness/rounds';
import type { Peer } from '../harness/servers';
import type { Stage } from '../harness/stage';
import { CrowdScenario } from './crowd';
import { PairsTraffic } from './pairs.traffic';
import { measureReplay } from './replay';
import { chosen, type Scenario } from './scenario';

const MESSAGES_PER_SECOND = 300;
const ROUNDS = 3;
/** The largest size of a quick run. */
const QUICK = 1_000;

const ABOUT = `What a delivery costs as there are more subscribers of one conversation (fanout, in process), what a message costs as there
are more conversations of two people (pairs, ${MESSAGES_PER_SECOND} messages a second, through Redis; a device each, as many systems let a process
have no more than 20,000 connections), and what an event costs that is replayed to somebody who was away, as they have
missed more (in process; 100,000 events at each size). The sizes are measured in turn, as the peers are.`;

/** Something of which there is more and more. */
interface Growing {
  name: 'fanout' | 'pairs' | 'replay';
  sizes: readonly number[];
  /** The ratio is that of the largest size to this one. */
  from: number;
  peers: readonly Peer[];
  figure: string;
  unit: string;
  /** Makes what measures a peer at this size. */
  prepare(stage: Stage, size: number): Promise<(peer: Peer) => Promise<Sample>>;
}

const GROWING: readonly Growing[] = [
  {
    name: 'fanout',
    sizes: [10, 100, 1_000, 5_000],
    from: 100,
    peers: ['parley', 'raw', 'socket-io'],
    figure: 'cpuUsPerDelivery',
    unit: 'µs of server CPU a delivery, by subscribers',
    async prepare(stage, subscribers) {
      const scenario = await CrowdScenario.prepare(stage, { subscribers, bus: 'memory' });
      return (peer) => scenario.measure(peer);
    },
  },
  {
    name: 'pairs',
    sizes: [100, 1_000, 5_000],
    from: 100,
    peers: ['parley', 'socket-io'],
    figure: 'cpuUsPerMessage',
    unit: 'µs of server CPU a message, by conversations',
    async prepare(stage, conversations) {
      const traffic = await PairsTraffic.prepare(stage, {
        conversations,
        devices: 1,
        messagesPerSecond: MESSAGES_PER_SECOND,
      });
      return (peer) => traffic.measure(peer);
    },
  },
  {
    name: 'replay',
    sizes: [1_000, 100_000],
    from: 1_000,
    peers: ['parley'],
    figure: 'cpuUsPerEvent',
    unit: 'µs of server CPU an event, by events missed',
    prepare: measureReplay,
  },
];

export const growth: Scenario = {
  name: 'growth',
  summary: 'what a delivery, a message, a replayed event costs as there are more of them',
  async run(stage, report) {
    const measured: Measured[] = [];
    for (const growing of GROWING) measured.push(await measure(stage, growing, report));
    return {
      about: ABOUT,
      fields: {
        ...Object.fromEntries(measured.map((one) => [`${one.growing.name}Ratio`, ratioOf(one)])),
        peers: Object.fromEntries(measured.map((one) => [one.growing.name, fieldsOf(one)])),
      },
      tables: measured.map(tableOf),
      charts: measured.map(chartOf),
    };
  },
};

interface Measured {
  growing: Growing;
  sizes: readonly number[];
  peers: readonly Peer[];
  samples: Samples;
}

const nameOf = (peer: Peer, size: number) => `${peer} ${size}`;

/** Every peer at every size, in turn. */
async function measure(
  stage: Stage,
  growing: Growing,
  report: (line: string) => void,
): Promise<Measured> {
  report(`${growing.name}: ${growing.unit}`);
  const sizes = growing.sizes.filter((size) => !stage.options.quick || size <= QUICK);
  const peers = chosen(stage, growing.peers);
  const measures = new Map<string, () => Promise<Sample>>();
  for (const size of sizes) {
    const measurePeer = await growing.prepare(stage, size);
    for (const peer of peers) measures.set(nameOf(peer, size), () => measurePeer(peer));
  }
  const names = [...measures.keys()];
  const samples = await inTurn(
    names,
    stage.roundsOr(ROUNDS),
    (name) => measures.get(name)!(),
    report,
  );
  return { growing, sizes, peers, samples };
}

function ratioOf({ growing, sizes, samples }: Measured): number | null {
  const { from, figure } = growing;
  return ratioTo(samples, nameOf('parley', from), figure, nameOf('parley', sizes.at(-1)!));
}

function figureOf({ growing, samples }: Measured, peer: Peer, size: number): number | null {
  return medians(samples.get(nameOf(peer, size)) ?? [])[growing.figure] ?? null;
}

function fieldsOf(measured: Measured): Fields {
  const bySize = (peer: Peer) =>
    measured.sizes.map((size) => [size, figureOf(measured, peer, size)]);
  return Object.fromEntries(measured.peers.map((peer) => [peer, Object.fromEntries(bySize(peer))]));
}

function tableOf(measured: Measured): Table {
  const { growing, sizes, peers } = measured;
  return {
    title: `${growing.name}: ${growing.unit}`,
    columns: ['', ...sizes.map((size) => size.toLocaleString('en-US'))],
    rows: peers.map((peer) => [
      peer,
      ...sizes.map((size) => figureOf(measured, peer, size) ?? Number.NaN),
    ]),
  };
}

function chartOf(measured: Measured): Chart {
  const { growing, sizes, peers } = measured;
  return {
    name: `growth-${growing.name}`,
    title: growing.name,
    unit: growing.unit,
    kind: 'lines',
    labels: sizes.map((size) => size.toLocaleString('en-US')),
    series: peers.map((peer) => ({
      name: peer,
      values: sizes.map((size) => figureOf(measured, peer, size)),
    })),
  };
}
