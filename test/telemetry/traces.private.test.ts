import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { parse } from 'graphql';
import WebSocket from 'ws';
import { startApp } from '../../src/app/app';
import { ConversationDocument, SendMessageDocument } from '../generated/graphql';
import { nodeConfig } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import { openLogbook } from '../support/logbook';
import { Person } from '../support/person';
import { callersTrace, spansNamed, startTraced, type TracedCluster } from '../support/traces';

describe('a span', () => {
  let traced: TracedCluster;
  let alice: Person;
  let id: string;

  beforeAll(async () => {
    traced = await startTraced();
    alice = await traced.cluster.person('alice-the-user');
    id = (await conversationOf([alice, await traced.cluster.person('bob-the-user')])).id;
  });
  afterAll(() => traced.stop());

  test('has no content, no variable, no id of a user, no token and no made-up name', async () => {
    const { collector } = traced;
    const secret = `secret-${randomUUID()}`;
    const { traceId, traceparent } = callersTrace();
    const input = { conversationId: id, content: secret, clientMessageId: `client-${secret}` };
    await alice.request(SendMessageDocument, { input }, { traceparent });
    const madeUp = parse(`query MadeUp_${secret.replaceAll('-', '_')} { me { id } }`);
    await alice.request(madeUp as never, {}, { traceparent });
    const query = encodeURIComponent(`query { user(id: "${secret}") { id } }`);
    await fetch(`${alice.node.url}/graphql?query=${query}&extensions=%7B%7D`, {
      headers: { authorization: `Bearer ${alice.token}`, traceparent, 'user-agent': secret },
    });
    await spansNamed(collector, traceId, ['mutation SendMessage', 'query', 'query']);
    const told = JSON.stringify(collector.spans);
    for (const text of ['secret', 'alice', 'bob', 'MadeUp', alice.token!, id, '127.0.0.1'])
      expect(told).not.toContain(text);
  });

  test('has the code of what was refused, over both transports', async () => {
    const { collector } = traced;
    const forbidden = callersTrace();
    const variables = { id: randomUUID() };
    const { errors } = await alice.request(ConversationDocument, variables, {
      traceparent: forbidden.traceparent,
    });
    const code = String(errors![0]!.extensions!.code);
    const [refused] = await spansNamed(collector, forbidden.traceId, ['query Conversation']);
    expect(refused).toMatchObject({ error: code, attributes: { 'error.type': code } });

    const unknown = callersTrace();
    const stranger = traced.cluster.stranger('no token');
    await stranger.request(ConversationDocument, variables, { traceparent: unknown.traceparent });
    const [rejected] = await spansNamed(collector, unknown.traceId, ['POST /graphql']);
    expect(rejected).toMatchObject({
      error: 'UNAUTHENTICATED',
      attributes: { 'http.response.status_code': 401 },
    });

    const socket = new WebSocket(
      `${alice.node.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { token: alice.token } }));
    await once(socket, 'message');
    const wrong = {
      'query {': 'GRAPHQL_PARSE_FAILED',
      'query { nonsense }': 'GRAPHQL_VALIDATION_FAILED',
      [`query Conversation { conversation(id: "${randomUUID()}") { id } }`]: code,
      [`subscription { typing(conversationId: "${randomUUID()}") { isTyping } }`]: 'FORBIDDEN',
    };
    for (const [query, expected] of Object.entries(wrong)) {
      const { traceId, traceparent } = callersTrace();
      const payload = { query, extensions: { traceparent } };
      socket.send(JSON.stringify({ id: traceId, type: 'subscribe', payload }));
      await eventually(() => {
        const [span] = collector.trace(traceId).filter(({ kind }) => kind === 'SERVER');
        expect(span?.error).toBe(expected);
      });
    }
    socket.close();
  });

  test('ends with the connection of a request that is not answered', async () => {
    const { traceId, traceparent } = callersTrace();
    const { hostname, port } = new URL(alice.node.url);
    const socket = connect(Number(port), hostname);
    const lines = ['POST /graphql HTTP/1.1', 'host: x', `traceparent: ${traceparent}`];
    const body = ['content-type: application/json', 'content-length: 1000', '', '{'];
    const text = [...lines, ...body].join('\r\n');
    await new Promise((resolve) => socket.write(text, resolve));
    socket.destroy();
    const [span] = await spansNamed(traced.collector, traceId, ['POST /graphql']);
    expect(span!.error).toBe('CONNECTION_LOST');
  });

  test('is named in the lines of its request in the log', async () => {
    const { logger, lines } = openLogbook();
    const config = nodeConfig(traced.cluster.databaseUrl, true, {
      OTEL_EXPORTER_OTLP_ENDPOINT: traced.collector.url,
    });
    // The first node holds the database alone, unless both use Redis.
    const node = await startApp(config, logger);
    const device = new Person(node, alice.id, alice.token);
    const { traceId, traceparent } = callersTrace();
    await device.request(ConversationDocument, { id: randomUUID() }, { traceparent });
    const input = { conversationId: randomUUID(), content: 'x' };
    await device.request(SendMessageDocument, { input }, { traceparent });
    const [, operation] = await spansNamed(traced.collector, traceId, [
      'query Conversation',
      'mutation SendMessage',
    ]);
    const refusals = lines.filter(({ msg }) => msg === 'operation refused');
    expect(refusals.at(-1)).toMatchObject({ trace_id: traceId, span_id: operation!.id });
    await node.stop();
  });
});
