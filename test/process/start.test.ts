import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeProcess } from '../support/node-process';

async function ask(url: string, token: string, query: string): Promise<{ data: never }> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as { data: never };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

let directory: string;
const started: NodeProcess[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'parley-start-'));
});
afterEach(async () => {
  for (const one of started) await one.interrupt();
  await rm(directory, { recursive: true, force: true });
});

function start(): NodeProcess {
  const one = new NodeProcess({ PORT: '0', DATA_DIR: directory });
  started.push(one);
  return one;
}

test('with nothing set it serves the demo, keeps its data over a restart, and leaves no process behind', async () => {
  const first = start();
  const { url, tokens } = await first.ready();
  expect(Object.keys(tokens)).toEqual(['alice', 'bob', 'carol', 'dave']);
  const { data } = await ask(
    url,
    tokens.alice!,
    '{ conversations { nodes { id offers { nodes { status } } } } }',
  );
  const [conversation] = (data as { conversations: { nodes: { id: string }[] } }).conversations
    .nodes;
  expect(conversation).toMatchObject({
    offers: { nodes: [{ status: 'PENDING' }, { status: 'PENDING' }] },
  });
  await ask(
    url,
    tokens.alice!,
    `mutation { sendMessage(input: { conversationId: "${conversation!.id}", content: "still there?" }) { message { id } } }`,
  );
  const postgres = Number(
    (await readFile(join(directory, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[0],
  );
  expect(isAlive(postgres)).toBe(true);
  expect(await first.interrupt()).toBe(0);
  expect(isAlive(postgres)).toBe(false);

  const second = start();
  const again = await second.ready();
  const found = await ask(
    again.url,
    again.tokens.bob!,
    '{ conversations { nodes { lastMessage { content } } } }',
  );
  expect(found).toEqual({
    data: { conversations: { nodes: [{ lastMessage: { content: 'still there?' } }] } },
  });
  expect(await second.interrupt()).toBe(0);
});
