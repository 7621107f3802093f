import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { dearDocument } from './dear.documents';
import type { Dice } from './dice';
import type { Input, Judge } from './judge';
import type { Attacker } from './scene';
import { garbled, oddJson, oddText, toJson } from './values';

const TIMEOUT_MS = 15_000;
/** The limit of a request's body. */
const MAX_BODY_BYTES = 256 * 1024;
/** The time that is given to what never becomes a request. */
const CUT_MS = 20;
const METHODS = [
  ...['POST', 'POST', 'POST', 'POST', 'GET', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE'],
  ...['TRACE', 'CONNECT', 'QUERY', 'PROPFIND', 'TEA', 'post'],
];
const PATHS = [
  ...['/graphql', '/graphql', '/graphql', '/graphql', '/graphql/', '/graphql?', '/GraphQL', '/'],
  ...['/healthz', '/readyz', '/metrics', '/graphiql', '//graphql', '/graphql/../graphql', '*'],
  ...['/%', '/%00', '/graphql%2f', '/\u00e9', 'http://x/graphql', '/graphql#x', '/.git/config'],
];
const QUERIES = [
  '{me{id}}',
  '{',
  '{me{id}}#é',
  'mutation{a}',
  'subscription{inboxUpdated{id}}',
  '',
];
const TYPES = [
  ...['application/json', 'application/json', 'application/json; charset=utf-8', 'text/plain'],
  ...['application/json;charset=utf-16', 'application/json; charset="', 'application/graphql', ''],
  ...['multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', 'x', '/', ';', 'é/é'],
  ...['application/graphql-response+json', 'APPLICATION/JSON', 'application/json, text/plain'],
];
const HEADERS: readonly (readonly [name: string, values: readonly string[]])[] = [
  [
    'Accept',
    ['*/*', 'application/json', 'application/graphql-response+json', 'text/html', ';', ''],
  ],
  ['Accept', ['multipart/mixed', 'application/json;q=0', 'text/event-stream', '*/*;q=é']],
  ['Accept-Encoding', ['gzip, br', 'identity;q=0', '*;q=0']],
  ['Content-Encoding', ['gzip', 'br', 'deflate', 'identity', 'x', 'gzip, gzip']],
  ['Origin', ['http://localhost:5173', 'http://evil.example', 'null', 'é', '']],
  ['Access-Control-Request-Method', ['POST', 'DELETE', 'é']],
  ['Access-Control-Request-Headers', ['authorization', 'x'.repeat(3_000)]],
  ['Authorization', ['Bearer', 'Bearer x', 'Basic eDp4', 'Bearer a.b.c', 'Bearer é', '']],
  ['Parley-On-Behalf-Of', ['alice', '%', '%00', '%ff', '%25', 'é', '__proto__', '']],
  ['X-Request-Id', ['known-1', 'x'.repeat(300), '"{}', 'é', '']],
  ['X-Forwarded-For', ['1.2.3.4', 'x', '::1, ::2', '']],
  ['X-Forwarded-Host', ['evil.example', '']],
  ['X-Forwarded-Proto', ['https', 'x']],
  ['Apollo-Require-Preflight', ['true', '']],
  ['X-Apollo-Operation-Name', ['x', '__proto__']],
  ['If-None-Match', ['*', '"x"', 'W/"x"']],
  ['If-Modified-Since', ['Sat, 28 Nov 2026 00:00:00 GMT', 'x']],
  ['Range', ['bytes=0-1', 'bytes=9-', 'x']],
  ['Expect', ['100-continue', 'tea']],
  ['Upgrade', ['h2c', 'websocket', 'TLS/1.2', '']],
  ['HTTP2-Settings', ['AAMAAABkAARAAAAAAAIAAAAA']],
  ['Cookie', ['a=b', '__proto__=x', 'é']],
  ['TE', ['trailers']],
  ['Traceparent', ['00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', 'x']],
  ['Content-Length', ['0', '1', '-1', '1e3', '18446744073709551616', '5, 5', 'x']],
  ['Transfer-Encoding', ['chunked', 'gzip', 'gzip, chunked', 'identity', 'x']],
  ['Host', ['x', '', 'x:99999', 'a b', '[::1]', 'é']],
  ['__proto__', ['x']],
  ['X'.repeat(200), ['y'.repeat(2_000)]],
];

interface Request {
  bytes: Buffer;
  /** True when it may be no whole request, so that no answer has to come. */
  mayBeCut: boolean;
}

/** Sends requests over TCP, byte by byte as they were made. */
export class RequestSender {
  constructor(
    private readonly url: string,
    private readonly judge: Judge,
  ) {}

  async try(seed: number, dice: Dice, { token, isService }: Attacker): Promise<void> {
    const { bytes, mayBeCut } = requestsOf(dice, token);
    const text = bytes.toString('latin1').replaceAll(token, 'TOKEN');
    const input: Input = { kind: 'http', seed, text, isService };
    const { answer, hasEnded } = await this.send(bytes, dice, mayBeCut);
    const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => status!);
    for (const status of statuses) {
      this.judge.count(this.judge.answers, `status ${status}`);
      if (status >= '500' && status !== '503') this.judge.blame(input, `status ${status}`);
    }
    // A client that still sends when it is refused may lose the answer (RFC 9112, section 9.6).
    const isReset = hasEnded && statuses.length === 0 && bytes.length > MAX_BODY_BYTES;
    if (isReset) this.judge.count(this.judge.answers, 'reset while sending too much');
    else if (!mayBeCut && (statuses.length === 0 || !hasEnded))
      this.judge.blame(input, `no answer: ${JSON.stringify(answer.slice(0, 500))}`);
    // A page of scripts, whose text is not ours.
    if (/content-type: text\/html/i.test(answer)) return;
    this.judge.search(input, answer);
    this.judgeBodies(input, answer, hasEnded);
  }

  /**
   * Judges the bodies of GraphQL's answers. The last one may be there in part, when nobody waited
   * for the end of the connection.
   */
  private judgeBodies(input: Input, answer: string, hasEnded: boolean): void {
    for (const body of answer.split(/HTTP\/1\.1 \d{3} /).slice(1)) {
      const [head, ...rest] = body.split('\r\n\r\n');
      const text = rest.join('\r\n\r\n');
      if (!/content-type: application\/(graphql-response\+)?json/i.test(head!)) continue;
      const length = Number(/content-length: (\d+)/i.exec(head!)?.[1] ?? 0);
      if (!hasEnded && Buffer.byteLength(text) < length) continue;
      if (text.startsWith('{"data"') || text.startsWith('{"errors"'))
        this.judge.response(input, text);
    }
  }

  private async send(bytes: Buffer, dice: Dice, mayBeCut: boolean) {
    const socket = connect({ port: Number(new URL(this.url).port), host: '127.0.0.1' });
    let answer = '';
    let hasEnded = false;
    socket.setEncoding('utf8').on('data', (text: string) => {
      answer += text;
    });
    // A reset is an end as well.
    socket.on('error', () => {});
    const ended = new Promise<void>((resolve) => {
      socket.once('close', () => {
        hasEnded = true;
        resolve();
      });
    });
    const cut = dice.chance(0.2) ? dice.below(bytes.length) : bytes.length;
    socket.write(bytes.subarray(0, cut));
    if (cut < bytes.length) {
      await sleep(1);
      socket.write(bytes.subarray(cut));
    }
    const timeout = new AbortController();
    const { signal } = timeout;
    const late = sleep(mayBeCut ? CUT_MS : TIMEOUT_MS, undefined, { signal }).catch(
      () => undefined,
    );
    await Promise.race([ended, late]);
    timeout.abort();
    socket.destroy();
    return { answer, hasEnded };
  }
}

