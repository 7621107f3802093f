import { createHash, randomUUID } from 'node:crypto';
import { GraphQLError as Failure, type GraphQLError, type GraphQLObjectType, print } from 'graphql';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { formatError } from '../../src/graphql/errors';
import { getSchema } from '../../src/graphql/schema';
import { createLogger } from '../../src/logger';
import { Tally } from '../../src/runtime/tally';
import {
  ConversationDocument,
  CreateOfferAsIDocument,
  MeDocument,
  SendMessageDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import { people } from './people';
import { bearer, get, post, WireSocket } from './wire';

const BODY_LIMIT = 20_000;
const NO_PREFLIGHT_NEEDED = { 'apollo-require-preflight': 'true' };
const BOTH_TYPES = ['application/json', 'application/graphql-response+json'];

describe('GraphQL over HTTP', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { LIMIT_BODY_BYTES: String(BODY_LIMIT) } });
  });
  afterAll(() => cluster.stop());

  async function aliceAndBob() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    return { alice, bob, id };
  }

  describe('media types', () => {
    test.each(BOTH_TYPES)('answers in the one that is asked for: %s', async (accept) => {
      const { alice } = await aliceAndBob();
      const answer = await post(
        cluster.node,
        { query: '{ me { id } }' },
        { ...bearer(alice.token), accept },
      );
      expect(answer).toMatchObject({ status: 200, body: { data: { me: { id: alice.id } } } });
      expect(answer.type).toMatch(accept);
    });

    test.each(BOTH_TYPES)('refuses in the one that is asked for: %s', async (accept) => {
      const { alice } = await aliceAndBob();
      // A client that knows the older type alone has to look at the body (its specification says).
      const status = accept === 'application/json' ? 200 : 400;
      const refusals = [
        { status, code: 'GRAPHQL_PARSE_FAILED', query: '{', token: alice.token },
        {
          status,
          code: 'GRAPHQL_VALIDATION_FAILED',
          query: '{ nothing }',
          token: alice.token,
        },
        { status: 401, code: 'UNAUTHENTICATED', query: '{ me { id } }', token: null },
        { status: 401, code: 'UNAUTHENTICATED', query: '{ me { id } }', token: 'nonsense' },
      ];
      for (const { status, code, query, token } of refusals) {
        const answer = await post(cluster.node, { query }, { ...bearer(token), accept });
        expect(answer.body.errors).toEqual([expect.objectContaining({ extensions: { code } })]);
        expect(answer.status).toBe(status);
        expect(answer.type).toMatch(accept);
      }
    });

    test('an answer is for nobody to keep', async () => {
      const { alice } = await aliceAndBob();
      for (const query of ['{ me { id } }', '{ nothing }']) {
        const body = JSON.stringify({ query });
        const headers = { 'content-type': 'application/json', ...bearer(alice.token) };
        const answer = await fetch(`${cluster.node.url}/graphql`, {
          method: 'POST',
          headers,
          body,
        });
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    });

    test('nothing is put around the fields of the schema, with which events are executed, too', async () => {
      const { alice } = await aliceAndBob();
      await post(cluster.node, { query: '{ me { id } }' }, bearer(alice.token));
      const { content } = (getSchema().getType('Message') as GraphQLObjectType).getFields();
      expect(content!.resolve).toBeUndefined();
    });

    test('a partial answer has status 200', async () => {
      const { alice } = await aliceAndBob();
      const query = `{ me { id } conversation(id: "${randomUUID()}") { id } }`;
      const answer = await post(cluster.node, { query }, bearer(alice.token));
      expect(answer).toMatchObject({
        status: 200,
        body: { data: { me: { id: alice.id }, conversation: null } },
      });
    });
  });

  describe('GET', () => {
    const send = (id: string) =>
      `mutation { sendMessage(input: { conversationId: "${id}", content: "by GET" }) { message { id } } }`;

    test('answers queries of clients that a browser lets through only after a preflight', async () => {
      const { alice, id } = await aliceAndBob();
      const parameters = { query: print(ConversationDocument), variables: JSON.stringify({ id }) };
      const answer = await get(cluster.node, parameters, {
        ...bearer(alice.token),
        ...NO_PREFLIGHT_NEEDED,
      });
      expect(answer).toMatchObject({ status: 200, body: { data: { conversation: { id } } } });
      const authorized = await get(cluster.node, parameters, bearer(alice.token));
      expect(authorized).toMatchObject({ status: 200, body: { data: { conversation: { id } } } });
      const simple = await get(cluster.node, { query: '{ __typename }' });
      expect(simple.status).toBe(400);
      expect(simple.body.data ?? null).toBeNull();
    });

    test('never runs a mutation', async () => {
      const { alice, id } = await aliceAndBob();
      const both = `query Read { me { id } } ${send(id).replace('mutation', 'mutation Write')}`;
      const requests: Record<string, string>[] = [
        { query: send(id) },
        { query: both, operationName: 'Write' },
      ];
      for (const parameters of requests) {
        const answer = await get(cluster.node, parameters, {
          ...bearer(alice.token),
          ...NO_PREFLIGHT_NEEDED,
        });
        expect(answer.status).toBe(405);
        expect(answer.body.errors![0]!.extensions?.code).not.toBe('INTERNAL_SERVER_ERROR');
        expect(answer.body.data ?? null).toBeNull();
      }
      expect((await alice.ask(ConversationDocument, { id })).conversation?.lastSequence).toBe(0);
    });
  });

  describe('what is no request', () => {
    const JSON_TYPE = 'application/json';
    const BODIES: [name: string, type: string, body: unknown][] = [
      ['no JSON', JSON_TYPE, '{"query":'],
      ['a text', JSON_TYPE, '"query"'],
      ['null', JSON_TYPE, 'null'],
      ['nothing', JSON_TYPE, ''],
      ['without a query', JSON_TYPE, {}],
      ['a query that is no text', JSON_TYPE, { query: 5 }],
      ['variables that are no object', JSON_TYPE, { query: '{ me { id } }', variables: 'none' }],
      ['variables that are a list', JSON_TYPE, { query: '{ me { id } }', variables: [1] }],
      [
        'several requests at once',
        JSON_TYPE,
        [{ query: '{ me { id } }' }, { query: '{ me { id } }' }],
      ],
      ['a form', 'application/x-www-form-urlencoded', 'query={me{id}}'],
      ['plain text', 'text/plain', '{"query":"{me{id}}"}'],
    ];
    test.each(BODIES)(
      'is answered in GraphQL’s shape, and blames the client: %s',
      async (_name, type, body) => {
        const { alice } = await aliceAndBob();
        const headers = { ...bearer(alice.token), 'content-type': type };
        const answer = await post(cluster.node, body, headers);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
        expect(answer.body.errors).toEqual([
          expect.objectContaining({ message: expect.stringMatching(/./) }),
        ]);
        expect(answer.body.errors![0]!.extensions?.code).not.toBe('INTERNAL_SERVER_ERROR');
      },
    );

    test('a subscription is refused over HTTP, which cannot carry it', async () => {
      const { alice } = await aliceAndBob();
      const answer = await post(
        cluster.node,
        { query: 'subscription { messageAdded { id } }' },
        bearer(alice.token),
      );
      expect(answer.body.data?.messageAdded ?? null).toBeNull();
      expect(answer.body.errors![0]!.extensions?.code).not.toBe('INTERNAL_SERVER_ERROR');
    });

    test('an operation that the document does not have is the same error over a socket', async () => {
      const { alice } = await aliceAndBob();
      const socket = await WireSocket.init(cluster.node, { token: alice.token! });
      await socket.next();
      const twoOperations = 'query A { me { id } } query B { me { id } }';
      for (const payload of [
        { query: '{ me { id } }', operationName: 'Other' },
        { query: twoOperations },
      ]) {
        const http = await post(cluster.node, payload, bearer(alice.token));
        socket.send({ type: 'subscribe', id: randomUUID(), payload });
        const frame = (await socket.next()) as { type: string; payload: GraphQLError[] };
        expect(frame.type).toBe('error');
        expect(frame.payload[0]!.extensions).toEqual(http.body.errors![0]!.extensions);
      }
      await socket.close();
    });
  });

  test('a persisted query is asked for once', async () => {
    const { alice } = await aliceAndBob();
    const query = `query Persisted${randomUUID().replaceAll('-', '')} { me { id } }`;
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const first = await post(cluster.node, { extensions }, bearer(alice.token));
    expect(first.body.errors).toEqual([
      expect.objectContaining({ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }),
    ]);
    await post(cluster.node, { query, extensions }, bearer(alice.token));
    const again = await post(cluster.node, { extensions }, bearer(alice.token));
    expect(again.body).toEqual({ data: { me: { id: alice.id } } });
  });

  describe('the size of a request', () => {
    test('over the limit is QUERY_TOO_COMPLEX, and nothing is written', async () => {
      const { alice, id } = await aliceAndBob();
      const message = (length: number) => ({
        query: print(SendMessageDocument),
        variables: { input: { conversationId: id, content: 'x'.repeat(length) } },
      });
      const bytes = (length: number) => JSON.stringify(message(length)).length;
      const overhead = bytes(1) - 1;
      const most = Math.min(10_000, BODY_LIMIT - overhead);
      expect((await post(cluster.node, message(most), bearer(alice.token))).status).toBe(200);
      const length = BODY_LIMIT - overhead + 1;
      const { status, body } = await post(cluster.node, message(length), bearer(alice.token));
      expect(status).toBe(413);
      expect(body.errors![0]!.extensions).toEqual({
        code: 'QUERY_TOO_COMPLEX',
        limit: BODY_LIMIT,
        actual: bytes(length),
      });
      expect((await alice.ask(ConversationDocument, { id })).conversation?.lastSequence).toBe(1);
    });

    test('a frame over the limit closes the socket with 1009', async () => {
      const { alice } = await aliceAndBob();
      const socket = await WireSocket.init(cluster.node, { token: alice.token! });
      await socket.next();
      const query = `{ me { id } } # ${'x'.repeat(BODY_LIMIT)}`;
      socket.send({ type: 'subscribe', id: '1', payload: { query } });
      expect(await socket.closed).toMatchObject({ code: 1009 });
    });
  });
});

