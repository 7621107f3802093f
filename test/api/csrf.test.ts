import { Cluster } from '../support/cluster';
import { startProduction } from '../support/production';
import { rawRequest, sayRaw } from '../support/raw-request';

const QUERY = '{ __typename }';
const JSON_BODY = JSON.stringify({ query: QUERY });
const FORM = `query=${encodeURIComponent(QUERY)}`;
const MULTIPART = [
  '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n',
  `${JSON_BODY}\r\n--x--\r\n`,
].join('');

/** The content types that a page may send to another origin without a preflight request. */
const SIMPLE: [contentType: string | null, body: string][] = [
  [null, JSON_BODY],
  ['', JSON_BODY],
  ['text/plain', JSON_BODY],
  ['text/plain;charset=UTF-8', JSON_BODY],
  ['TEXT/PLAIN', JSON_BODY],
  ['text/plain; application/json', JSON_BODY],
  ['text/plain;a="application/json"', JSON_BODY],
  ['application/x-www-form-urlencoded', FORM],
  ['application/x-www-form-urlencoded', JSON_BODY],
  ['multipart/form-data; boundary=x', MULTIPART],
  ['multipart/form-data; boundary="application/json"', JSON_BODY],
];

describe('a request that a browser sends to another origin without a preflight', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  async function answerTo(line: string, headers: readonly string[], body = '') {
    const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
    const request = rawRequest(line, ...headers, ...length) + body;
    const { status, body: text } = await sayRaw(cluster.node.url, request);
    return { status, answer: JSON.parse(text) as { data?: unknown; errors?: unknown[] } };
  }

  test.each(SIMPLE)('is not executed: POST of %j', async (contentType, body) => {
    const headers = contentType === null ? [] : [`Content-Type: ${contentType}`];
    for (const origin of ['https://evil.example', 'null', 'http://localhost:5173']) {
      const { status, answer } = await answerTo(
        'POST /graphql',
        [...headers, `Origin: ${origin}`],
        body,
      );
      expect([400, 415]).toContain(status);
      expect(answer).toEqual({ errors: [expect.anything()] });
    }
  });

  test.each([
    [`GET /graphql?${FORM}`, []],
    [`GET /graphql/?${FORM}`, []],
    [`GET /graphql?${FORM}`, ['Content-Type: text/plain']],
    [`GET /graphql?${FORM}`, ['Accept: text/html']],
    [`GET /graphql?${FORM}`, ['Authorization:']],
    [`GET /graphql?${FORM}&extensions={}`, ['Apollo-Require-Preflight:']],
  ])('is not executed: %s with %j', async (line, headers) => {
    const { status, answer } = await answerTo(line, headers);
    expect([400, 401, 406]).toContain(status);
    expect(answer).toEqual({ errors: [expect.anything()] });
  });

  test.each([
    ['POST /graphql', ['Content-Type: application/json'], JSON_BODY],
    ['POST /graphql', ['Content-Type: application/json; charset=utf-8'], JSON_BODY],
    [`GET /graphql?${FORM}`, ['Apollo-Require-Preflight: true'], ''],
    [`GET /graphql?${FORM}`, ['X-Apollo-Operation-Name: Me'], ''],
    [`GET /graphql?${FORM}`, ['Content-Type: application/json'], ''],
  ])('could not be this one, which is executed: %s with %j', async (line, headers, body) => {
    const { status, answer } = await answerTo(line, headers, body);
    expect([status, answer]).toEqual([200, { data: { __typename: 'Query' } }]);
  });

  test.each(['/healthz', '/readyz', '/graphiql', '/metrics', '/'])(
    'changes nothing elsewhere: %s takes no body',
    async (path) => {
      for (const [contentType, body] of SIMPLE) {
        const headers = contentType === null ? [] : [`Content-Type: ${contentType}`];
        const { status } = await answerTo(`POST ${path}`, headers, body);
        expect([404, 415]).toContain(status);
      }
    },
  );

  test('is refused in production before anything is read', async () => {
    const production = await startProduction();
    try {
      for (const [contentType, body] of SIMPLE) {
        const headers = contentType === null ? [] : [`Content-Type: ${contentType}`];
        const length = `Content-Length: ${Buffer.byteLength(body)}`;
        const request = rawRequest('POST /graphql', ...headers, length) + body;
        expect((await sayRaw(production.cluster.node.url, request)).status).toBe(401);
      }
    } finally {
      await production.cluster.stop();
    }
  });
});
