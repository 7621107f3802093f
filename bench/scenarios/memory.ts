import { setTimeout as delay } from 'node:timers/promises';
import { assertConnections } from '../harness/child';
import { inTurn, medians, ratioTo, type Sample } from '../harness/rounds';
import { conversationId, type Population, populate, userId } from '../harness/seed';
import type { Peer } from '../harness/servers';
import type { Stage } from '../harness/stage';
import { chosen, protocolOf, type Scenario } from './scenario';

const PEERS: readonly Peer[] = ['parley', 'raw', 'socket-io', 'textbook'];
const CONNECTIONS = 10_000;
const ROUNDS = 3;
/** V8 gives back what connecting took, when nothing happens for a while. */
const SETTLING_MS = 20_000;
const STARTED_MS = 2_000;
/** Conversations that are asked afterwards whether their subscriptions are there. */
const SAMPLE = 100;

const ABOUT = `10,000 people in 5,000 conversations of two, one connection with one subscription each, through Redis. KB a connection
are the server's resident memory 20 s after the last one subscribed, above what it had before the first, by their number.`;

export const memory: Scenario = {
  name: 'memory',
  summary: '10,000 idle connections with one subscription each',
  async run(stage, report) {
    const connections = stage.options.quick ? CONNECTIONS / 10 : CONNECTIONS;
    assertConnections(connections);
    const population: Population = { conversations: connections / 2, people: 2 };
    const template = await stage.template((client) => populate(client, population));
    const measure = (peer: Peer) => measurePeer(stage, template, population, peer);
    const samples = await inTurn(chosen(stage, PEERS), stage.roundsOr(ROUNDS), measure, report);
    const figures = new Map([...samples].map(([peer, all]) => [peer, medians(all)]));
    const kb = (peer: Peer) => figures.get(peer)?.kbPerConnection ?? null;
    return {
      about: ABOUT,
      fields: {
        kbPerConnection: kb('parley'),
        kbPerConnectionSocketIo: kb('socket-io'),
        kbPerConnectionRaw: kb('raw'),
        kbPerConnectionTextbook: kb('textbook'),
        memoryRatioToSocketIo: ratioTo(samples, 'socket-io', 'kbPerConnection'),
        peers: Object.fromEntries(figures),
      },
      tables: [
        {
          title: `${connections.toLocaleString('en-US')} idle connections, through Redis`,
          columns: ['', 'KB a connection', 'MB before', 'MB after', 's to connect all'],
          rows: [...figures].map(([peer, figure]) => [
            peer,
            figure.kbPerConnection!,
            figure.mbBefore!,
            figure.mbAfter!,
            figure.connectingS!,
          ]),
        },
      ],
      charts: [
        {
          name: 'memory',
          title: 'memory: an idle connection with a subscription',
          unit: 'KB',
          kind: 'bars',
          labels: [`${connections.toLocaleString('en-US')} connections`],
          series: [...figures].map(([name, figure]) => ({
            name,
            values: [figure.kbPerConnection!],
          })),
        },
      ],
    };
  },
};

function measurePeer(
  stage: Stage,
  template: string,
  population: Population,
  peer: Peer,
): Promise<Sample> {
  const members = Array.from({ length: population.conversations * 2 }, (_, index) => ({
    userId: userId(Math.floor(index / 2), index % 2, population),
    conversationId: conversationId(Math.floor(index / 2)),
  }));
  return stage.perform(peer, template, 'redis', async ({ server, load }) => {
    await delay(STARTED_MS);
    const before = server.residentKb();
    const startMs = performance.now();
    await load.do('open', { protocol: protocolOf(peer), port: server.port, members });
    const connectingS = (performance.now() - startMs) / 1_000;
    await delay(stage.options.quick ? SETTLING_MS / 10 : SETTLING_MS);
    const after = server.residentKb();
    await load.do('probe', {
      conversationIds: members.slice(0, SAMPLE * 2).map((member) => member.conversationId),
    });
    return {
      kbPerConnection: (after - before) / members.length,
      mbBefore: before / 1_024,
      mbAfter: after / 1_024,
      connectingS,
    };
  });
}
