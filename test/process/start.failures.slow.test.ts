import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeProcess } from '../support/node-process';
import { createDatabase, dropDatabase } from '../support/services';

async function ask(url: string, token: string, query: string): Promise<{ data: never }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data: never };
}

describe('a start that meets trouble', () => {
  let directory: string;
  const started: NodeProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-start-'));
  });
  afterEach(async () => {
    for (const one of started.splice(0)) await one.interrupt();
    await rm(directory, { recursive: true, force: true });
  });

  function start(env: Record<string, string> = {}): NodeProcess {
    const one = new NodeProcess({ PORT: '0', DATA_DIR: directory, ...env });
    started.push(one);
    return one;
  }

  test('one that was killed leaves nothing that keeps the next one from starting', async () => {
    const first = start();
    await first.ready();
    first.kill();
    await first.exit();
    const { url, tokens } = await start().ready();
    expect(await ask(url, tokens.alice!, '{ me { id } }')).toEqual({
      data: { me: { id: 'alice' } },
    });
  });

  test.each([
    [{ PORT: 'http' }, /^parley: PORT: must be a whole number\n$/],
    [
      { DATABASE_FAILOVER: 'maybe' },
      /^parley: DATABASE_FAILOVER: must be lossless, or not be set\n$/,
    ],
    [{ LOG_LEVEL: 'loud' }, /^parley: LOG_LEVEL: .+\n$/],
    [{ FRONTEND_URL: 'example.com' }, /^parley: FRONTEND_URL: .+\n$/],
    [{ REDIS_URL: 'localhost' }, /^parley: REDIS_URL: .+\n$/],
    [
      { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none' },
      /^parley: DATABASE_URL: the database cannot be reached .+\n$/,
    ],
    [
      { NODE_ENV: 'production', PORT: 'http' },
      /^(parley: (PORT|DATABASE_URL|JWT_SECRET): .+\n){3}$/,
    ],
    [
      { NODE_ENV: 'production', DATABASE_URL: 'postgres://127.0.0.1:1/none', JWT_SECRET: 'short' },
      /^parley: JWT_SECRET: .+\n$/,
    ],
  ])('a setting that makes no sense ends the start with a line: %j', async (env, line) => {
    const process = start(env as Record<string, string>);
    expect(await process.exit()).toBe(1);
    expect(process.errors).toMatch(line);
    expect(process.errors).not.toContain('secret@');
  });

  test('a folder that cannot be made is what the start says, and no fault of the database', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');
    const process = start({ DATA_DIR: join(file, 'data') });
    expect(await process.exit()).toBe(1);
    expect(process.errors).toContain('ENOTDIR');
    expect(process.errors).not.toContain('DATABASE_URL');
  });

  test('a taken port ends the start with one line, and the database with it', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const process = start({ PORT: String(port) });
    expect(await process.exit()).toBe(1);
    expect(process.errors).toBe(`parley: PORT: ${port} is taken already\n`);
    await expect(readFile(join(directory, 'postgres', 'postmaster.pid'))).rejects.toThrow('ENOENT');
    server.close();
  });

  test('without Redis a second node on the same database refuses to start, and the first goes on', async () => {
    const DATABASE_URL = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    const { url } = await start({ DATABASE_URL }).ready();
    const second = start({ DATABASE_URL });
    expect(await second.exit()).toBe(1);
    expect(second.errors).toMatch(
      /^parley: REDIS_URL: is not set, and another node uses this database already/,
    );
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    for (const one of started.splice(0)) await one.interrupt();
    await dropDatabase(DATABASE_URL);
  });

  test('with Redis away it starts and serves all the same, and says so', async () => {
    const node = start({ REDIS_URL: 'redis://127.0.0.1:1' });
    const { url, tokens } = await node.ready();
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({
      ready: true,
      degraded: ['bus', 'presence', 'rate limits'],
    });
    const { data } = await ask(url, tokens.alice!, '{ conversations { nodes { id } } }');
    const [{ id }] = (data as { conversations: { nodes: [{ id: string }] } }).conversations.nodes;
    const send = `mutation { sendMessage(input: { conversationId: "${id}", content: "hello" }) { message { content } } }`;
    expect(await ask(url, tokens.alice!, send)).toEqual({
      data: { sendMessage: { message: { content: 'hello' } } },
    });
    expect(node.output).toMatch(/"level":(40|50).*Redis/);
  });

  test('nodes that start together migrate once', async () => {
    const DATABASE_URL = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    const env = { DATABASE_URL, REDIS_URL: process.env.PARLEY_TEST_REDIS_URL! };
    const nodes = [start(env), start(env), start(env)];
    await Promise.all(nodes.map((node) => node.ready()));
    for (const one of started.splice(0)) expect(await one.interrupt()).toBe(0);
    await dropDatabase(DATABASE_URL);
  });
});
