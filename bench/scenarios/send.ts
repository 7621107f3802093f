import { Load } from '../harness/load';
import { inTurn, medians, ratioTo, type Sample } from '../harness/rounds';
import { conversationId, type Population, populate, userId } from '../harness/seed';
import type { Peer } from '../harness/servers';
import type { Scene, Stage } from '../harness/stage';
import type { Answered, Member } from '../load/commands';
import { protocolOf, type Scenario } from './scenario';

const LANES = 16;
/** So many that each lane has as many as any other. */
const POPULATION: Population = { conversations: LANES * 13, people: 2, messages: 20 };
const ROUNDS = 5;
const DATABASE = 'database alone';

type Way = 'http' | 'sockets';

/** Who takes messages, and over what. */
const WAYS: Record<string, { peer: Peer; way: Way } | null> = {
  'parley-http': { peer: 'parley', way: 'http' },
  'parley-ws': { peer: 'parley', way: 'sockets' },
  'socket-io-ws': { peer: 'socket-io', way: 'sockets' },
  'textbook-http': { peer: 'textbook', way: 'http' },
  'textbook-ws': { peer: 'textbook', way: 'sockets' },
  [DATABASE]: null,
};

const ABOUT = `sendMessage, 16 at a time, spread over 208 conversations of two; through Redis, nobody listens, so that each message
also makes or grows a notification. \`${DATABASE}\` is a bare loop of 16 connections in a process of its own, which calls the
same function of the database, prepared and named (\`…ToPgbench\`): what there would be if a server cost nothing.`;

export const send: Scenario = {
  name: 'send',
  summary: 'sendMessage over HTTP and over the socket, 16 at a time',
  async run(stage, report) {
    const template = await stage.template((client) => populate(client, POPULATION));
    const names = Object.keys(WAYS).filter((name) => {
      const { peers } = stage.options;
      const peer = WAYS[name]?.peer;
      return peer === undefined || peers === null || peers.includes(peer);
    });
    const measure = (name: string) => {
      const entry = WAYS[name]!;
      return entry ? measureServer(stage, template, entry) : measureDatabase(stage, template);
    };
    const samples = await inTurn(names, stage.roundsOr(ROUNDS), measure, report);
    const figures = new Map([...samples].map(([name, all]) => [name, medians(all)]));
    const ratio = (ours: string, theirs: string) =>
      ratioTo(samples, theirs, 'messagesPerSecond', ours);
    return {
      about: ABOUT,
      fields: {
        httpRatioToPgbench: ratio('parley-http', DATABASE),
        wsRatioToPgbench: ratio('parley-ws', DATABASE),
        httpRatioToTextbook: ratio('parley-http', 'textbook-http'),
        wsRatioToTextbook: ratio('parley-ws', 'textbook-ws'),
        wsRatioToSocketIo: ratio('parley-ws', 'socket-io-ws'),
        peers: Object.fromEntries(figures),
      },
      tables: [
        {
          title: '16 at a time, through Redis',
          columns: [
            '',
            'messages/s',
            'µs CPU a message',
            'p50 ms',
            'p99 ms',
            'server CPU',
            'load CPU',
          ],
          rows: [...figures].map(([name, figure]) => [
            name,
            figure.messagesPerSecond!,
            figure.cpuUsPerMessage!,
            figure.p50Ms!,
            figure.p99Ms!,
            figure.serverShare!,
            figure.loadShare!,
          ]),
        },
      ],
      charts: [
        {
          name: 'send-rate',
          title: 'send: messages a second, 16 at a time',
          unit: 'messages/s',
          kind: 'bars',
          labels: [''],
          series: [...figures].map(([name, { messagesPerSecond }]) => ({
            name,
            values: [messagesPerSecond!],
          })),
        },
      ],
    };
  },
};

function measureServer(
  stage: Stage,
  template: string,
  { peer, way }: { peer: Peer; way: Way },
): Promise<Sample> {
  return stage.perform(peer, template, 'redis', async ({ server, load }) => {
    const run = await ready(peer, way, { server, load });
    await run(stage.options.quick ? 700 : 2_500);
    const cpu = server.cpu();
    const answered = await run(stage.options.quick ? 1_000 : 5_000);
    return sampleOf(answered, server.cpu() - cpu);
  });
}

async function ready(
  peer: Peer,
  way: Way,
  { server: { port }, load }: Pick<Scene, 'server' | 'load'>,
): Promise<(ms: number) => Promise<Answered>> {
  const input = { senders: senders(), lanes: LANES };
  if (way === 'http') return (ms) => load.do('sendOverHttp', { ...input, ms, port });
  await load.do('open', { protocol: protocolOf(peer), port, members: senders(), subscribe: false });
  return (ms) => load.do('sendOverSockets', { ...input, ms });
}

/** The loop's own CPU stands for a server's. */
function measureDatabase(stage: Stage, template: string): Promise<Sample> {
  return stage.withDatabase(template, async (databaseUrl) => {
    const load = Load.start();
    try {
      const input = { senders: senders(), lanes: LANES, databaseUrl };
      await load.do('sendToDatabase', { ...input, ms: stage.options.quick ? 700 : 2_500 });
      const answered = await load.do('sendToDatabase', {
        ...input,
        ms: stage.options.quick ? 1_000 : 5_000,
      });
      return sampleOf(answered, answered.loadCpuUs);
    } finally {
      await load.stop();
    }
  });
}

function sampleOf(answered: Answered, cpuUs: number): Sample {
  return {
    messagesPerSecond: (answered.messages / answered.elapsedMs) * 1_000,
    cpuUsPerMessage: cpuUs / answered.messages,
    p50Ms: answered.p50Ms,
    p99Ms: answered.p99Ms,
    serverShare: cpuUs / 1_000 / answered.elapsedMs,
    loadShare: answered.loadCpuUs / 1_000 / answered.elapsedMs,
  };
}

function senders(): Member[] {
  return Array.from({ length: POPULATION.conversations }, (_, conversation) => ({
    userId: userId(conversation, 0, POPULATION),
    conversationId: conversationId(conversation),
  }));
}
