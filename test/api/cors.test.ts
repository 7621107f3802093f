import { Cluster } from '../support/cluster';
import { type RawAnswer, rawRequest, sayRaw } from '../support/raw-request';
import { upgradeStatus } from './wire';

const LISTED = 'https://Market.Example.com, http://localhost:5173, capacitor://localhost';
const PATHS = ['/graphql', '/graphql/', '/healthz', '/readyz', '/graphiql', '/metrics', '/nowhere'];
/** The headers by which a browser lets a page of another origin read an answer. */
const READING = ['origin', 'credentials', 'expose-headers', 'methods', 'headers', 'max-age'];
const HEADERS_OF_CORS = READING.map((name) =>
  name === 'expose-headers' ? `access-control-${name}` : `access-control-allow-${name}`,
).concat('access-control-max-age');

const ADMITTED = [
  'https://market.example.com',
  'https://market.example.com:443',
  'HTTPS://MARKET.EXAMPLE.COM',
  'http://localhost:5173',
  'capacitor://localhost',
  // The server's own.
  'http://x',
];
const FOREIGN = [
  'https://evil.example',
  'https://market.example.com.evil.example',
  'https://evilmarket.example.com',
  'http://market.example.com',
  'https://market.example.com:444',
  'http://localhost',
  'http://localhost:5174',
  'http://127.0.0.1:5173',
  'https://market.example.com, https://evil.example',
  'https://market.example.com/',
  'https://market.example.com@evil.example',
  'null',
  'data:text/html,x',
  'file://',
  'https://x',
  '*',
  '',
];

describe('CORS', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { FRONTEND_URL: LISTED } });
  });
  afterAll(() => cluster.stop());

  const say = (line: string, ...headers: string[]) =>
    sayRaw(cluster.node.url, rawRequest(line, ...headers));
  const corsOf = ({ headers }: RawAnswer) => HEADERS_OF_CORS.filter((name) => headers.has(name));
  const preflight = (path: string, ...origins: string[]) =>
    say(
      `OPTIONS ${path}`,
      ...origins.map((origin) => `Origin: ${origin}`),
      'Access-Control-Request-Method: POST',
      'Access-Control-Request-Headers: authorization,content-type',
    );

  test.each(ADMITTED)('a page of %s may read every answer, a refusal as well', async (origin) => {
    for (const path of PATHS) {
      const { headers } = await say(`GET ${path}`, `Origin: ${origin}`);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-expose-headers')).toBe('retry-after, x-request-id');
      expect(headers.get('vary')).toBe('Origin');
      expect(headers.has('x-request-id')).toBe(true);
    }
    if (origin !== 'http://x') expect(await upgradeStatus(cluster.node, origin)).toBe(101);
  });

  test.each(ADMITTED)('a page of %s is told all that it may send', async (origin) => {
    for (const path of PATHS) {
      const { status, headers, body } = await preflight(path, origin);
      expect([status, body]).toEqual([204, '']);
      expect(headers.get('access-control-allow-origin')).toBe(origin);
      expect(headers.get('access-control-allow-methods')).toBe('GET, POST');
      expect(Number(headers.get('access-control-max-age'))).toBeGreaterThan(0);
      const allowed = headers.get('access-control-allow-headers')!.split(', ');
      expect(allowed).toEqual(
        expect.arrayContaining([
          ...['authorization', 'content-type', 'parley-on-behalf-of', 'x-request-id'],
          ...['traceparent', 'apollo-require-preflight'],
        ]),
      );
      expect(allowed).not.toContain('*');
      expect(headers.get('vary')).toBe('Origin');
    }
  });

  test.each(FOREIGN)('a page of %j gets no header of CORS', async (origin) => {
    for (const path of PATHS) {
      const answer = await say(`GET ${path}`, `Origin: ${origin}`);
      expect(corsOf(answer)).toEqual([]);
      expect(answer.headers.get('vary')).toBe('Origin');
      const refused = await preflight(path, origin);
      expect(corsOf(refused)).toEqual([]);
      // An empty Origin is none, so there is no preflight request.
      expect(refused.status).toBe(origin !== '' ? 403 : path.startsWith('/graphql') ? 405 : 404);
    }
    // ws leaves an empty Origin out.
    if (origin) expect(await upgradeStatus(cluster.node, origin)).toBe(403);
  });

  test.each([
    [['https://market.example.com', 'https://evil.example']],
    [['https://evil.example', 'https://market.example.com']],
    [['https://market.example.com', 'https://market.example.com']],
  ])('several Origins are none that is known: %j', async (origins) => {
    const headers = origins.map((origin) => `Origin: ${origin}`);
    expect(corsOf(await say('GET /healthz', ...headers))).toEqual([]);
    const refused = await preflight('/graphql', ...origins);
    expect([refused.status, corsOf(refused)]).toEqual([403, []]);
  });

  test('without an Origin there is nothing to tell', async () => {
    for (const path of PATHS) expect(corsOf(await say(`GET ${path}`))).toEqual([]);
  });
});
