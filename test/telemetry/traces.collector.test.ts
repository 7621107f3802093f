import { type App, startApp } from '../../src/app/app';
import { MeDocument } from '../generated/graphql';
import { Cluster, nodeConfig } from '../support/cluster';
import { Collector } from '../support/collector';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';
import { Person } from '../support/person';

/** No test waits for an answer that does not come. */
const TIMEOUT_MS = 100;

describe('a collector', () => {
  let cluster: Cluster;
  let collector: Collector;

  beforeAll(async () => {
    cluster = await Cluster.start({ redis: true });
    collector = await Collector.start();
  });
  afterAll(async () => {
    await cluster.stop();
    await collector.stop();
  });

  async function startNode(endpoint: string) {
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_TIMEOUT: String(TIMEOUT_MS),
      OTEL_BSP_SCHEDULE_DELAY: '1',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '1',
    };
    Object.assign(process.env, env);
    const { logger, about } = openLogbook();
    const node = await startApp(nodeConfig(cluster.databaseUrl, true, env), logger);
    return { node, trouble: () => about('trouble with the exporter') };
  }

  async function ask(node: App, times: number): Promise<void> {
    const { id, token } = await cluster.person('alice');
    const alice = new Person(node, id, token);
    for (let time = 0; time < times; time++)
      expect((await alice.ask(MeDocument, {})).me.id).toBe('alice');
  }

  const hangUp: Collector['answer'] = (request) => void request.socket.destroy();
  test.each<[string, Collector['answer']]>([
    ['never answers', () => {}],
    ['hangs up', hangUp],
    ['refuses', (_request, response) => void response.writeHead(401).end('no')],
    ['is overloaded', (_request, response) => void response.writeHead(503).end()],
    [
      'wants less',
      (_request, response) => void response.writeHead(429, { 'retry-after': '9' }).end(),
    ],
    ['answers nonsense', (_request, response) => void response.end('{"x":')],
    ['redirects', (_request, response) => void response.writeHead(302, { location: '/x' }).end()],
  ])('that %s fails nothing, and is warned of once', async (_case, answer) => {
    collector.answer = answer;
    const { node, trouble } = await startNode(collector.url);
    const before = collector.requests.length;
    await ask(node, 5);
    await eventually(() => expect(collector.requests.length).toBeGreaterThan(before + 3));
    await eventually(() => expect(trouble()).toHaveLength(1));
    expect(trouble()[0]).toMatchObject({ level: 40, cause: expect.any(String) });
    await node.stop();
    expect(trouble()).toHaveLength(1);
  });

  test('that is away fails nothing, and is warned of once', async () => {
    const away = await Collector.start();
    const { url } = away;
    await away.stop();
    const { node, trouble } = await startNode(url);
    await ask(node, 5);
    await eventually(() => expect(trouble()).toHaveLength(1));
    await ask(node, 5);
    await node.stop();
    expect(trouble()).toHaveLength(1);
  });
});
