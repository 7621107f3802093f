import { parse } from 'graphql';
import { people } from '../api/people';
import {
  ConversationDocument,
  MeDocument,
  MessageAddedDocument,
  SendMessageDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { scrape } from '../support/scrape';

describe('the metrics of a node', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { LIMIT_MESSAGES_PER_MINUTE: '3' } });
  });
  afterAll(() => cluster.stop());

  const now = () => scrape(cluster.node);

  test('are text for Prometheus, with what Node tells of the process', async () => {
    const response = await fetch(cluster.node.metricsUrl);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    const { value, names } = await now();
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(names).toContain('process_cpu_seconds_total');
    expect(new Set(names).size).toBe(names.length);
  });

  test('count connections, subscriptions and what they are sent', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const start = await now();
    const stream = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    await sendBy(alice, id);
    await stream.next();
    const before = await now();
    await sendBy(alice, id);
    await stream.next();
    const during = await now();
    const moved = (name: string, labels = {}) =>
      during.value(name, labels) - before.value(name, labels);
    expect(moved('parley_deliveries_total')).toBe(1);
    expect(moved('parley_events_total')).toBeGreaterThanOrEqual(1);
    for (const name of ['parley_connections', 'parley_subscriptions', 'parley_seats'])
      expect([name, during.value(name) - start.value(name)]).toEqual([name, 1]);
    for (const name of ['parley_topics', 'parley_bus_topics', 'parley_connections_opened_total'])
      expect([name, during.value(name) - start.value(name)]).toEqual([name, 1]);
    expect(moved('parley_commit_to_delivery_seconds_count')).toBe(1);
    expect(moved('parley_commit_to_delivery_seconds_bucket', { le: '+Inf' })).toBe(1);
    await bob.disconnect();
    await eventually(async () => {
      const after = await now();
      for (const name of ['parley_connections', 'parley_subscriptions', 'parley_seats'])
        expect([name, after.value(name)]).toEqual([name, start.value(name)]);
      const closed = (one: typeof after) =>
        one.value('parley_connections_closed_total', { code: '1000' });
      expect(closed(after) - closed(before)).toBe(1);
    });
  });

  test('count subscriptions that begin and end in every way', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const before = (await now()).value('parley_subscriptions');
    const refused = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 99 });
    expect(await refused.refusal()).toBe('RESYNC_REQUIRED');
    const completed = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    const dropped = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    await sendBy(alice, id);
    await Promise.all([completed.next(), dropped.next()]);
    expect((await now()).value('parley_subscriptions')).toBe(before + 2);
    completed.stop();
    await eventually(async () =>
      expect((await now()).value('parley_subscriptions')).toBe(before + 1),
    );
    bob.drop();
    await eventually(async () => expect((await now()).value('parley_subscriptions')).toBe(before));
  });

  test('time operations by type, and by name where it is a known one', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const before = await now();
    await alice.ask(MeDocument, {});
    await alice.askSocket(MeDocument, {});
    await alice.ask(parse('query MadeUpByAClient { me { id } }') as typeof MeDocument, {});
    await alice.ask(parse('{ me { id } }') as typeof MeDocument, {});
    await sendBy(alice, id);
    const after = await now();
    const count = (type: string, name: string) => {
      const labels = { type, name };
      const metric = 'parley_operation_duration_seconds_count';
      return after.value(metric, labels) - before.value(metric, labels);
    };
    expect(count('query', 'Me')).toBe(2);
    expect(count('query', 'other')).toBe(2);
    expect(count('mutation', 'SendMessage')).toBe(1);
    expect(after.text).not.toContain('MadeUpByAClient');
    expect(after.value('parley_operation_duration_seconds_sum')).toBeGreaterThan(0);
  });

  test('count refusals by code on both transports, and by status over HTTP', async () => {
    const [alice] = await people(cluster, 'alice');
    const before = await now();
    const unknown = { id: 'a5f2f9a4-0000-7000-8000-000000000000' };
    expect(await alice.refusal(ConversationDocument, unknown)).toBe('FORBIDDEN');
    await alice.askSocket(ConversationDocument, unknown);
    await alice.refusal(parse('{ nonsense }') as typeof MeDocument, {});
    await cluster.stranger('no token').refusal(MeDocument, {});
    await fetch(`${cluster.node.url}/nowhere`);
    await fetch(`${cluster.node.url}/%E0%A4%A`);
    const after = await now();
    const moved = (name: string, labels: Record<string, string>) =>
      after.value(name, labels) - before.value(name, labels);
    expect(moved('parley_refusals_total', { code: 'FORBIDDEN' })).toBe(2);
    expect(moved('parley_refusals_total', { code: 'GRAPHQL_VALIDATION_FAILED' })).toBe(1);
    expect(moved('parley_refusals_total', { code: 'UNAUTHENTICATED' })).toBe(1);
    expect(moved('parley_http_refusals_total', { status: '401' })).toBe(1);
    expect(moved('parley_http_refusals_total', { status: '404' })).toBe(1);
    expect(moved('parley_http_refusals_total', { status: '400' })).toBe(2);
  });

  test('count what rate limits decide, and statements', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const before = await now();
    for (let sent = 0; sent < 3; sent++) await sendBy(alice, id);
    const input = { conversationId: id, content: 'one too many' };
    expect(await alice.refusal(SendMessageDocument, { input })).toBe('RATE_LIMITED');
    const after = await now();
    const decided = (outcome: string) =>
      after.value('parley_rate_limit_decisions_total', { limit: 'messages', outcome }) -
      before.value('parley_rate_limit_decisions_total', { limit: 'messages', outcome });
    expect([decided('accepted'), decided('refused')]).toEqual([3, 1]);
    const statements = 'parley_database_statement_duration_seconds_count';
    expect(after.value(statements) - before.value(statements)).toBeGreaterThanOrEqual(3);
    expect(after.value('parley_database_sessions_limit')).toBe(11);
    expect(after.value('parley_database_sessions')).toBeGreaterThanOrEqual(1);
  });

  test('say when the heads of the logs were last compared', async () => {
    await eventually(async () => {
      const { value } = await now();
      expect(value('parley_log_compared_timestamp_seconds')).toBeGreaterThan(
        Date.now() / 1_000 - 60,
      );
      expect(value('parley_log_lag_events')).toBe(0);
    });
  });
});
