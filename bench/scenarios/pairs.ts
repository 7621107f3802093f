import { inTurn, medians, ratioTo } from '../harness/rounds';
import type { Peer } from '../harness/servers';
import { keptUp, PairsTraffic } from './pairs.traffic';
import { chosen, type Scenario } from './scenario';

const PEERS: readonly Peer[] = ['parley', 'socket-io', 'textbook'];
const CONVERSATIONS = 1_000;
const MESSAGES_PER_SECOND = 500;
/** Each peer is first in three of them. */
const ROUNDS = 9;

const ABOUT = `1,000 conversations of two people with two devices each; all 4,000 devices listen to their conversation. 500
messages a second are sent at a steady rate, each over one of the devices' own sockets; through Redis, stored in Postgres.
p50 and p99 are from the moment at which a message is sent to each of its four deliveries.`;

export const pairs: Scenario = {
  name: 'pairs',
  summary: '1,000 conversations of two people with two devices each, 500 messages a second',
  async run(stage, report) {
    const { quick } = stage.options;
    const traffic = await PairsTraffic.prepare(stage, {
      conversations: quick ? CONVERSATIONS / 10 : CONVERSATIONS,
      devices: 2,
      messagesPerSecond: MESSAGES_PER_SECOND,
    });
    const peers = chosen(stage, PEERS);
    const samples = await inTurn(
      peers,
      stage.roundsOr(ROUNDS),
      (peer) => traffic.measure(peer),
      report,
    );
    const figures = new Map([...samples].map(([peer, all]) => [peer, medians(all)]));
    const kept = new Map([...samples].map(([peer, all]) => [peer, all.every(keptUp)]));
    return {
      about: ABOUT,
      fields: {
        p99RatioToSocketIo: ratioTo(samples, 'socket-io', 'p99Ms'),
        p50RatioToSocketIo: ratioTo(samples, 'socket-io', 'p50Ms'),
        cpuRatioToSocketIo: ratioTo(samples, 'socket-io', 'cpuUsPerMessage'),
        cpuRatioToTextbook: ratioTo(samples, 'textbook', 'cpuUsPerMessage'),
        keptUp: Object.fromEntries(kept),
        peers: Object.fromEntries(figures),
      },
      tables: [
        {
          title: `${MESSAGES_PER_SECOND} messages a second, through Redis`,
          columns: [
            '',
            'µs CPU a message',
            'p50 ms',
            'p99 ms',
            'messages/s',
            'kept up',
            'server CPU',
            'load CPU',
          ],
          rows: [...figures].map(([peer, figure]) => [
            peer,
            figure.cpuUsPerMessage!,
            figure.p50Ms!,
            figure.p99Ms!,
            figure.messagesPerSecond!,
            kept.get(peer) ? 'yes' : 'no',
            figure.serverShare!,
            figure.loadShare!,
          ]),
        },
      ],
      charts: [
        {
          name: 'pairs-cpu',
          title: 'pairs: server CPU a message',
          unit: 'µs',
          kind: 'bars',
          labels: ['500 messages a second'],
          series: [...figures].map(([name, { cpuUsPerMessage }]) => ({
            name,
            values: [cpuUsPerMessage!],
          })),
        },
        {
          name: 'pairs-latency',
          title: "pairs: from a message's start to each delivery",
          unit: 'ms',
          kind: 'bars',
          labels: ['p50', 'p99'],
          series: [...figures].map(([name, { p50Ms, p99Ms }]) => ({
            name,
            values: [p50Ms!, p99Ms!],
          })),
        },
      ],
    };
  },
};
