import { Cluster } from '../support/cluster';
import { startProduction } from '../support/production';
import { type RawAnswer, rawRequest, sayRaw } from '../support/raw-request';

const ALWAYS = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  vary: 'Origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
const CLOSED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE'];
const PATHS = ['/', '/graphql', '/healthz', '/readyz', '/graphiql', '/metrics', '/x', '/%', '*'];
const UPGRADE = ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'];

/** Requests that Fastify never sees, or sees in part. */
const UNUSUAL: [name: string, request: string, status: number][] = [
  ['no HTTP', 'nonsense\r\n\r\n', 400],
  ['a header that is too large', rawRequest('GET /', `X-Long: ${'x'.repeat(40_000)}`), 431],
  ['no Host', 'GET /graphql HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['CONNECT', rawRequest('CONNECT example.com:443'), 405],
  ['an expectation', rawRequest('GET /graphql', 'Expect: tea'), 417],
  ['an upgrade from elsewhere', rawRequest('GET /graphql', ...UPGRADE, 'Origin: http://y'), 403],
  ['an upgrade without a key', rawRequest('GET /graphql', ...UPGRADE), 400],
  ['a length that is none', rawRequest('POST /graphql', 'Content-Length: x'), 400],
];

/** Checks the headers of an answer, and returns its policy. */
function policyOf({ headers }: RawAnswer): string {
  for (const [name, value] of Object.entries(ALWAYS))
    expect([name, headers.get(name)]).toEqual([name, value]);
  expect(headers.has('server') || headers.has('x-powered-by')).toBe(false);
  return headers.get('content-security-policy')!;
}

describe.each(['development', 'production'])('the headers of an answer in %s', (mode) => {
  let cluster: Cluster;
  let token: string | null = null;

  beforeAll(async () => {
    if (mode === 'development') cluster = await Cluster.start({ env: { METRICS_PORT: '0' } });
    else ({ cluster, token } = await startProduction());
  });
  afterAll(() => cluster.stop());

  test.each(METHODS)('%s: are on every path', async (method) => {
    for (const path of PATHS) {
      const answer = await sayRaw(
        cluster.node.url,
        rawRequest(`${method} ${path}`, 'X-Secret: xyzzy'),
      );
      // The router takes `*` for `/`.
      const isPage = ['/', '*', '/graphiql'].includes(path) && answer.status === 200;
      expect(policyOf(answer) === CLOSED).toBe(!isPage);
      expect(answer.headers.has('x-request-id')).toBe(true);
      expect(answer.headers.has('strict-transport-security')).toBe(false);
      // TRACE would show a page the headers that its browser adds.
      expect(answer.body).not.toContain('xyzzy');
    }
  });

  test.each(UNUSUAL)('are on a refusal of %s', async (_, request, status) => {
    const answer = await sayRaw(cluster.node.url, request);
    expect(answer.status).toBe(status);
    expect(policyOf(answer)).toBe(CLOSED);
    expect(answer.headers.has('x-request-id')).toBe(true);
  });

  test('are on answers of GraphQL, and on a body that is too large', async () => {
    const { url } = cluster.node;
    const authorization = token === null ? [] : [`Authorization: Bearer ${token}`];
    const ask = (body: string) =>
      sayRaw(
        url,
        rawRequest(
          'POST /graphql',
          ...authorization,
          'Content-Type: application/json',
          `Content-Length: ${body.length}`,
        ) + body,
      );
    for (const [body, status] of [
      ['{"query":"{ __typename }"}', 200],
      ['{"query":"{ nothing }"}', 400],
      ['{"query":"{"}', 400],
      ['{', 400],
      [`"${'x'.repeat(300_000)}"`, 413],
    ] as const) {
      const answer = await ask(body);
      expect(answer.status).toBe(status);
      expect(policyOf(answer)).toBe(CLOSED);
    }
  });

  test('are on the port of the metrics as well', async () => {
    const { metricsUrl } = cluster.node;
    for (const [request, status] of [
      [rawRequest('GET /metrics'), 200],
      [rawRequest('HEAD /metrics'), 200],
      [rawRequest('POST /metrics'), 405],
      [rawRequest('TRACE /metrics'), 405],
      [rawRequest('GET /'), 404],
      [rawRequest('GET /metrics', 'Expect: tea'), 417],
      [rawRequest('CONNECT example.com:443'), 405],
      ['nonsense\r\n\r\n', 400],
    ] as const) {
      const answer = await sayRaw(metricsUrl, request);
      expect(answer.status).toBe(status);
      expect(policyOf(answer)).toBe(CLOSED);
      if (status === 405) expect(answer.headers.get('allow')).toBe('GET, HEAD');
    }
  });
});

describe('a request that came by https', () => {
  let cluster: Cluster;

  afterEach(() => cluster.stop());

  const HSTS = 'strict-transport-security';
  const BY_HTTPS = ['X-Forwarded-Proto: https', 'X-Forwarded-Host: chat.example.com'];
  const hstsOf = async (line: string, ...headers: string[]) =>
    (await sayRaw(cluster.node.url, rawRequest(line, ...headers))).headers.get(HSTS);

  test('is told in production to come by https again, by every answer', async () => {
    ({ cluster } = await startProduction({ TRUST_PROXY: 'loopback' }));
    for (const path of ['/graphql', '/healthz', '/nowhere', '/%'])
      expect(await hstsOf(`GET ${path}`, ...BY_HTTPS)).toBe('max-age=31536000');
    expect(await hstsOf('GET /graphql', ...BY_HTTPS, 'Expect: tea')).toBe('max-age=31536000');
    expect(await hstsOf('GET /healthz', 'X-Forwarded-Proto: HTTPS, http')).toBe('max-age=31536000');
    expect(await hstsOf('GET /healthz', 'X-Forwarded-Proto: http')).toBeUndefined();
    expect(await hstsOf('GET /healthz')).toBeUndefined();
  });

  test('is believed only through a trusted proxy', async () => {
    ({ cluster } = await startProduction({ TRUST_PROXY: '10.0.0.0/8' }));
    expect(await hstsOf('GET /healthz', ...BY_HTTPS)).toBeUndefined();
  });

  test('is not told in development, whose host other servers have as well', async () => {
    cluster = await Cluster.start({ env: { TRUST_PROXY: 'true' } });
    expect(await hstsOf('GET /healthz', ...BY_HTTPS)).toBeUndefined();
  });
});
