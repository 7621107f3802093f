import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';

const LISTED = 'https://Market.Example.com:443, capacitor://localhost, tauri://LOCALHOST';

type Headers = Record<string, string>;

/** The status of an upgrade with these headers: 101 when it was accepted. */
async function statusOf(cluster: Cluster, headers: Headers): Promise<number> {
  const url = `${cluster.node.url.replace('http', 'ws')}/graphql`;
  const socket = new WebSocket(url, 'graphql-transport-ws', { headers });
  socket.on('error', () => {});
  const refused = once(socket, 'unexpected-response') as Promise<[ClientRequest, IncomingMessage]>;
  const status = await Promise.race([
    once(socket, 'open').then(() => 101),
    refused.then(([, response]) => response.statusCode!),
  ]);
  socket.terminate();
  return status;
}

describe('the origin of a WebSocket', () => {
  let cluster: Cluster;

  describe.each([
    ['without a trusted proxy', 'false'],
    ['behind a proxy of another address', '10.0.0.0/8'],
  ])('%s', (_, TRUST_PROXY) => {
    beforeAll(async () => {
      cluster = await Cluster.start({ env: { FRONTEND_URL: LISTED, TRUST_PROXY } });
    });
    afterAll(() => cluster.stop());

    test.each([
      [{ origin: 'https://market.example.com' }],
      [{ origin: 'https://market.example.com:443' }],
      [{ origin: 'HTTPS://MARKET.example.com' }],
      [{ origin: 'capacitor://localhost' }],
      [{ origin: 'tauri://localhost' }],
      [{ origin: 'http://chat.example.com', host: 'chat.example.com' }],
      [{ origin: 'http://chat.example.com', host: 'CHAT.example.com:80' }],
      [{ origin: 'http://chat.example.com:80', host: 'chat.example.com' }],
      [{ origin: 'http://chat.example.com:8080', host: 'chat.example.com:8080' }],
      [{ origin: 'http://[::1]:3000', host: '[::1]:3000' }],
      [{ origin: 'http://[0:0:0:0:0:0:0:1]:3000', host: '[::1]:3000' }],
      [{ host: 'chat.example.com' }],
    ] as [Headers][])('%j is accepted', async (headers) => {
      expect(await statusOf(cluster, headers)).toBe(101);
    });

    test.each([
      [{ origin: 'https://chat.example.com', host: 'chat.example.com' }],
      [{ origin: 'http://chat.example.com:8080', host: 'chat.example.com' }],
      [{ origin: 'http://chat.example.com/', host: 'chat.example.com' }],
      [{ origin: 'http://chat.example.com/path', host: 'chat.example.com' }],
      [{ origin: 'http://chat.example.com?q', host: 'chat.example.com' }],
      [{ origin: 'http://chat.example.com#h', host: 'chat.example.com' }],
      [{ origin: 'http://user@chat.example.com', host: 'chat.example.com' }],
      [{ origin: 'http:\\\\chat.example.com', host: 'chat.example.com' }],
      [{ origin: 'chat.example.com', host: 'chat.example.com' }],
      [{ origin: '//chat.example.com', host: 'chat.example.com' }],
      [{ origin: 'ionic://localhost' }],
      [{ origin: 'capacitor://localhost:1' }],
      [{ origin: 'null' }],
      [{ origin: '' }],
      [
        {
          origin: 'https://chat.example.com',
          host: 'a',
          'x-forwarded-host': 'chat.example.com',
          'x-forwarded-proto': 'https',
        },
      ],
    ] as [Headers][])('%j is refused', async (headers) => {
      expect(await statusOf(cluster, headers)).toBe(403);
    });
  });

  describe.each([['true'], ['1'], ['loopback'], ['10.0.0.0/8, 127.0.0.1']])(
    'behind a trusted proxy (%s)',
    (TRUST_PROXY) => {
      beforeAll(async () => {
        cluster = await Cluster.start({ env: { TRUST_PROXY } });
      });
      afterAll(() => cluster.stop());
      const forwarded = (host: string, proto: string) => ({
        host: '10.1.2.3:3000',
        'x-forwarded-host': host,
        'x-forwarded-proto': proto,
      });

      test.each([
        [{ origin: 'https://chat.example.com', ...forwarded('chat.example.com', 'https') }],
        [{ origin: 'https://chat.example.com', ...forwarded('Chat.Example.com:443', 'HTTPS') }],
        [
          {
            origin: 'https://chat.example.com',
            ...forwarded('chat.example.com, inner', 'https, http'),
          },
        ],
        [{ origin: 'http://a.example', host: 'a.example' }],
      ] as [Headers][])('%j is accepted', async (headers) => {
        expect(await statusOf(cluster, headers)).toBe(101);
      });

      test.each([
        [{ origin: 'http://chat.example.com', ...forwarded('chat.example.com', 'https') }],
        [{ origin: 'https://10.1.2.3:3000', ...forwarded('chat.example.com', 'https') }],
        [{ origin: 'https://evil.example', ...forwarded('chat.example.com', 'https') }],
        [{ origin: 'https://chat.example.com', ...forwarded('', '') }],
      ] as [Headers][])('%j is refused', async (headers) => {
        expect(await statusOf(cluster, headers)).toBe(403);
      });
    },
  );
});