/** One request, or several in a row. The last one ends the connection. */
function requestsOf(dice: Dice, token: string): Request {
  const count = dice.chance(0.1) ? dice.between(2, 5) : 1;
  const requests = Array.from({ length: count }, (_, at) =>
    requestOf(dice, token, at === count - 1),
  );
  const bytes = Buffer.concat(requests.map((request) => request.bytes));
  if (!dice.chance(0.1)) return { bytes, mayBeCut: requests.some((request) => request.mayBeCut) };
  const text = garbled(dice, bytes.toString('latin1'));
  return { bytes: Buffer.from(text, 'latin1'), mayBeCut: true };
}

function requestOf(dice: Dice, token: string, isLast: boolean): Request {
  const method = dice.pick(METHODS);
  const path = pathOf(dice);
  const headers: [string, string][] = [['Host', 'x']];
  if (dice.chance(0.7)) headers.push(['Authorization', `Bearer ${token}`]);
  if (isLast) headers.push(['Connection', 'close']);
  const given = dice.times(0, 3, () => dice.pick(HEADERS));
  for (const [name, values] of given) headers.push([name, dice.pick(values)]);
  const hasBody =
    !['GET', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT'].includes(method) || dice.chance(0.1);
  const body = hasBody ? bodyOf(dice) : null;
  if (body) headers.push(['Content-Type', dice.chance(0.6) ? TYPES[0]! : dice.pick(TYPES)]);
  const framed = body ? framedBody(dice, body, headers) : { bytes: Buffer.alloc(0), isCut: false };
  const version = dice.chance(0.95)
    ? 'HTTP/1.1'
    : dice.pick(['HTTP/1.0', 'HTTP/2.0', 'HTTP/0.9', '']);
  const lines = headers.map(([name, value]) => `${name}: ${value}`);
  const head = `${[`${method} ${path} ${version}`, ...lines].join('\r\n')}\r\n\r\n`;
  const isOddlyFramed = given.some(([name]) =>
    ['Content-Length', 'Transfer-Encoding', 'Upgrade', 'Host', 'Expect'].includes(name),
  );
  return {
    bytes: Buffer.concat([Buffer.from(head, 'utf8'), framed.bytes]),
    mayBeCut: framed.isCut || isOddlyFramed || version !== 'HTTP/1.1' || !isLast,
  };
}

function pathOf(dice: Dice): string {
  const path = dice.pick(PATHS);
  if (!dice.chance(0.4) || path.includes('?')) return path;
  const parameters = dice.times(1, 4, () => {
    const name = dice.pick([
      'query',
      'query',
      'variables',
      'operationName',
      'extensions',
      '__proto__',
      'query[]',
      '',
    ]);
    const value = name === 'query' ? dice.pick(QUERIES) : toJson(oddJson(dice));
    const text = value.length > 4_000 ? '{}' : value;
    return `${name}=${dice.chance(0.9) ? encodeURIComponent(Buffer.from(text).toString()) : text.replace(/[^!-~]/g, '%')}`;
  });
  return `${path}?${parameters.join('&')}`;
}

function bodyOf(dice: Dice): Buffer {
  const query = dice.chance(0.9) ? dice.pick(QUERIES) : dearDocument(dice);
  const request = { query, ...(dice.chance(0.2) && { variables: oddJson(dice) }) };
  const text = dice.weighted<string>(
    [8, () => toJson(request)],
    [1, () => toJson(dice.times(0, 3, () => request))],
    [1, () => toJson(oddJson(dice))],
    [1, () => garbled(dice, toJson(request))],
    [1, () => query],
    [1, () => oddText(dice)],
    [0.3, () => toJson({ query, padding: 'x'.repeat(300_000) })],
    [0.5, () => `{"query":"{me{id}}","query":"{","variables":{},"variables":[]}`],
  );
  const bytes = Buffer.from(text, dice.chance(0.95) ? 'utf8' : 'latin1');
  if (!dice.chance(0.08)) return bytes;
  return dice.pick([gzipSync, deflateSync, brotliCompressSync])(bytes);
}

/** Tells the body's length, or sends it in chunks, of which some never come. */
function framedBody(
  dice: Dice,
  body: Buffer,
  headers: [string, string][],
): { bytes: Buffer; isCut: boolean } {
  if (dice.chance(0.7)) {
    const told = dice.chance(0.95) ? body.length : Math.max(0, body.length + dice.between(-5, 5));
    headers.push(['Content-Length', String(told)]);
    return { bytes: body, isCut: told > body.length };
  }
  headers.push(['Transfer-Encoding', 'chunked']);
  const chunks: Buffer[] = [];
  for (let at = 0; at < body.length; ) {
    const part = body.subarray(at, at + dice.between(1, Math.max(1, body.length)));
    const size = dice.chance(0.97)
      ? part.length.toString(16)
      : dice.pick(['-1', 'x', 'ffffffffffffffff', '0']);
    chunks.push(
      Buffer.from(`${size}${dice.chance(0.05) ? ';ext="é"' : ''}\r\n`),
      part,
      Buffer.from('\r\n'),
    );
    at += part.length;
  }
  const isCut = dice.chance(0.15);
  if (!isCut) chunks.push(Buffer.from(`0\r\n${dice.chance(0.1) ? 'X-Trailer: y\r\n' : ''}\r\n`));
  return { bytes: Buffer.concat(chunks), isCut: true };
}
