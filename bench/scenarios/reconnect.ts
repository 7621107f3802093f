import { rounded } from '../harness/median';
import type { Chart, Table } from '../harness/outcome';
import { inTurn, medians, ratioTo, type Sample } from '../harness/rounds';
import type { Peer } from '../harness/servers';
import { Return } from './reconnect.return';
import { chosen, type Scenario } from './scenario';

const PEERS: readonly Peer[] = ['parley', 'socket-io'];
const PEOPLE = 10_000;
const ROUNDS = 3;

const ABOUT = `10,000 people in conversations of 25, one connection each, follow their conversation from a position on and watch
20 of the others. Their node is killed, and within a second all of them begin to come back to the other one, where 50 pairs send
100 messages a second. A person is live at Parley when the connection is acknowledged, what was missed is replayed and the
presence of all 20 is told; at Socket.IO when the person was read from the database, has joined 21 rooms and was announced to
those who watch. Statements are counted in a run of their own, in which nobody talks.`;

export const reconnect: Scenario = {
  name: 'reconnect',
  summary: '10,000 people come back to the other node after theirs was killed',
  async run(stage, report) {
    const people = stage.options.people ?? (stage.options.quick ? PEOPLE / 10 : PEOPLE);
    const scenario = await Return.prepare(stage, people);
    const measure = (peer: Peer) => scenario.measure(peer);
    const samples = await inTurn(chosen(stage, PEERS), stage.roundsOr(ROUNDS), measure, report);
    const figures = new Map([...samples].map(([peer, all]) => [peer, medians(all)]));
    const statements = new Map<Peer, number>();
    for (const peer of samples.keys())
      statements.set(peer, rounded(await scenario.countStatements(peer), 3));
    const [ours, theirs] = [statements.get('parley'), statements.get('socket-io')];
    return {
      about: ABOUT,
      fields: {
        secondsToLive: figures.get('parley')?.secondsToLive ?? null,
        statementsPerPerson: ours ?? null,
        bystanderP99Ms: figures.get('parley')?.bystanderP99Ms ?? null,
        secondsRatioToSocketIo: ratioTo(samples, 'socket-io', 'secondsToLive'),
        statementsRatioToSocketIo:
          ours === undefined || theirs === undefined ? null : rounded(ours / theirs),
        p99RatioToSocketIo: ratioTo(samples, 'socket-io', 'bystanderP99Ms'),
        cpuRatioToSocketIo: ratioTo(samples, 'socket-io', 'cpuUsPerPerson'),
        people,
        statements: Object.fromEntries(statements),
        peers: Object.fromEntries(figures),
      },
      tables: [tableOf(people, figures, statements)],
      charts: [chartOf(people, figures)],
    };
  },
};

function tableOf(
  people: number,
  figures: ReadonlyMap<Peer, Sample>,
  statements: ReadonlyMap<Peer, number>,
): Table {
  return {
    title: `${people.toLocaleString('en-US')} people come back to the other node, through Redis`,
    columns: [
      '',
      's until all are live',
      'statements a person',
      'bystanders p50 ms',
      'p99 ms',
      'max ms',
      'p99 ms before',
      'µs CPU a person',
      'subscriptions refused',
      'messages refused',
      'lost again',
      'server CPU',
      'load CPU',
    ],
    rows: [...figures].map(([peer, figure]) => [
      peer,
      figure.secondsToLive!,
      statements.get(peer) ?? Number.NaN,
      figure.bystanderP50Ms!,
      figure.bystanderP99Ms!,
      figure.bystanderMaxMs!,
      figure.bystanderP99BeforeMs!,
      figure.cpuUsPerPerson!,
      figure.refusals!,
      figure.bystandersRefused!,
      figure.furtherLosses!,
      figure.serverShare!,
      figure.loadShare!,
    ]),
  };
}

function chartOf(people: number, figures: ReadonlyMap<Peer, Sample>): Chart {
  return {
    name: 'reconnect',
    title: 'reconnect: until all are live',
    unit: 's',
    kind: 'bars',
    labels: [`${people.toLocaleString('en-US')} people`],
    series: [...figures].map(([name, { secondsToLive }]) => ({
      name,
      values: [secondsToLive!],
    })),
  };
}
