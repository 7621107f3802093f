import { randomUUID } from 'node:crypto';
import { Client as Postgres } from 'pg';
import { SendMessageDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Answer, Person } from '../support/person';
import { people } from './people';

const LIMIT = 3;

function messageTo(conversationId: string, clientMessageId: string | null, content = 'once') {
  return { input: { conversationId, content, clientMessageId } };
}

function codesOf(answers: readonly Answer<unknown>[]): unknown[] {
  return answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions?.code) ?? []);
}

describe('three messages a minute, however often each is sent', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({
      nodes: 2,
      env: { LIMIT_MESSAGES_PER_MINUTE: String(LIMIT), LIMIT_OPERATIONS_PER_USER: '60' },
    });
  });
  afterAll(() => cluster.stop());

  async function talk() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    return { alice, id };
  }

  /** As many messages are sent as the limit still has room for, and the next is refused. */
  async function expectRoomFor(count: number, sender: Person, id: string): Promise<void> {
    for (let index = 0; index < count; index++) await sendBy(sender, id);
    expect(await sender.refusal(SendMessageDocument, messageTo(id, null))).toBe('RATE_LIMITED');
  }

  test('equal ones at once, over HTTP and sockets, are one message that counts once', async () => {
    const { alice, id } = await talk();
    const once = messageTo(id, randomUUID());
    const answers = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 2 === 0
          ? alice.request(SendMessageDocument, once)
          : alice.askSocket(SendMessageDocument, once),
      ),
    );
    expect(codesOf(answers)).toEqual([]);
    const sent = answers.map(({ data }) => data!.sendMessage.message);
    for (const message of sent) expect(message).toEqual(sent[0]);
    await expectRoomFor(LIMIT - 1, alice, id);
  });

  test('equal ones at once on two nodes count once as soon as they are answered', async () => {
    const { alice, id } = await talk();
    const elsewhere = cluster.device(alice, cluster.nodes[1]);
    const once = messageTo(id, randomUUID());
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? alice : elsewhere).request(SendMessageDocument, once),
      ),
    );
    expect(codesOf(answers)).toEqual([]);
    expect(new Set(answers.map(({ data }) => data!.sendMessage.message.id)).size).toBe(1);
    await expectRoomFor(LIMIT - 1, elsewhere, id);
  });

  test('a repeat is answered also when the limit is reached, on every node', async () => {
    const { alice, id } = await talk();
    const clientMessageId = randomUUID();
    const first = await sendBy(alice, id, { content: 'once', clientMessageId });
    await expectRoomFor(LIMIT - 1, alice, id);
    for (const device of [alice, cluster.device(alice, cluster.nodes[1])]) {
      expect(await sendBy(device, id, { content: 'once', clientMessageId })).toEqual(first);
      const other = messageTo(id, clientMessageId, 'other words');
      expect(await device.refusal(SendMessageDocument, other)).toBe('RATE_LIMITED');
    }
  });

  test.each([
    ['with', randomUUID()],
    ['without', null],
  ])('repeats that are under way take no place of a new message %s a client id', async (_, key) => {
    const { alice, id } = await talk();
    const known = [messageTo(id, randomUUID()), messageTo(id, randomUUID())];
    for (const message of known) await alice.ask(SendMessageDocument, message);
    const fresh = messageTo(id, key);
    const answers = await Promise.all(
      [...known, ...known, fresh, ...known].map((message) =>
        alice.request(SendMessageDocument, message),
      ),
    );
    expect(codesOf(answers)).toEqual([]);
    await expectRoomFor(0, alice, id);
  });

  test('a message that ended UNAVAILABLE gives its count back, and equal ones share the end', async () => {
    const { alice, id } = await talk();
    const operator = new Postgres(cluster.databaseUrl);
    await operator.connect();
    await operator.query('begin');
    await operator.query('select from conversations where id = $1 for update', [id]);
    const sends = [messageTo(id, 'a'), messageTo(id, 'b'), messageTo(id, null), messageTo(id, 'a')];
    const answers = await Promise.all(
      sends.map((message) => alice.request(SendMessageDocument, message)),
    );
    expect(codesOf(answers)).toEqual(sends.map(() => 'UNAVAILABLE'));
    await operator.query('rollback');
    await operator.end();
    expect((await sendBy(alice, id, { content: 'once', clientMessageId: 'a' })).sequence).toBe(1);
    await expectRoomFor(LIMIT - 1, alice, id);
  });
});

test('of messages with one client id and different words at once, one is sent', async () => {
  const cluster = await Cluster.start();
  const [alice, bob] = await people(cluster, 'alice', 'bob');
  const { id } = await conversationOf([alice, bob]);
  const clientMessageId = randomUUID();
  const words = Array.from({ length: 12 }, (_, index) => `words ${index % 3}`);
  const answers = await Promise.all(
    words.map((content) =>
      alice.request(SendMessageDocument, messageTo(id, clientMessageId, content)),
    ),
  );
  const sent = answers.flatMap(({ data }) => data?.sendMessage.message ?? []);
  expect(sent).toHaveLength(4);
  expect(new Set(sent.map((message) => message.id)).size).toBe(1);
  expect(codesOf(answers)).toEqual(Array(8).fill('IDEMPOTENCY_MISMATCH'));
  const repeat = { content: sent[0]!.content, clientMessageId };
  await eventually(async () => expect(await sendBy(alice, id, repeat)).toEqual(sent[0]));
  await cluster.stop();
});
