import { randomUUID } from 'node:crypto';
import { PostSystemMessageDocument, SendMessageDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import type { Answer, Person } from '../support/person';
import { people } from './people';

const MINUTE_MS = 60_000;

function messageTo(conversationId: string, clientMessageId: string | null = null) {
  return { input: { conversationId, content: 'hello', clientMessageId } };
}

/** What a refused message says. */
function refusalOf({ data, errors }: Answer<unknown>) {
  expect(data ?? null).toBeNull();
  expect(errors).toHaveLength(1);
  return errors![0]!;
}

describe('three messages a minute', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2, env: { LIMIT_MESSAGES_PER_MINUTE: '3' } });
  });
  afterAll(() => cluster.stop());

  async function lastSequence(person: Person, id: string): Promise<number> {
    const message = await sendBy(person, id);
    return message.sequence;
  }

  test('are counted over all nodes and both transports; the fourth is refused, and says when to try again', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const elsewhere = cluster.device(alice, cluster.nodes[1]);
    await sendBy(alice, id);
    await sendBy(elsewhere, id);
    expect(
      (await alice.askSocket(SendMessageDocument, messageTo(id))).data?.sendMessage.message
        .sequence,
    ).toBe(3);
    const refusals = [
      refusalOf(await elsewhere.request(SendMessageDocument, messageTo(id))),
      refusalOf(await alice.askSocket(SendMessageDocument, messageTo(id))),
      refusalOf(await alice.askSocket(SendMessageDocument, messageTo(id))),
    ];
    for (const { message, extensions } of refusals) {
      expect(message).toBe('Too many messages: at most 3 in 60 s.');
      expect(extensions).toEqual({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
      expect(extensions!.retryAfterMs).toBeGreaterThan(0);
      expect(extensions!.retryAfterMs).toBeLessThanOrEqual(MINUTE_MS);
    }
    // Nothing of them was written, and nobody else is held up.
    expect(await lastSequence(bob, id)).toBe(4);
  });

  test('are as many without their repeats', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const clientMessageId = randomUUID();
    const first = await sendBy(alice, id, { content: 'once', clientMessageId });
    for (let repeat = 0; repeat < 5; repeat++)
      expect(await sendBy(alice, id, { content: 'once', clientMessageId })).toEqual(first);
    await sendBy(alice, id);
    await sendBy(alice, id);
    expect(await alice.refusal(SendMessageDocument, messageTo(id))).toBe('RATE_LIMITED');
  });

  test('are as many without what was refused for what it said', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    for (let attempt = 0; attempt < 5; attempt++)
      expect(
        await alice.refusal(SendMessageDocument, { input: { conversationId: id, content: '' } }),
      ).toBe('BAD_USER_INPUT');
    for (let sequence = 1; sequence <= 3; sequence++)
      expect(await lastSequence(alice, id)).toBe(sequence);
  });

  test('are not the platform’s limit', async () => {
    const { id } = await conversationOf(await people(cluster, 'alice', 'bob'));
    const service = cluster.service();
    for (let index = 0; index < 5; index++)
      await service.ask(PostSystemMessageDocument, {
        input: { conversationId: id, content: 'welcome' },
      });
  });
});

test('two messages a second: of many at once the others are refused, and the next second has room', async () => {
  const cluster = await Cluster.start({ env: { LIMIT_MESSAGES_PER_SECOND: '2' } });
  const [alice, bob] = await people(cluster, 'alice', 'bob');
  const { id } = await conversationOf([alice, bob]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => alice.request(SendMessageDocument, messageTo(id))),
  );
  const refusals = answers.flatMap(({ errors }) => errors ?? []);
  expect(refusals.length).toBeGreaterThan(0);
  for (const { extensions } of refusals) expect(extensions).toMatchObject({ code: 'RATE_LIMITED' });
  let attempt = await alice.request(SendMessageDocument, messageTo(id));
  while (attempt.errors) {
    const retryAfterMs = Number(refusalOf(attempt).extensions!.retryAfterMs);
    expect(retryAfterMs).toBeLessThanOrEqual(1_000);
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    attempt = await alice.request(SendMessageDocument, messageTo(id));
  }
  // Each was either sent or refused.
  expect(attempt.data!.sendMessage.message.sequence).toBe(answers.length - refusals.length + 1);
  await cluster.stop();
});
