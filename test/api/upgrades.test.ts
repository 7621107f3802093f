import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { bearer } from './wire';

/** The headers with which Java's HttpClient offers HTTP/2. */
const H2C = {
  connection: 'Upgrade, HTTP2-Settings',
  upgrade: 'h2c',
  'http2-settings': 'AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA',
};
const WEB_SOCKET = {
  connection: 'keep-alive, Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};
const LONG = 'x'.repeat(9_000);

interface Ask {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | undefined;
  chunked?: boolean;
}

describe('an upgrade to another protocol', () => {
  let cluster: Cluster;
  let agent: Agent;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());
  beforeEach(() => {
    agent = new Agent({ keepAlive: true, maxSockets: 1 });
  });
  afterEach(() => agent.destroy());

  async function ask({ method = 'GET', path = '/graphql', headers = {}, body, chunked }: Ask) {
    const length: Record<string, string> =
      body === undefined || chunked ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = httpRequest(`${cluster.node.url}${path}`, {
      agent,
      method,
      headers: { ...headers, ...length },
    });
    const response = new Promise<IncomingMessage>((resolve, reject) => {
      request.once('response', resolve);
      request.once('upgrade', () => reject(new Error('upgraded')));
      request.once('error', reject);
    });
    for (let at = 0; at < (body?.length ?? 0); at += 10_000)
      request.write(body!.slice(at, at + 10_000));
    request.end();
    const answered = await response;
    return {
      status: answered.statusCode,
      body: await text(answered),
      reused: request.reusedSocket,
    };
  }

  const asking = (person: Person, query: unknown, more: Ask = {}): Ask => ({
    method: 'POST',
    ...more,
    headers: {
      ...H2C,
      'content-type': 'application/json',
      ...bearer(person.token),
      ...more.headers,
    },
    body: JSON.stringify(query),
  });

  test('is ignored, and the request answered, again and again on one connection', async () => {
    const [alice] = await cluster.persons('alice');
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    for (let count = 0; count < 30; count++) {
      const answer = await ask(asking(alice!, { query: '{ me { id } }' }));
      expect(answer).toMatchObject({ status: 200, body: '{"data":{"me":{"id":"alice"}}}\n' });
      expect(answer.reused).toBe(count > 0);
    }
    await new Promise(setImmediate);
    process.off('warning', warned);
    expect(warnings).toEqual([]);
  });

  test.each([false, true])('a large body arrives whole; chunked: %s', async (chunked) => {
    const [alice, bob] = await cluster.persons(`alice-${chunked}`, `bob-${chunked}`);
    const { id } = await conversationOf([alice!, bob!]);
    const attachments = Array.from({ length: 10 }, (_, index) => ({
      url: `https://example.com/${index}?${LONG.slice(0, 1_900)}`,
      contentType: 'image/png',
    }));
    const query = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { content attachments { url } } } }`;
    const variables = { input: { conversationId: id, content: LONG, attachments } };
    const padding = '\n'.repeat(80_000);
    const { status, body } = await ask(
      asking(alice!, { query: query + padding, variables }, { chunked }),
    );
    expect(status).toBe(200);
    const { message } = JSON.parse(body).data.sendMessage;
    expect(message.content).toBe(LONG);
    expect(message.attachments).toHaveLength(10);
  });

  test.each([
    ['a health probe', { path: '/healthz', headers: H2C }, 200],
    ['a readiness probe', { path: '/readyz', headers: H2C }, 200],
    ['an unknown path', { path: '/nowhere', headers: H2C }, 404],
    ['a WebSocket at another path', { path: '/healthz', headers: WEB_SOCKET }, 200],
    ['a WebSocket at no path of ours', { path: '/socket.io/', headers: WEB_SOCKET }, 404],
    ['TLS', { path: '/healthz', headers: { connection: 'upgrade', upgrade: 'TLS/1.2' } }, 200],
    [
      'several',
      { path: '/healthz', headers: { connection: 'upgrade', upgrade: 'h2c, foo/1' } },
      200,
    ],
    ['a method without a body', { method: 'HEAD', path: '/healthz', headers: H2C }, 200],
    [
      'a CORS preflight',
      {
        method: 'OPTIONS',
        headers: {
          ...H2C,
          origin: 'http://localhost:5173',
          'access-control-request-method': 'POST',
        },
      },
      204,
    ],
    [
      'a client that closes',
      {
        path: '/healthz',
        headers: { connection: 'close, Upgrade', upgrade: 'h2c' },
      },
      200,
    ],
  ] as [string, Ask, number][])('%s is answered as without it', async (_, request, status) => {
    expect((await ask(request)).status).toBe(status);
  });

  test('a WebSocket that is asked for by POST is no WebSocket', async () => {
    const [alice] = await cluster.persons('alice');
    const { status } = await ask(
      asking(alice!, { query: '{ me { id } }' }, { headers: WEB_SOCKET }),
    );
    expect(status).toBe(200);
  });

  test('requests with and without it alternate on one connection', async () => {
    const [alice] = await cluster.persons('alice');
    for (const headers of [H2C, {}, H2C, {}]) {
      expect((await ask({ path: '/healthz', headers })).status).toBe(200);
      expect((await ask(asking(alice!, { query: '{ me { id } }' }))).status).toBe(200);
    }
  });
});
