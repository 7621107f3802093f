import { Redis } from 'ioredis';
import {
  ConversationsDocument,
  SendMessageDocument,
  SetTypingDocument,
  StartConversationDocument,
} from '../generated/graphql';
import type { CollectedSpan } from '../support/collector';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { callersTrace, spansNamed, startTraced, type TracedCluster } from '../support/traces';

describe('the spans of Redis commands', () => {
  let traced: TracedCluster;
  let alice: Person;
  let bob: Person;
  let id: string;

  beforeAll(async () => {
    // So few that each is counted in Redis.
    const env = { LIMIT_CONVERSATIONS_PER_HOUR: '9' };
    traced = await startTraced({ nodes: 2, env });
    [alice, bob] = (await traced.cluster.persons('alice', 'bob')) as [Person, Person];
    await traced.cluster.person('carol');
    ({ id } = await conversationOf([alice, bob]));
  });
  afterAll(() => traced.stop());

  const isRedis = ({ attributes }: CollectedSpan) => attributes['db.system.name'] === 'redis';

  /** Does something in a trace of its own, and waits for spans of it. */
  async function spansOf(
    act: (headers: { traceparent: string }) => Promise<{ errors?: unknown }>,
    names: readonly string[],
  ): Promise<CollectedSpan[]> {
    const { traceId, traceparent } = callersTrace();
    const { errors } = await act({ traceparent });
    expect(errors).toBeUndefined();
    return spansNamed(traced.collector, traceId, names);
  }

  const send = (person: Person) =>
    spansOf(
      (headers) =>
        person.request(
          SendMessageDocument,
          { input: { conversationId: id, content: 'hello' } },
          headers,
        ),
      ['mutation SendMessage', 'PIPELINE EVAL'],
    );

  const type = (...names: string[]) =>
    spansOf(
      (headers) =>
        alice.request(
          SetTypingDocument,
          { input: { conversationId: id, isTyping: true } },
          headers,
        ),
      ['mutation SetTyping', ...names],
    );

  test('stand below the operation, with the name of the script', async () => {
    const [operation, counted] = await spansOf(
      (headers) =>
        alice.request(StartConversationDocument, { input: { participantIds: ['carol'] } }, headers),
      ['mutation StartConversation', 'EVALSHA rateLimitCount'],
    );
    expect(counted).toMatchObject({ kind: 'CLIENT', parentId: operation!.id, error: null });
    expect(counted!.attributes).toEqual({
      'db.system.name': 'redis',
      'db.namespace': '0',
      'db.operation.name': 'EVALSHA',
      'db.stored_procedure.name': 'rateLimitCount',
    });
  });

  test('are those of typing and its publication as well', async () => {
    const [operation, ...commands] = await type(
      'EVALSHA presenceHold',
      'EVALSHA presenceRefresh',
      'PUBLISH',
    );
    for (const { parentId } of commands) expect(parentId).toBe(operation!.id);
  });

  test('are one for equal commands that leave together', async () => {
    const [operation, read] = await spansOf(
      (headers) => alice.request(ConversationsDocument, {}, headers),
      ['query Conversations', 'PIPELINE SMEMBERS'],
    );
    expect(read).toMatchObject({
      parentId: operation!.id,
      attributes: { 'db.operation.name': 'PIPELINE SMEMBERS', 'db.operation.batch.size': 2 },
    });
  });

  test('belong each to its own operation, also when several publish in one turn', async () => {
    const sent = Array.from({ length: 6 }, (_, at) => send(at % 2 ? alice : bob));
    for (const [operation, published] of await Promise.all(sent))
      expect(published!.parentId).toBe(operation!.id);
  });

  test('say what Redis refused, by the beginning of its error', async () => {
    const redis = new Redis(process.env.PARLEY_TEST_REDIS_URL!);
    await redis.script('FLUSH');
    await redis.quit();
    const [operation, refused] = await type('EVALSHA presenceRefresh');
    expect(refused).toMatchObject({
      parentId: operation!.id,
      error: 'NOSCRIPT',
      attributes: { 'db.response.status_code': 'NOSCRIPT', 'error.type': 'NOSCRIPT' },
    });
  });

  test('have no key and no value, and none is without a parent', () => {
    const spans = traced.collector.spans.filter(isRedis);
    expect(spans.length).toBeGreaterThan(0);
    expect(spans.filter(({ parentId }) => parentId === null)).toEqual([]);
    const told = JSON.stringify(spans);
    for (const text of ['alice', 'bob', 'hello', id]) expect(told).not.toContain(text);
  });
});
