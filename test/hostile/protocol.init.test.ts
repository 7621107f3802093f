import { RawWebSocket, rawFrame } from '../support/raw-websocket';
import { useStage } from './stage.suite';

/** From the upgrade to `connection_ack`: PROTOCOL.md of graphql-ws. */
describe('graphql-transport-ws before the acknowledgement', () => {
  const suite = useStage();

  async function openOne(): Promise<RawWebSocket> {
    return suite.keep(await RawWebSocket.open(suite.stage.url));
  }

  async function closeAfter(...messages: unknown[]): Promise<number | null> {
    const socket = await openOne();
    for (const message of messages) socket.send(message);
    return socket.closed();
  }

  const subscribe = { type: 'subscribe', id: '1', payload: { query: '{ me { id } }' } };

  test.each([
    { type: 'ping', payload: { a: [1, 'é', null] } },
    { type: 'ping', payload: {} },
    { type: 'ping', payload: null },
    { type: 'ping' },
  ])('answers %j', async (ping) => {
    const socket = await openOne();
    socket.send(ping);
    expect(await socket.message()).toEqual({
      type: 'pong',
      ...(ping.payload && { payload: ping.payload }),
    });
  });

  test.each([
    ['[', ']'],
    ['{"a":', '}'],
  ])('closes with 4400 at a ping whose payload cannot be sent back: %s', async (start, end) => {
    const nested = (levels: number) => `${start.repeat(levels)}1${end.repeat(levels)}`;
    const ping = (levels: number) => `{"type":"ping","payload":{"a":${nested(levels)}}}`;
    const socket = await openOne();
    socket.send(ping(900));
    expect(await socket.message()).toEqual(JSON.parse(ping(900).replace('ping', 'pong')));
    socket.send(ping(40_000));
    expect(await socket.closed()).toBe(4400);
  });

  test('does not mind a pong, nor the completion of what never was', async () => {
    const socket = await openOne();
    socket.send({ type: 'pong' });
    socket.send({ type: 'pong', payload: { any: 'thing' } });
    socket.send({ type: 'complete', id: 'never' });
    expect(await socket.settle()).toEqual([]);
  });

  test('closes with 4401 at an operation, and carries nothing out', async () => {
    expect(await closeAfter(subscribe)).toBe(4401);
    const init = { type: 'connection_init', payload: { token: suite.token } };
    const socket = await openOne();
    // Both are read in the same turn, and the acknowledgement takes a statement.
    socket.write(Buffer.concat([init, subscribe].map((one) => rawFrame(JSON.stringify(one)))));
    expect(await socket.closed()).toBe(4401);
  });

  const { payload } = subscribe;
  test.each([
    ...['', '{', 'null', 'true', '1', '"ping"', '[]', '[{"type":"ping"}]', '{"type":"ping"}}'],
    ...[{}, { type: null }, { type: 1 }, { type: ['ping'] }, { type: '' }, { type: 'PING' }],
    ...['start', 'stop', 'connection_terminate', 'ka', 'data', '__proto__', 'constructor'].map(
      (type) => ({ type, id: '1', payload: {} }),
    ),
    { type: 'connection_ack' },
    { type: 'connection_ack', payload: { userId: 'alice' } },
    { type: 'next', id: '1', payload: { data: { me: { id: 'alice' } } } },
    { type: 'error', id: '1', payload: [{ message: 'x' }] },
    ...[[], 'text', 1, true].map((one) => ({ type: 'ping', payload: one })),
    ...[[], 'text', 1, true].map((one) => ({ type: 'pong', payload: one })),
    ...[[], 'text', 1, true].map((one) => ({ type: 'connection_init', payload: one })),
    { ...subscribe, id: undefined },
    ...[null, 1, true, {}, [], ''].map((id) => ({ ...subscribe, id })),
    ...[undefined, null, 1, true, {}, [], ''].map((id) => ({ type: 'complete', id })),
    ...[undefined, null, 1, 'text', []].map((one) => ({ ...subscribe, payload: one })),
    ...[undefined, null, 1, {}, []].map((query) => ({ ...subscribe, payload: { query } })),
    ...['{}', 1, true, []].map((variables) => ({
      ...subscribe,
      payload: { ...payload, variables },
    })),
    ...[1, true, {}, []].map((operationName) => ({
      ...subscribe,
      payload: { ...payload, operationName },
    })),
    ...['{}', 1, true, []].map((extensions) => ({
      ...subscribe,
      payload: { ...payload, extensions },
    })),
  ])('closes with 4400 at a message of no form: %j', async (message) => {
    expect(await closeAfter(message)).toBe(4400);
  });

  test.each([
    { a: undefined },
    { a: null },
    { a: {} },
    ...[null, 1, true, {}, [], '', ' ', 'x', 'a.b.c'].map((one) => ({ a: { token: one } })),
    ...[null, 1, {}, [], '', 'Bearer', 'Bearer ', 'Basic x', 'bearer x y'].map((one) => ({
      a: { authorization: one },
    })),
    { a: { headers: { authorization: 'Bearer x' } } },
    { a: { onBehalfOf: 'alice' } },
  ])('closes with 4401 without a token: %j', async ({ a }) => {
    expect(await closeAfter({ type: 'connection_init', payload: a })).toBe(4401);
  });

  test('closes with 4429 at a second connection_init, acknowledged or not', async () => {
    const init = { type: 'connection_init', payload: { token: suite.token } };
    expect(await closeAfter(init, init)).toBe(4429);
    const socket = await RawWebSocket.init(suite.stage.url, suite.token);
    suite.keep(socket);
    socket.send(init);
    expect(await socket.closed()).toBe(4429);
  });

  test('closes with 4408 when nobody says who it is', async () => {
    const socket = await openOne();
    socket.send({ type: 'ping' });
    expect(await socket.closed()).toBe(4408);
  });

  test('acknowledges, whatever else the payload holds', async () => {
    const socket = await openOne();
    const further =
      '"__proto__":{"token":1},"constructor":null,"role":"service","onBehalfOf":"bob"';
    socket.send(`{"type":"connection_init","payload":{${further},"token":"${suite.token}"}}`);
    expect(await socket.message()).toMatchObject({
      type: 'connection_ack',
      payload: { userId: 'alice', expiresAt: null },
    });
  });
});
