import { createHash } from 'node:crypto';
import { getIntrospectionQuery } from 'graphql';
import { Cluster } from '../support/cluster';
import { people } from './people';
import { bearer, get, post } from './wire';

const SECRET = 'a secret of more than thirty-two characters';
const UNAUTHENTICATED = {
  status: 401,
  body: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
};

describe('without a token, where introspection is on', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  test.each([
    '{ __typename }',
    '{ __schema { queryType { name } } }',
    '{ __type(name: "User") { name } kind: __typename }',
    getIntrospectionQuery(),
  ])('%s is answered', async (query) => {
    const { status, body } = await post(cluster.node, { query });
    expect(status).toBe(200);
    expect(body.errors).toBeUndefined();
  });

  test.each([
    '{ me { id } }',
    '{ __typename me { id } }',
    '{ __typename ... { me { id } } }',
    '{ ...Q } fragment Q on Query { me { id } }',
    'mutation { leaveConversation(input: { conversationId: "1" }) { conversationId } }',
  ])('%s is not', async (query) => {
    expect(await post(cluster.node, { query })).toMatchObject(UNAUTHENTICATED);
  });

  test.each([
    ['tokens', `{ __typename(a: [${'1 '.repeat(5_000)}]) }`, { limit: 5_000 }],
    [
      'aliases',
      `{ ${Array.from({ length: 31 }, (_, at) => `a${at}: __typename`).join(' ')} }`,
      { limit: 30, actual: 31 },
    ],
  ])('the limit of %s holds', async (_, query, about) => {
    const { status, body } = await post(cluster.node, { query });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX', ...about } }]);
  });

  test('no text is kept by its hash', async () => {
    const [alice] = await people(cluster, 'alice');
    const query = '{ __typename kept: __typename }';
    const sha256Hash = createHash('sha256').update(query).digest('hex');
    const extensions = { persistedQuery: { version: 1, sha256Hash } };
    const byHash = () => post(cluster.node, { extensions }, bearer(alice.token));
    const unknown = { body: { errors: [{ extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] } };
    expect((await post(cluster.node, { query, extensions })).status).toBe(200);
    expect(await byHash()).toMatchObject(unknown);
    await post(cluster.node, { query, extensions }, bearer(alice.token));
    expect(await byHash()).toMatchObject({ status: 200 });
  });
});

describe('without a token, where introspection is off', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    const env = { NODE_ENV: 'production', HOST: '127.0.0.1', JWT_SECRET: SECRET };
    cluster = await Cluster.start({ env });
  });
  afterAll(() => cluster.stop());

  test.each([
    ['a query', JSON.stringify({ query: '{ me { id } }' })],
    ['__typename', JSON.stringify({ query: '{ __typename }' })],
    ['a document with errors', JSON.stringify({ query: '{ nothing }' })],
    ['what is no document', JSON.stringify({ query: '{' })],
    ['what is no JSON', '{'],
    ['more than the limit of a body', JSON.stringify({ query: 'x'.repeat(300_000) })],
  ])('%s is refused before it is parsed', async (_, body) => {
    expect(await post(cluster.node, body)).toMatchObject(UNAUTHENTICATED);
  });

  test('so is a GET', async () => {
    expect(await get(cluster.node, { query: '{ nothing }' })).toMatchObject(UNAUTHENTICATED);
  });
});
