import { Redis } from 'ioredis';
import { Client } from 'pg';
import {
  ConversationEventsDocument,
  CreateOfferDocument,
  CustomEventDocument,
  InboxUpdatedDocument,
  NotificationAddedDocument,
  SendMessageDocument,
} from '../generated/graphql';
import { eventually } from '../support/eventually';
import { sendBy } from '../support/factories';
import type { Person } from '../support/person';
import {
  callersTrace,
  spansNamed,
  startTracedPair,
  type TracedPair,
  traceOf,
} from '../support/traces';

describe('the trace of an event', () => {
  let traced: TracedPair;
  let alice: Person;
  let bob: Person;
  let id: string;

  beforeAll(async () => {
    traced = await startTracedPair();
    ({ alice, bob, conversationId: id } = traced);
  });
  afterAll(() => traced.stop());

  test('reaches the inbox and the badges of another node', async () => {
    const notices = bob.subscribe(NotificationAddedDocument, { after: 0 });
    const badges = bob.subscribe(InboxUpdatedDocument, {});
    await eventually(async () => {
      await sendBy(alice, id);
      expect(badges.received.length).toBeGreaterThan(0);
    });
    await notices.next();
    const input = { conversationId: id, content: 'hello' };
    const names = ['publish conversation', 'process inbox', 'process user'];
    const { spans } = await traceOf(traced.collector, names, ({ traceparent }) =>
      alice.request(SendMessageDocument, { input }, { traceparent }),
    );
    const [published, ...fanOuts] = spans;
    for (const { parentId } of fanOuts) expect(parentId).toBe(published!.id);
    expect(fanOuts[0]!.attributes).toMatchObject({
      'parley.event': 'inbox.appended',
      'parley.seats': 1,
    });
    notices.stop();
    badges.stop();
  });

  test('that a transaction wrote is that of its operation', async () => {
    const events = bob.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
    await events.next();
    const items = [{ giverId: alice.id, kind: 'MONEY' as const, amount: 100, currency: 'EUR' }];
    const input = { conversationId: id, items };
    const names = [
      'mutation CreateOffer',
      'BEGIN',
      'COMMIT',
      'publish conversation',
      'process conversation',
    ];
    const { spans } = await traceOf(traced.collector, names, ({ traceparent }) =>
      alice.request(CreateOfferDocument, { input }, { traceparent }),
    );
    const [operation, begin, commit, published, fanOut] = spans;
    for (const span of [begin, commit, published]) expect(span!.parentId).toBe(operation!.id);
    expect(fanOut).toMatchObject({
      parentId: published!.id,
      attributes: { 'parley.event.kind': 'OFFER_UPDATED' },
    });
    events.stop();
  });

  test('may be named by any node, and whatever else it names changes nothing', async () => {
    const client = new Client(traced.cluster.databaseUrl);
    await client.connect();
    const { rows } = await client.query('select id from installation');
    await client.end();
    const redis = new Redis(process.env.PARLEY_TEST_REDIS_URL!);
    const events = bob.subscribe(CustomEventDocument, { conversationId: id });
    const { traceId, traceparent } = callersTrace();
    const unsampled = callersTrace('00');
    const fields: object[] = [
      {},
      { traceparent: 5 },
      { traceparent: { a: [] } },
      { traceparent: 'x'.repeat(1_000) },
      { traceparent: unsampled.traceparent },
      { traceparent, tracestate: 7 },
    ];
    const told = {
      name: 'custom.emitted',
      event: 'test',
      conversationId: id,
      data: {},
      at: new Date().toISOString(),
    };
    const channel = `parley:${rows[0].id}:conversation:${id}`;
    // Until the subscription listens, nothing is received.
    let first: unknown = null;
    while (first === null) {
      await redis.publish(channel, JSON.stringify(told));
      first = await events.next(100).catch(() => null);
    }
    const before = traced.collector.spans.length;
    for (const more of fields) await redis.publish(channel, JSON.stringify({ ...told, ...more }));
    await events.take(fields.length);
    await spansNamed(traced.collector, traceId, ['process conversation']);
    const fanOuts = traced.collector.spans.slice(before).filter(({ kind }) => kind === 'CONSUMER');
    expect(fanOuts.map((span) => span.traceId)).toEqual([traceId]);
    await redis.quit();
    events.stop();
  });
});
