import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import type { Person } from '../support/person';
import { people } from './people';
import { WireSocket } from './wire';

const LIMIT = 5;

describe('sockets of one address that have not initialised', () => {
  let cluster: Cluster;
  let alice: Person;

  beforeAll(async () => {
    const env = {
      TRUST_PROXY: '1',
      LIMIT_UNINITIALISED_SOCKETS_PER_ADDRESS: String(LIMIT),
      LIMIT_SOCKETS_PER_USER: '1000',
    };
    cluster = await Cluster.start({ env });
    [alice] = await people(cluster, 'alice');
  });
  afterAll(() => cluster.stop());

  const open = (address: string) =>
    WireSocket.open(cluster.node, { headers: { 'x-forwarded-for': address } });

  async function initialise(socket: WireSocket): Promise<WireSocket> {
    socket.send({ type: 'connection_init', payload: { token: alice.token! } });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    return socket;
  }

  test('ten times as many that come at once and initialise are all let in', async () => {
    const all = await Promise.all(
      Array.from({ length: 10 * LIMIT }, async () => initialise(await open('10.0.0.1'))),
    );
    await Promise.all(all.map((socket) => socket.close()));
  });

  test('the next one waits; it is let in when another one initialises, or goes', async () => {
    const silent = await Promise.all(Array.from({ length: LIMIT }, () => open('10.0.0.2')));
    const late = [open('10.0.0.2'), open('10.0.0.2')];
    await initialise(silent[0]!);
    await late[0];
    await silent[1]!.close();
    await late[1];
    for (const socket of [...silent, ...(await Promise.all(late))]) await socket.close();
  });

  test('one that waits while none initialises is refused: RATE_LIMITED, 429', async () => {
    await Promise.all(Array.from({ length: LIMIT }, () => open('10.0.0.3')));
    const url = `${cluster.node.url.replace('http', 'ws')}/graphql`;
    const refused = new WebSocket(url, 'graphql-transport-ws', {
      headers: { 'x-forwarded-for': '10.0.0.3' },
    });
    refused.on('error', () => {});
    const { status, body, requestId } = await new Promise<Record<string, unknown>>((resolve) => {
      refused.once('unexpected-response', (_request, response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += String(chunk);
        });
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            body: JSON.parse(text),
            requestId: response.headers['x-request-id'],
          }),
        );
      });
    });
    expect(status).toBe(429);
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    const extensions = { code: 'RATE_LIMITED', retryAfterMs: 1_000 };
    expect(body).toEqual({ errors: [{ message: expect.any(String), extensions }] });
  });

  test('others are let in meanwhile: behind the proxy each address counts by itself', async () => {
    const silent = await Promise.all(Array.from({ length: LIMIT }, () => open('10.0.0.4')));
    const forged = await open('10.0.0.4, 10.0.0.5');
    await (await initialise(await open('10.0.0.5'))).close();
    for (const socket of [...silent, forged]) await socket.close();
  });
});
