import { randomUUID } from 'node:crypto';
import { print } from 'graphql';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { MessageAddedDocument, SendMessageDocument, SetTypingDocument } from '../generated/graphql';
import { sendBy } from '../support/factories';
import { Person } from '../support/person';
import {
  callersTrace,
  spansNamed,
  startTracedPair,
  type TracedPair,
  traceOf,
} from '../support/traces';

/** The spans of a sent message on its own node, before any fan-out. */
const OWN = ['mutation SendMessage', 'SELECT send_messages', 'publish conversation'];
const SENT = [...OWN, 'process conversation', 'process conversation'];

describe('a trace', () => {
  let traced: TracedPair;
  let alice: Person;
  let bob: Person;
  let id: string;

  beforeAll(async () => {
    traced = await startTracedPair();
    ({ alice, bob, conversationId: id } = traced);
  });
  afterAll(() => traced.stop());

  /** Each follows on another node, and has what was sent so far. */
  async function bothFollow() {
    const { sequence } = await sendBy(alice, id);
    const variables = { conversationId: id, after: sequence - 1 };
    const streams = [alice, bob].map((one) => one.subscribe(MessageAddedDocument, variables));
    for (const stream of streams) await stream.next();
    return streams;
  }

  /** A socket of alice's, and what one operation on it was answered. */
  function open(params: Record<string, unknown> = {}): Client {
    return createClient({
      url: `${alice.node.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { token: alice.token, ...params },
    });
  }
  async function sendOver(client: Client, extensions?: Record<string, unknown>): Promise<void> {
    const variables = { input: { conversationId: id, content: randomUUID() } };
    const query = print(SendMessageDocument);
    const answers = client.iterate({ query, variables, ...(extensions && { extensions }) });
    for await (const answer of answers) expect(answer.errors).toBeUndefined();
  }

  test('leads from a request over the bus to the subscribers of both nodes', async () => {
    const streams = await bothFollow();
    const input = { conversationId: id, content: 'hello' };
    const { spanId, spans, result } = await traceOf(traced.collector, SENT, ({ traceparent }) =>
      alice.request(SendMessageDocument, { input }, { traceparent, tracestate: 'vendor=1' }),
    );
    const [operation, statement, published, ...fanOuts] = spans;
    expect(operation).toMatchObject({
      kind: 'SERVER',
      parentId: spanId,
      error: null,
      traceState: 'vendor=1',
      attributes: {
        'graphql.operation.type': 'mutation',
        'graphql.operation.name': 'SendMessage',
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
      },
    });
    expect(statement).toMatchObject({
      kind: 'CLIENT',
      parentId: operation!.id,
      attributes: { 'db.system.name': 'postgresql' },
    });
    expect(published).toMatchObject({ kind: 'PRODUCER', parentId: operation!.id });
    const { sequence } = result.data!.sendMessage.message;
    for (const fanOut of fanOuts)
      expect(fanOut).toMatchObject({
        kind: 'CONSUMER',
        parentId: published!.id,
        traceState: 'vendor=1',
        attributes: {
          'parley.topic.kind': 'conversation',
          'parley.event': 'log.appended',
          'parley.event.kind': 'MESSAGE_ADDED',
          'parley.sequence': sequence,
          'parley.seats': 1,
          'parley.commit_to_delivery_ms': expect.any(Number),
        },
      });
    const nodes = fanOuts.map(({ resource }) => resource['service.instance.id']);
    expect(new Set(nodes).size).toBe(2);
    expect(nodes).toContain(operation!.resource['service.instance.id']);
    expect(operation!.resource['service.name']).toBe('parley');
    for (const stream of streams) stream.stop();
  });

  test('has one fan-out for a topic and node, however many follow it', async () => {
    const streams = [...(await bothFollow()), ...(await bothFollow())];
    const input = { conversationId: id, content: 'hello' };
    const { traceId, spans } = await traceOf(traced.collector, SENT, ({ traceparent }) =>
      alice.request(SendMessageDocument, { input }, { traceparent }),
    );
    const [, , , ...fanOuts] = spans;
    expect(fanOuts.map(({ attributes }) => attributes['parley.seats'])).toEqual([2, 2]);
    const all = traced.collector.trace(traceId).filter(({ kind }) => kind === 'CONSUMER');
    expect(all).toHaveLength(2);
    for (const stream of streams) stream.stop();
  });

  test('is that of the operation over a socket, else that of its connection', async () => {
    const streams = await bothFollow();
    const ofConnection = callersTrace();
    const client = open({ traceparent: ofConnection.traceparent });
    const own = await traceOf(traced.collector, SENT, ({ traceparent }) =>
      sendOver(client, { traceparent, tracestate: 'a=b' }),
    );
    await sendOver(client);
    await sendOver(client, { traceparent: 'malformed' });
    const [operation, , published, ...fanOuts] = own.spans;
    expect(operation).toMatchObject({ kind: 'SERVER', parentId: own.spanId, traceState: 'a=b' });
    expect(operation!.attributes['network.protocol.name']).toBe('websocket');
    for (const { parentId } of fanOuts) expect(parentId).toBe(published!.id);
    const others = await spansNamed(traced.collector, ofConnection.traceId, [...OWN, ...OWN]);
    const operations = others.filter(({ kind }) => kind === 'SERVER');
    expect(operations.map(({ parentId }) => parentId)).toEqual([
      ofConnection.spanId,
      ofConnection.spanId,
    ]);
    await client.dispose();
    for (const stream of streams) stream.stop();
  });

  test('that was not sampled leaves nothing, on no node', async () => {
    const streams = await bothFollow();
    const [left, last] = [callersTrace('00'), callersTrace()];
    const client = open();
    for (const { traceparent } of [left, last]) {
      const input = { conversationId: id, content: 'hello' };
      await alice.request(SendMessageDocument, { input }, { traceparent });
      await sendOver(client, { traceparent });
    }
    await spansNamed(traced.collector, last.traceId, [...OWN, ...OWN]);
    expect(traced.collector.trace(left.traceId)).toEqual([]);
    await client.dispose();
    for (const stream of streams) stream.stop();
  });

  test('begins here when the caller names none, or one that is malformed', async () => {
    const wrong = [
      {},
      { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` },
      { traceparent: `ff-${'a'.repeat(32)}-00f067aa0ba902b7-01` },
      { traceparent: `00-${'A'.repeat(32)}-00f067aa0ba902b7-01` },
      { traceparent: `00-${'a'.repeat(32)}-00f067aa0ba902b7-01-more` },
      { traceparent: `00-${'a'.repeat(32)}-00f067aa0ba902b7` },
    ];
    const before = traced.collector.spans.length;
    const input = { conversationId: id, isTyping: true };
    for (const headers of wrong)
      await alice.request(SetTypingDocument, { input }, headers as Record<string, string>);
    const marker = callersTrace();
    const { traceparent } = marker;
    await alice.request(SetTypingDocument, { input }, { traceparent });
    await spansNamed(traced.collector, marker.traceId, ['mutation SetTyping']);
    const roots = traced.collector.spans
      .slice(before)
      .filter(({ name, parentId }) => name === 'mutation SetTyping' && parentId === null);
    expect(roots).toHaveLength(wrong.length);
  });

  test('has the start of a subscription, and none of its events', async () => {
    const { traceId, traceparent } = callersTrace();
    const client = open();
    client.subscribe(
      {
        query: print(MessageAddedDocument),
        // A viewer would be an event of the start.
        variables: { conversationId: id, viewing: false },
        extensions: { traceparent },
      },
      { next: () => {}, error: () => {}, complete: () => {} },
    );
    const [start] = await spansNamed(traced.collector, traceId, ['subscription MessageAdded']);
    expect(start).toMatchObject({ kind: 'SERVER', error: null });
    const own = callersTrace();
    await alice.request(
      SendMessageDocument,
      { input: { conversationId: id, content: 'hello' } },
      { traceparent: own.traceparent },
    );
    await spansNamed(traced.collector, own.traceId, OWN);
    const kinds = new Set(traced.collector.trace(traceId).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual(['CLIENT', 'SERVER']);
    await client.dispose();
  });
});