describe('production', () => {
  const SECRET = 'a-secret-for-this-test-of-more-than-32-characters';
  let cluster: Cluster;
  let token: string;

  beforeAll(async () => {
    cluster = await Cluster.start({
      env: { NODE_ENV: 'production', HOST: '127.0.0.1', JWT_SECRET: SECRET },
    });
    const id = randomUUID();
    await cluster.node.services.people.users.upsert([{ id, username: 'alice' }], () => 'user');
    token = signToken(SECRET, { sub: id }, 3_600);
  });
  afterAll(() => cluster.stop());

  async function overSocket(payload: object): Promise<unknown> {
    const socket = await WireSocket.init(cluster.node, { token });
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload });
    const { payload: answer } = await socket.next();
    await socket.close();
    return answer;
  }

  test('a user’s token must say when it expires', async () => {
    const { sub } = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as {
      sub: string;
    };
    expect(await cluster.stranger(token).refusal(MeDocument, {})).toBeNull();
    expect(await cluster.stranger(signToken(SECRET, { sub })).refusal(MeDocument, {})).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('service operations are off without a key of their own', async () => {
    const service = cluster.stranger(
      signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' }, 3_600),
    );
    expect(await service.refusal(ConversationDocument, { id: randomUUID() })).toBe(
      'UNAUTHENTICATED',
    );
  });

  test('introspection is off, on both transports', async () => {
    const query = '{ __schema { mutationType { fields { name } } } }';
    const http = await post(cluster.node, { query }, bearer(token));
    expect(http.body.data ?? null).toBeNull();
    expect(http.body.errors?.length).toBeGreaterThan(0);
    const socket = JSON.stringify(await overSocket({ query }));
    expect(socket).not.toContain('startConversation');
  });

  const SUGGESTING: [name: string, payload: object][] = [
    ['a field', { query: '{ mee { id } }' }],
    ['an argument', { query: '{ conversation(idd: "x") { id } }' }],
    [
      'an enum value',
      {
        query: print(CreateOfferAsIDocument),
        variables: {
          i: { conversationId: 'x', items: [{ giverId: 'x', kind: 'MONNEY', amount: 1 }] },
        },
      },
    ],
    [
      'a field of an input',
      {
        query: print(CreateOfferAsIDocument),
        variables: { i: { conversationId: 'x', items: [], notes: '' } },
      },
    ],
  ];
  test.each(SUGGESTING)('suggestions are off, on both transports: %s', async (_name, payload) => {
    const http = await post(cluster.node, payload, bearer(token));
    const answers = JSON.stringify([http.body, await overSocket(payload)]);
    expect(answers).toContain('errors');
    expect(answers).not.toContain('Did you mean');
  });

  test('suggestions are hidden where they are unwanted, and only there', () => {
    const error = new Failure('Cannot query field "mee" on type "Query". Did you mean "me"?', {
      extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
    });
    const scope = { requestId: 'r', log: createLogger('silent'), refusals: new Tally() };
    expect(formatError(error, { ...scope, hideSuggestions: true }).message).toBe(
      'Cannot query field "mee" on type "Query".',
    );
    expect(formatError(error, { ...scope, hideSuggestions: false }).message).toBe(error.message);
  });

  test('there is no GraphiQL', async () => {
    expect((await fetch(`${cluster.node.url}/graphiql`)).status).toBe(404);
  });
});
