import { resolve } from 'node:path';
import { Collector } from '../support/collector';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import { createMigratedDatabase, dropDatabase } from '../support/services';

const HOOK = resolve(__dirname, '../support/loaded-modules.js');
/** Longer than any test. */
const FOREVER = '600000';

describe('a process', () => {
  let databaseUrl: string;
  let collector: Collector;

  beforeEach(async () => {
    databaseUrl = await createMigratedDatabase();
    collector = await Collector.start();
  });
  afterEach(async () => {
    await collector.stop();
    await dropDatabase(databaseUrl);
  });

  /** A node that has answered one operation. */
  async function start(env: Record<string, string>): Promise<NodeProcess> {
    const node = new NodeProcess({ PORT: '0', DATABASE_URL: databaseUrl, ...env });
    const { url } = await node.ready();
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query: '{ __typename }' }),
    });
    expect(response.status).toBe(200);
    return node;
  }

  async function stop(node: NodeProcess): Promise<void> {
    node.terminate();
    expect(await node.exit()).toBe(0);
    expect(node.errors).toBe('');
  }

  /** The files of OpenTelemetry, and of ours for it, that the process has loaded. */
  async function loaded(node: NodeProcess): Promise<string[]> {
    process.kill(node.pid, 'SIGUSR2');
    const files = await eventually(() => {
      const [, list] = /^loaded (.*)$/m.exec(node.output)!;
      return JSON.parse(list!) as string[];
    });
    expect(files.length).toBeGreaterThan(100);
    // prom-client loads the API, which does nothing by itself.
    return files.filter(
      (file) => /@opentelemetry|telemetry/.test(file) && !file.includes('@opentelemetry/api/'),
    );
  }

  test.each<[string, Record<string, string>]>([
    ['nothing is set', {}],
    ['the SDK is disabled', { OTEL_SDK_DISABLED: 'true', OTEL_TRACES_EXPORTER: 'otlp' }],
    ['there is no exporter', { OTEL_TRACES_EXPORTER: 'none' }],
  ])('loads nothing of it and sends nothing when %s', async (_case, env) => {
    const endpoint = Object.keys(env).length > 0 && { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
    const node = await start({ NODE_OPTIONS: `--require ${HOOK}`, ...env, ...endpoint });
    expect(await loaded(node)).toEqual([]);
    await stop(node);
    expect(collector.requests).toEqual([]);
  });

  test('sends with what the usual settings say, and what waits at the stop', async () => {
    const node = await start({
      NODE_OPTIONS: `--require ${HOOK}`,
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/own/path`,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
      OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      OTEL_SERVICE_NAME: 'talk',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test,service.name=other',
      OTEL_BSP_SCHEDULE_DELAY: FOREVER,
    });
    expect((await loaded(node)).length).toBeGreaterThan(0);
    await stop(node);
    const [request] = collector.requests;
    expect(request!.url).toBe('/own/path');
    expect(request!.headers).toMatchObject({ 'x-key': 'a b', 'content-encoding': 'gzip' });
    expect(collector.spans).toEqual([
      expect.objectContaining({
        name: 'query',
        kind: 'SERVER',
        resource: expect.objectContaining({
          'service.name': 'talk',
          'deployment.environment.name': 'test',
        }),
      }),
    ]);
  });

  test('samples as the usual settings say', async () => {
    const node = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0',
    });
    await stop(node);
    expect(collector.requests).toEqual([]);
  });

  test('ends, although its collector never answers', async () => {
    collector.answer = () => {};
    const node = await start({
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_TIMEOUT: FOREVER,
      OTEL_BSP_EXPORT_TIMEOUT: FOREVER,
      OTEL_BSP_SCHEDULE_DELAY: '1',
    });
    await eventually(() => expect(collector.requests).toHaveLength(1));
    await stop(node);
  });

  test('does not start with a setting of which the libraries can make nothing', async () => {
    const node = new NodeProcess({
      DATABASE_URL: databaseUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    });
    expect(await node.exit()).toBe(1);
    expect(node.errors).toBe(
      'parley: OTEL_EXPORTER_OTLP_PROTOCOL: must be http/protobuf, or not be set\n',
    );
  });
});
