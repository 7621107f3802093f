import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import WebSocket from 'ws';
import { startApp } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { nodeConfig } from '../support/cluster';
import { type LogLine, openLogbook } from '../support/logbook';
import { createMigratedDatabase, dropDatabase } from '../support/services';

const QUERY = JSON.stringify({ query: '{ me { id } }' });
const PROTOCOL = 'graphql-transport-ws';
const JSON_TYPE = { 'content-type': 'application/json' };

interface Refused {
  name: string;
  path?: string;
  init?: RequestInit;
  status: number;
  code?: string;
}

const REFUSED: Refused[] = [
  { name: 'an unknown path', path: '/nowhere', status: 404 },
  { name: 'an unknown path below ours', path: '/graphql/more', status: 404 },
  {
    name: 'a POST to an unknown path',
    path: '/',
    init: { method: 'POST', body: 'x' },
    status: 404,
  },
  ...['PUT', 'DELETE', 'PATCH'].map((method) => ({
    name: `${method}`,
    init: { method, body: QUERY, headers: JSON_TYPE },
    status: 405,
  })),
  { name: 'PUT with a trailing slash', path: '/graphql/', init: { method: 'PUT' }, status: 405 },
  { name: 'a GET that was not preflighted', path: '/graphql?query={me{id}}', status: 400 },
  {
    name: 'a simple POST',
    init: { method: 'POST', body: QUERY, headers: { 'content-type': 'text/plain' } },
    status: 400,
  },
  {
    name: 'an unknown media type',
    init: { method: 'POST', body: QUERY, headers: { 'content-type': 'application/xml' } },
    status: 415,
  },
  ...['gzip', 'br', 'GZIP', 'deflate, gzip'].map((encoding) => ({
    name: `a body in ${encoding}`,
    init: {
      method: 'POST',
      body: gzipSync(QUERY),
      headers: { ...JSON_TYPE, 'content-encoding': encoding },
    },
    status: 415,
  })),
  ...['iso-8859-1', 'utf-16', '"latin1"'].map((charset) => ({
    name: `the charset ${charset}`,
    init: {
      method: 'POST',
      body: QUERY,
      headers: { 'content-type': `application/json; charset=${charset}` },
    },
    status: 415,
  })),
  {
    name: 'no JSON',
    init: { method: 'POST', body: '{', headers: JSON_TYPE },
    status: 400,
  },
  { name: 'an empty body', init: { method: 'POST', body: '', headers: JSON_TYPE }, status: 400 },
  {
    name: 'a body that is too large',
    init: {
      method: 'POST',
      body: JSON.stringify({ query: 'x'.repeat(300_000) }),
      headers: JSON_TYPE,
    },
    status: 413,
    code: 'QUERY_TOO_COMPLEX',
  },
];

describe('a refusal', () => {
  const { logger, lines } = openLogbook();
  let databaseUrl: string;
  let node: Awaited<ReturnType<typeof startApp>>;

  beforeAll(async () => {
    databaseUrl = await createMigratedDatabase();
    node = await startApp(nodeConfig(databaseUrl, false), logger);
  });
  afterAll(async () => {
    await node.stop();
    await dropDatabase(databaseUrl);
  });
  beforeEach(() => {
    lines.length = 0;
  });

  /** A client's mistake is told once, at info, and never with a stack. */
  function expectCalm(requestId: string | null) {
    const about = lines.filter(
      (line) => (line as LogLine & { requestId?: string }).requestId === requestId,
    );
    expect(lines.every(({ level }) => level <= 30)).toBe(true);
    expect(JSON.stringify(about)).not.toContain('stack');
  }

  test.each(REFUSED)('of $name has the shape of GraphQL', async ({ path, init, status, code }) => {
    for (const accept of ['application/json', 'application/graphql-response+json']) {
      const response = await fetch(`${node.url}${path ?? '/graphql'}`, {
        ...init,
        headers: { accept, ...init?.headers },
      });
      const body = (await response.json()) as { errors: { message: string }[] };
      expect(response.status).toBe(status);
      expect(body.errors).toEqual([
        {
          message: expect.any(String),
          extensions: expect.objectContaining({ code: code ?? 'BAD_REQUEST' }),
        },
      ]);
      expect(response.headers.get('content-type')).toContain(accept);
      expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expectCalm(response.headers.get('x-request-id'));
      if (status === 405) expect(response.headers.get('allow')).toBe('GET, POST');
    }
  });

  test.each([
    ['what is no HTTP', 'nonsense\r\n\r\n', 400],
    ['HTTP/2 without asking', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    [
      'a header that is too large',
      `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(40_000)}\r\n\r\n`,
      431,
    ],
    [
      'two lengths',
      'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
    ],
    [
      'a broken chunk',
      'POST /graphql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
    ],
  ])('of Node’s own has it, too: %s', async (_, request, status) => {
    const socket = connect(Number(new URL(node.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(request);
    const answer = await text(socket);
    const [head, body] = answer.split('\r\n\r\n') as [string, string];
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/\r\nx-request-id: [0-9a-f-]{36}/i);
    expect(JSON.parse(body).errors[0].extensions).toEqual({ code: 'BAD_REQUEST' });
    expectCalm(null);
  });

  test('leaves what is right alone: utf-8 in any spelling, and no encoding', async () => {
    await node.services.people.users.upsert([{ id: 'alice', username: 'alice' }], () => 'user');
    const token = signToken(DEVELOPMENT_SECRET, { sub: 'alice' });
    for (const charset of ['utf-8', 'UTF-8', '"utf-8"', 'utf8']) {
      const response = await fetch(`${node.url}/graphql`, {
        method: 'POST',
        body: QUERY,
        headers: {
          'content-type': `application/json; charset=${charset}`,
          'content-encoding': 'identity',
          authorization: `Bearer ${token}`,
        },
      });
      expect(await response.json()).toEqual({ data: { me: { id: 'alice' } } });
    }
  });

  test('closes the socket with 4400 for a binary message that is no UTF-8, and reads others', async () => {
    const socket = new WebSocket(`${node.url.replace('http', 'ws')}/graphql`, PROTOCOL);
    await once(socket, 'open');
    socket.send(Buffer.from('{"type":"ping"}'));
    expect(String((await once(socket, 'message'))[0])).toBe('{"type":"pong"}');
    socket.send(Buffer.from('{"type":"ping","payload":{"x":"\xff"}}', 'latin1'));
    expect((await once(socket, 'close'))[0]).toBe(4400);
  });
});
