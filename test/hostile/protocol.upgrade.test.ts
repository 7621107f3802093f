import { RawWebSocket, rawFrame, SUBPROTOCOL, upgradeRequest } from '../support/raw-websocket';
import { useStage } from './stage.suite';

/** Before there is a WebSocket: RFC 6455, section 4.2, and the subprotocol of PROTOCOL.md. */
describe('graphql-transport-ws before the upgrade', () => {
  const suite = useStage();

  async function ask(headers: Record<string, string | null>, line?: string) {
    return suite.keep(await RawWebSocket.request(suite.stage.url, upgradeRequest(headers, line)));
  }

  test.each<[form: string, headers: Record<string, string | null>, line: string]>([
    ['a POST', {}, 'POST /graphql HTTP/1.1'],
    ['a HEAD', {}, 'HEAD /graphql HTTP/1.1'],
    ['a PUT', {}, 'PUT /graphql HTTP/1.1'],
    ['another path', {}, 'GET /graphiq HTTP/1.1'],
    ['no offer', { Upgrade: null }, 'GET /graphql HTTP/1.1'],
    ['an offer of something else', { Upgrade: 'h2c' }, 'GET /graphql HTTP/1.1'],
    ['an offer of two protocols', { Upgrade: 'h2c, websocket' }, 'GET /graphql HTTP/1.1'],
    [
      'an offer that the connection does not name',
      { Connection: 'keep-alive' },
      'GET /graphql HTTP/1.1',
    ],
  ])('is served as no upgrade: %s', async (_, headers, line) => {
    const { status, head } = await ask(headers, line);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(head).toMatch(/\r\nx-request-id: /i);
  });

  const version = (value: string | null) => ({ 'Sec-WebSocket-Version': value });
  const key = (value: string | null) => ({ 'Sec-WebSocket-Key': value });
  const protocol = (value: string | null) => ({ 'Sec-WebSocket-Protocol': value });

  test.each([
    ...[null, '', '0', '7', '12', '14', 'x', '13, 13'].map(version),
    ...[null, '', 'dGhl', 'dGhlIHNhbXBsZSBub25jZQ', `${'A'.repeat(23)}=`, '='.repeat(24)].map(key),
    ...['', ',', 'a,,b', 'a b', `${SUBPROTOCOL}, ${SUBPROTOCOL}`, 'a;b', '"x"'].map(protocol),
  ])('is refused with 400: %j', async (headers) => {
    const { status, head } = await ask(headers);
    expect(status).toBe(400);
    if ('Sec-WebSocket-Version' in headers) expect(head).toMatch(/sec-websocket-version: 13/i);
  });

  test('is refused with 431 when its headers are huge', async () => {
    expect((await ask({ Cookie: 'x'.repeat(64 * 1024) })).status).toBe(431);
    const many = Object.fromEntries(
      Array.from({ length: 4_000 }, (_, at) => [`X-${at}`, 'abcdef']),
    );
    expect((await ask(many)).status).toBe(431);
  });

  test.each([
    ['alone', SUBPROTOCOL],
    ['behind the older one', `graphql-ws, ${SUBPROTOCOL}`],
    ['without a space', `soap,${SUBPROTOCOL}`],
    ['among hundreds', `${Array.from({ length: 500 }, (_, at) => `p${at}`)},${SUBPROTOCOL}`],
  ])('is accepted with its subprotocol %s', async (_, list) => {
    const { status, head } = await ask(protocol(list));
    expect(status).toBe(101);
    expect(head).toMatch(new RegExp(`\r\nsec-websocket-protocol: ${SUBPROTOCOL}$`, 'im'));
    expect(head).toMatch(/\r\nsec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK\+xOo=/i);
  });

  test.each([
    ['none', null],
    ['the older one', 'graphql-ws'],
    ['one in other letters', 'GraphQL-Transport-WS'],
    ['one that begins so', `${SUBPROTOCOL}s`],
  ])('is opened and closed with 4406 when it offers %s', async (_, list) => {
    const socket = await ask(protocol(list));
    expect(socket.status).toBe(101);
    expect(socket.head).not.toMatch(/sec-websocket-protocol/i);
    expect(await socket.closed()).toBe(4406);
  });

  test('takes no extension, whatever is offered', async () => {
    for (const offer of ['permessage-deflate', 'permessage-deflate; x=y; x=z', 'a;;b', '"']) {
      const { status, head } = await ask({ 'Sec-WebSocket-Extensions': offer });
      expect(status).toBe(101);
      expect(head).not.toMatch(/sec-websocket-extensions/i);
    }
  });

  test('hears what came in the same packet as the request', async () => {
    const init = { type: 'connection_init', payload: { token: suite.token } };
    const socket = await RawWebSocket.open(suite.stage.url, rawFrame(JSON.stringify(init)));
    suite.keep(socket);
    expect(await socket.message()).toMatchObject({ type: 'connection_ack' });
  });

  test('takes no token out of the address', async () => {
    const line = `GET /graphql?token=${suite.token}&authorization=Bearer%20${suite.token} HTTP/1.1`;
    const socket = await ask({ Authorization: `Bearer ${suite.token}` }, line);
    socket.send({ type: 'connection_init' });
    expect(await socket.closed()).toBe(4401);
  });
});
