import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { closeFrame, RawWebSocket } from '../support/raw-websocket';
import { useStage } from './stage.suite';

/** Operations and their ids, after `connection_ack`: PROTOCOL.md of graphql-ws. */
describe('graphql-transport-ws once it is acknowledged', () => {
  const suite = useStage();
  let conversationId: string;
  let socket: RawWebSocket;

  beforeAll(async () => {
    const bob = await suite.stage.person('bob');
    conversationId = (await conversationOf([suite.alice, bob])).id;
  });
  beforeEach(async () => {
    socket = suite.keep(await RawWebSocket.init(suite.stage.url, suite.token));
  });
  afterEach(() => eventually(() => expect(suite.stage.subscriptions).toBe(0)));

  const ask = (id: string, query = '{ me { id } }') =>
    socket.send({ type: 'subscribe', id, payload: { query } });
  const follow = (id: string) =>
    ask(id, `subscription { messageAdded(conversationId: "${conversationId}") { content } }`);
  const followed = () => eventually(() => expect(suite.stage.subscriptions).toBe(1));

  const ODD_IDS = [
    ...['1', ' ', '0', 'null', '__proto__', 'constructor', 'toString', '\0', '1\u00001', '"\\'],
    ...['é', '👋', '\ud800', '\u2028', 'x'.repeat(256), '👋'.repeat(128), 'é'.repeat(256)],
  ];

  test.each(ODD_IDS)('answers under the id that was given: %j', async (id) => {
    ask(id);
    const data = { me: { id: 'alice' } };
    expect(await socket.message()).toEqual({ type: 'next', id, payload: { data } });
    expect(await socket.message()).toEqual({ type: 'complete', id });
    // It is free again.
    ask(id);
    expect(await socket.message()).toMatchObject({ type: 'next', id });
  });

  test.each(ODD_IDS)('closes with 4409 at an id that is in use: %j', async (id) => {
    follow(id);
    await followed();
    ask(id);
    expect(await socket.closed()).toBe(4409);
  });

  test('closes with 4409 also while the first one is still starting', async () => {
    follow('1');
    follow('1');
    expect(await socket.closed()).toBe(4409);
  });

  test('closes with 4400 at an id over 256 characters', async () => {
    ask('x'.repeat(257));
    expect(await socket.closed()).toBe(4400);
  });

  test('frees the id of an operation that was refused', async () => {
    for (const query of [
      '{',
      '{ nothing }',
      'subscription { typing(conversationId: "x") { isTyping } }',
    ]) {
      ask('1', query);
      expect(await socket.message()).toMatchObject({ type: 'error', id: '1' });
    }
    ask('1');
    expect(await socket.message()).toMatchObject({ type: 'next', id: '1' });
    expect(await socket.message()).toMatchObject({ type: 'complete', id: '1' });
  });

  test('sends nothing more under an id that its client completed', async () => {
    follow('1');
    await followed();
    socket.send({ type: 'complete', id: '1' });
    await eventually(() => expect(suite.stage.subscriptions).toBe(0));
    await sendBy(suite.alice, conversationId);
    expect(await socket.settle()).toEqual([]);
  });

  test('does not mind a complete that crosses its own, comes twice, or names nothing', async () => {
    ask('1');
    for (const id of ['1', '1', 'never', '__proto__', 'toString', 'x'.repeat(1_000)])
      socket.send({ type: 'complete', id });
    socket.send({ type: 'complete', id: '1', payload: { odd: true } });
    await socket.settle();
    ask('1');
    const [next, complete] = [await socket.message(), await socket.message()];
    expect([next.type, complete.type]).toEqual(['next', 'complete']);
  });

  test.each([
    ...['{', '', 'null', '[]', '{"type":"next"}', '{"type":"connection_ack"}', '['.repeat(100_000)],
    '{"type":"error","id":"1","payload":[{"message":"x"}]}',
    '{"type":"next","id":"1","payload":{}}',
    '{"type":"complete"}',
    '{"type":"ping","payload":[]}',
    '{"type":"ping","payload":{"n":1e400}}',
  ])(
    'closes with 4400 at a message of no form, and its subscriptions with it: %#',
    async (text) => {
      follow('1');
      await followed();
      socket.send(text);
      expect(await socket.closed()).toBe(4400);
    },
  );

  test('hears nothing more after its close, nor after the client’s', async () => {
    const query = `mutation { sendMessage(input: { conversationId: "${conversationId}", content: "late" }) { message { id } } }`;
    const before = (await sendBy(suite.alice, conversationId)).sequence;
    socket.send('{');
    ask('1', query);
    expect(await socket.closed()).toBe(4400);
    socket = suite.keep(await RawWebSocket.init(suite.stage.url, suite.token));
    socket.write(closeFrame(1000));
    ask('1', query);
    expect(await socket.closed()).toBe(1000);
    expect((await sendBy(suite.alice, conversationId)).sequence).toBe(before + 1);
  });

  test('ends its subscriptions when the connection ends without a word', async () => {
    follow('1');
    await followed();
    socket.destroy();
  });
});
