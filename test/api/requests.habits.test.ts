import { createHash } from 'node:crypto';
import { once } from 'node:events';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import type { Person } from '../support/person';
import { people } from './people';
import { bearer, get, post, WireSocket } from './wire';

const ME = '{ me { id } }';

/** What client libraries send that the specifications leave open. */
describe('habits of clients', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  /** The payloads of all messages about one operation over a new socket. */
  async function overSocket(person: Person, payload: Record<string, unknown>) {
    const socket = await WireSocket.open(cluster.node);
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${person.token}` } });
    await socket.next();
    socket.send({ id: '1', type: 'subscribe', payload });
    const { type, payload: answer } = await socket.next();
    await socket.close();
    return { type, answer };
  }

  test.each(['', null])('an operation that has no name may be named %j', async (operationName) => {
    const [alice] = await people(cluster, 'alice');
    const data = { me: { id: alice.id } };
    const body = { query: ME, operationName };
    expect((await post(cluster.node, body, bearer(alice.token))).body).toEqual({ data });
    expect(await overSocket(alice, body)).toEqual({ type: 'next', answer: { data } });
  });

  test('urql asks by GET with an empty name, its variables, and a token alone', async () => {
    const [alice] = await people(cluster, 'alice');
    const parameters = { query: ME, operationName: '', variables: '{}' };
    const answer = await get(cluster.node, parameters, bearer(alice.token));
    expect(answer).toMatchObject({ status: 200, body: { data: { me: { id: alice.id } } } });
  });

  test.each(['Authorization', 'AUTHORIZATION', 'authorization'])(
    'connection_init may write %s so',
    async (name) => {
      const [alice] = await people(cluster, 'alice');
      const socket = await WireSocket.open(cluster.node);
      socket.send({ type: 'connection_init', payload: { [name]: `Bearer ${alice.token}` } });
      expect(await socket.next()).toMatchObject({
        type: 'connection_ack',
        payload: { userId: alice.id },
      });
      await socket.close();
    },
  );

  test('a trailing slash is the same path, over HTTP and for the socket', async () => {
    const [alice] = await people(cluster, 'alice');
    const answer = await fetch(`${cluster.node.url}/graphql/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(alice.token) },
      body: JSON.stringify({ query: ME }),
    });
    expect(await answer.json()).toEqual({ data: { me: { id: alice.id } } });
    expect((await fetch(`${cluster.node.url}/readyz/`)).status).toBe(200);
    const url = `${cluster.node.url.replace('http', 'ws')}/graphql/?x=1`;
    const socket = new WebSocket(url, 'graphql-transport-ws');
    await once(socket, 'open');
    socket.close();
  });

  describe('a query that is named by its hash alone', () => {
    const extensionsOf = (query: string) => ({
      persistedQuery: {
        version: 1,
        sha256Hash: createHash('sha256').update(query).digest('hex'),
      },
    });
    const codeOf = (errors: unknown) =>
      (errors as { extensions: { code: string } }[])[0]!.extensions.code;

    test('is answered on each transport once the other one has seen it', async () => {
      const [alice] = await people(cluster, 'alice');
      const data = { me: { id: alice.id } };
      for (const [first, second] of [
        ['http', 'socket'],
        ['socket', 'http'],
      ]) {
        const query = `query By${first} ${ME}`;
        const extensions = extensionsOf(query);
        const ask = async (transport: string | undefined, payload: Record<string, unknown>) =>
          transport === 'socket'
            ? (await overSocket(alice, payload)).answer
            : (await post(cluster.node, payload, bearer(alice.token))).body;
        const unknown = [await ask(first, { extensions }), await ask(second, { extensions })];
        for (const answer of unknown)
          expect(codeOf((answer as { errors?: unknown }).errors ?? answer)).toBe(
            'PERSISTED_QUERY_NOT_FOUND',
          );
        expect(await ask(first, { query, extensions })).toEqual({ data });
        for (const transport of [second, first])
          expect(await ask(transport, { extensions })).toEqual({ data });
      }
    });

    test.each([
      ['a hash of another query', { query: `query Other ${ME}`, extensions: extensionsOf(ME) }],
      ['an unknown version', { extensions: { persistedQuery: { version: 2, sha256Hash: 'a' } } }],
      ['no hash', { extensions: { persistedQuery: { version: 1 } } }],
      ['a number', { extensions: { persistedQuery: { version: 1, sha256Hash: 1 } } }],
    ])('%s is refused, and the socket stays', async (_, payload) => {
      const [alice] = await people(cluster, 'alice');
      expect(await overSocket(alice, payload)).toMatchObject({ type: 'error' });
    });

    test('what was refused is not kept', async () => {
      const [alice] = await people(cluster, 'alice');
      const query = 'query Broken { nothing }';
      const extensions = extensionsOf(query);
      await overSocket(alice, { query, extensions });
      const { answer } = await overSocket(alice, { extensions });
      expect(codeOf(answer)).toBe('PERSISTED_QUERY_NOT_FOUND');
    });
  });

  describe('a subscription whose root field is behind a condition', () => {
    const inbox = 'inboxUpdated @include(if: $on) { lastNotificationSequence }';

    test.each([
      ['given', `subscription ($on: Boolean!) { ${inbox} }`, { on: true }],
      ['a default', `subscription ($on: Boolean = true) { ${inbox} }`, {}],
      [
        'in a fragment',
        `subscription ($on: Boolean!) { ...F } fragment F on Subscription { ${inbox} }`,
        { on: true },
      ],
    ])('starts where it holds: %s', async (_, query, variables) => {
      const [alice] = await people(cluster, 'alice');
      const socket = await WireSocket.init(cluster.node, { token: alice.token! });
      await socket.next();
      socket.send({ id: '1', type: 'subscribe', payload: { query, variables } });
      await eventually(() => expect(cluster.node.services.delivery.hub.size.seats).toBe(2));
      await socket.close();
      await eventually(() => expect(cluster.node.services.delivery.hub.size.seats).toBe(1));
    });

    test.each([
      ['by a variable', `subscription ($on: Boolean!) { ${inbox} }`, { on: false }],
      [
        'by a value',
        'subscription { inboxUpdated @skip(if: true) { lastNotificationSequence } }',
        {},
      ],
      [
        'as a fragment',
        `subscription ($on: Boolean!) { ... @skip(if: true) { ${inbox} } }`,
        { on: true },
      ],
    ])('is refused where it does not, and the socket stays: %s', async (_, query, variables) => {
      const [alice] = await people(cluster, 'alice');
      const socket = await WireSocket.init(cluster.node, { token: alice.token! });
      await socket.next();
      socket.send({ id: '1', type: 'subscribe', payload: { query, variables } });
      expect(await socket.next()).toMatchObject({
        type: 'error',
        payload: [{ extensions: { code: 'BAD_REQUEST' } }],
      });
      socket.send({ id: '1', type: 'subscribe', payload: { query: ME } });
      expect(await socket.next()).toMatchObject({ type: 'next' });
      await socket.close();
    });

    test('two root fields stay one too many', async () => {
      const [alice] = await people(cluster, 'alice');
      const query = `subscription ($on: Boolean!) { ${inbox} other: ${inbox} }`;
      expect(await overSocket(alice, { query, variables: { on: true } })).toMatchObject({
        type: 'error',
        answer: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }],
      });
      const { body } = await post(cluster.node, { query }, bearer(alice.token));
      expect(body.errors![0]!.extensions?.code).toBe('GRAPHQL_VALIDATION_FAILED');
    });
  });

  test.each([`{${'a{'.repeat(20_000)}`, `{ a(b: ${'['.repeat(30_000)}`])(
    'a document that no parser holds is refused on both transports',
    async (query) => {
      const [alice] = await people(cluster, 'alice');
      const { status, body } = await post(cluster.node, { query }, bearer(alice.token));
      const { answer } = await overSocket(alice, { query });
      for (const errors of [body.errors, answer as typeof body.errors])
        expect(errors![0]!.extensions?.code).toMatch(/^(QUERY_TOO_COMPLEX|GRAPHQL_PARSE_FAILED)$/);
      expect(status).toBe(400);
    },
  );

  test('a key named __proto__ or constructor is the same on both transports', async () => {
    const [alice] = await people(cluster, 'alice');
    const query = 'query ($id: ID!) { conversation(id: $id) { id } me { id } }';
    for (const key of ['__proto__', 'constructor']) {
      const text = `{"query":${JSON.stringify(query)},"variables":{"id":"x","${key}":{"prototype":{"a":1}}},"extensions":{"${key}":{"prototype":1}}}`;
      const http = await post(cluster.node, text, bearer(alice.token));
      const { answer } = await overSocket(alice, JSON.parse(text));
      expect(http.body.data).toEqual({ conversation: null, me: { id: alice.id } });
      expect(answer).toMatchObject({ data: http.body.data });
      expect(({} as Record<string, unknown>).a).toBeUndefined();
    }
  });
});
