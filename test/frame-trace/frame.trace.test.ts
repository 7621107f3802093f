import { FrameOrder } from '../../src/frame-trace/frame.order';
import { FrameTap, type TracedConnection } from '../../src/frame-trace/frame.tap';
import { FrameTrace } from '../../src/frame-trace/frame.trace';
import { vocabularyOf } from '../../src/frame-trace/frame.vocabulary';
import { printable } from '../../src/frame-trace/trace.printer';
import { parseFrame, type TracedFrame } from '../../src/frame-trace/traced.frame';
import { getSchema } from '../../src/graphql/schema';

const vocabulary = vocabularyOf(getSchema());

function traceOf(includesPings = false): FrameTrace {
  const asked = { traceId: 't', userId: 'alice', key: '00'.repeat(32), leaseMs: 1, by: 'me' };
  return new FrameTrace({ name: 'frames.asked', ...asked, includesPings }, vocabulary);
}

function tapOf(...traces: FrameTrace[]): FrameTap {
  const connection: TracedConnection = {
    ...{ id: 'connection', userId: 'alice', deviceUserId: 'alice' },
    tap: null,
  };
  connection.tap = new FrameTap(connection, traces);
  return connection.tap;
}

/** All that waits. */
function tellAll(trace: FrameTrace): TracedFrame[] {
  const told: string[] = [];
  while (trace.hasFrames) told.push(...trace.tell(1_000).frames);
  return told.map((text) => parseFrame(text)!);
}

describe("a node's part in a frame trace", () => {
  test('leaves out what finds its queue full, counts it, and goes on', () => {
    const trace = traceOf();
    const tap = tapOf(trace);
    for (let index = 0; index < 1_500; index++) tap.sent('{"id":"1","type":"complete"}');
    const before = tellAll(trace);
    expect(before).toHaveLength(1_000);
    expect(trace.leftOut).toBe(500);
    expect(trace.through).toBe(1_500);
    tap.sent('{"id":"2","type":"complete"}');
    expect(tellAll(trace)).toMatchObject([{ n: 1_501, id: '2' }]);
  });

  test('holds a bounded number of bytes', () => {
    const trace = traceOf();
    const tap = tapOf(trace);
    const rest = Buffer.from(`${JSON.stringify({ data: { content: 'x'.repeat(50_000) } })}}`);
    for (let index = 0; index < 100; index++)
      tap.sentEvent('{"id":"1","type":"next","payload":', rest);
    expect(trace.leftOut).toBeGreaterThan(70);
    expect(trace.leftOut).toBeLessThan(90);
  });

  test('tells a frame that is too long by its type, its id and its length', () => {
    const trace = traceOf();
    const tap = tapOf(trace);
    const rest = Buffer.from(`${JSON.stringify({ data: { content: 'x'.repeat(70_000) } })}}`);
    tap.sentEvent('{"id":"1","type":"next","payload":', rest);
    tap.received(JSON.stringify({ id: '2', type: 'subscribe', payload: 'x'.repeat(70_000) }));
    tap.received('x'.repeat(2 * 1024 * 1024));
    tap.sent('{"id":"1","type":"complete"}');
    const told = tellAll(trace);
    expect(told).toMatchObject([
      {
        n: 1,
        type: 'next',
        id: '1',
        bytes: 70_000 + '{"id":"1","type":"next","payload":{"data":{"content":""}}}'.length,
      },
      { n: 2, type: 'unread' },
      { n: 4, type: 'complete' },
    ]);
    expect(told[0]).not.toHaveProperty('shape');
  });

  test.each([
    '',
    'nonsense',
    'null',
    '5',
    '[]',
    '{"type":"secret words"}',
    '{"type":"next"}',
    '{"type":{}}',
  ])('tells a message %j without its words', (text) => {
    const trace = traceOf();
    tapOf(trace).received(text);
    const [told] = tellAll(trace);
    expect(told).toMatchObject({
      n: 1,
      direction: 'in',
      type: 'unread',
    });
    expect(JSON.stringify(told)).not.toContain('secret');
  });

  test('shows no acknowledgement that comes from a client', () => {
    const trace = traceOf();
    tapOf(trace).received('{"type":"connection_ack","payload":{"userId":"secret words"}}');
    expect(JSON.stringify(tellAll(trace))).not.toContain('secret');
  });

  test('never tells the payloads of connection_init, ping and pong', () => {
    const trace = traceOf(true);
    const tap = tapOf(trace);
    for (const type of ['connection_init', 'ping', 'pong'])
      tap.received(JSON.stringify({ type, payload: { token: 'secret', authorization: 'secret' } }));
    const told = tellAll(trace);
    expect(told.map(({ type }) => type)).toEqual(['connection_init', 'ping', 'pong']);
    expect(JSON.stringify(told)).not.toMatch(/secret|token|authorization/);
  });

  test('tells pings to a trace that asks for them, and leaves no gap in another one', () => {
    const [with_, without] = [traceOf(true), traceOf(false)];
    const tap = tapOf(with_, without);
    tap.received('{"type":"ping"}');
    tap.onPing();
    tap.sent('{"id":"1","type":"complete"}');
    expect(tellAll(with_).map(({ n, type }) => `${n} ${type}`)).toEqual([
      '1 ping',
      '2 ping',
      '3 pong',
      '4 complete',
    ]);
    expect(tellAll(without).map(({ n, type }) => `${n} ${type}`)).toEqual(['1 complete']);
  });

  test.each([
    [
      'left out',
      (tap: FrameTap) => tap.received(JSON.stringify({ type: 'x'.repeat(1024 * 1024) })),
    ],
    ['too long', (tap: FrameTap) => tap.received(JSON.stringify({ type: 'x'.repeat(70_000) }))],
    ['no message', (tap: FrameTap) => tap.received('{"type":"complete","id":5}')],
    [
      'left out of an empty queue',
      (tap: FrameTap, trace: FrameTrace) => {
        tellAll(trace);
        tap.received(JSON.stringify({ type: 'x'.repeat(1024 * 1024) }));
      },
    ],
  ])('takes no answer for that of an operation before, when a frame was %s', (_, miss) => {
    const trace = traceOf();
    const tap = tapOf(trace);
    const query = '{ me { id } }';
    tap.received(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    // The client completed it, and used the id again: `{ me { id: displayName } }`.
    miss(tap, trace);
    tap.sent('{"id":"1","type":"next","payload":{"data":{"me":{"id":"Alice Who Reads"}}}}');
    const told = tellAll(trace);
    expect(told.at(-1)).toMatchObject({ type: 'next' });
    expect(JSON.stringify(told)).not.toContain('Alice Who Reads');
  });

  test('knows an operation from its beginning to its end', () => {
    const trace = traceOf();
    const tap = tapOf(trace);
    const query = 'subscription Follow { typing(conversationId: "c") { isTyping } }';
    tap.received(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
    tap.sent('{"id":"1","type":"next","payload":{"data":{"typing":{"isTyping":true}}}}');
    tap.received('{"id":"1","type":"complete"}');
    tap.sent('{"id":"1","type":"next","payload":{"data":{"typing":{"isTyping":true}}}}');
    const told = tellAll(trace);
    const follow = { type: 'subscription', name: 'Follow', fields: ['typing'] };
    expect(told.map(({ operation }) => operation)).toEqual([follow, follow, follow, undefined]);
  });
});

describe('the order of what nodes tell', () => {
  test('is that of the times, and of each node as it told it', () => {
    const order = new FrameOrder<string>();
    order.add('a', 100, 'a1', 1_000);
    order.add('a', 300, 'a3', 1_000);
    order.add('b', 200, 'b2', 1_100);
    order.add('a', null, 'gap after a3', 1_100);
    order.add('b', 150, 'b after b2, by a clock that went back', 1_100);
    expect(order.due(1_200)).toEqual([]);
    expect(order.due(1_300)).toEqual(['a1', 'b2', 'b after b2, by a clock that went back', 'a3']);
    expect(order.rest()).toEqual(['gap after a3']);
  });
});

test('a line of the trace moves no terminal', () => {
  expect(printable('a\u001b[2J\u009b1m\u202e\n')).toBe('a\\u001b[2J\\u009b1m\\u202e\\u000a');
});

test.each([
  '',
  'null',
  '{}',
  '{"n":1}',
  JSON.stringify({ n: 1, atMs: 1e300, bytes: 0, connectionId: 'c', type: 'next', direction: 'in' }),
])('%j from the bus is no frame', (text) => expect(parseFrame(text)).toBeNull());
