import { getIntrospectionQuery } from 'graphql';
import { Cluster } from '../support/cluster';
import { apolloManifest, sha256, writeManifests } from '../support/manifest';
import type { Person } from '../support/person';
import { scrape } from '../support/scrape';
import { people } from './people';
import { byGet, byPost, bySocket, type Request, refusalIn, TRANSPORTS } from './transports';
import { post } from './wire';

const ME = 'query OnlyMe { me { id } }';
const OTHER = 'query Other { me { username } }';
const TYPENAME = 'query Typename { __typename }';
const FREE = 'query Free { me { id } }';
const TEXTS = { me: ME, other: OTHER, typename: TYPENAME };
const hashed = (sha256Hash: string) => ({ persistedQuery: { version: 1, sha256Hash } });
const refusal = (reason: RegExp) => ({
  code: 'BAD_USER_INPUT',
  field: 'query',
  reason: expect.stringMatching(reason),
});

describe('where only persisted operations run', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    const PERSISTED_OPERATIONS = await writeManifests(apolloManifest(TEXTS));
    cluster = await Cluster.start({ env: { PERSISTED_OPERATIONS, PERSISTED_ONLY: 'true' } });
  });
  afterAll(() => cluster.stop());

  describe.each(TRANSPORTS)('over %s', (_transport, ask) => {
    test.each<[string, Request]>([
      ['a free query', { query: FREE }],
      ['the text of a persisted operation alone', { query: ME }],
      ['an introspection', { query: getIntrospectionQuery() }],
      ['the name of a type', { query: '{ __typename }' }],
      ['a text that is no GraphQL', { query: '{'.repeat(3_000) }],
      ['a text with its hash', { query: FREE, extensions: hashed(sha256(FREE)) }],
      ['a text with an id', { query: FREE, documentId: 'unknown' }],
    ])('%s is refused', async (_label, request) => {
      const [alice] = await people(cluster, 'alice');
      expect(refusalIn(await ask(alice, request))).toEqual(refusal(/only persisted operations/));
    });

    test.each<[string, Request]>([
      ['another text', { query: FREE, documentId: 'me' }],
      ['the text of another operation', { query: OTHER, documentId: 'me' }],
      ['another text with a hash', { query: FREE, extensions: hashed(sha256(ME)) }],
      ['a text with more in it', { query: `${ME}\n\n${OTHER}`, documentId: 'me' }],
      ['its text with a comment', { query: `# x\n${ME}`, documentId: 'me' }],
    ])('%s is refused with the name of a persisted operation', async (_label, request) => {
      const [alice] = await people(cluster, 'alice');
      expect(refusalIn(await ask(alice, request))).toEqual(refusal(/is not the text/));
    });

    test('nothing is kept of what was refused', async () => {
      const [alice] = await people(cluster, 'alice');
      const extensions = hashed(sha256(FREE));
      await ask(alice, { query: FREE, extensions });
      for (const again of TRANSPORTS.map(([, one]) => one))
        expect(refusalIn(await again(alice, { extensions }))).toEqual({
          code: 'PERSISTED_QUERY_NOT_FOUND',
        });
    });
  });

  test('the status of a refusal is 400', async () => {
    const [alice] = await people(cluster, 'alice');
    const authorization = `Bearer ${alice.token}`;
    const answer = await post(cluster.node, { query: FREE }, { authorization });
    expect(answer.status).toBe(400);
    const unknown = await post(cluster.node, { documentId: 'x' }, { authorization });
    expect(unknown.status).toBe(200);
  });

  test('a socket stays after a refusal', async () => {
    const [alice] = await people(cluster, 'alice');
    for (const request of [{ query: FREE }, { documentId: 'unknown' }, { documentId: 5 }])
      expect(refusalIn(await bySocket(alice, request))).toMatchObject({ code: expect.any(String) });
  });

  test('a batch is refused as it is elsewhere', async () => {
    const [alice] = await people(cluster, 'alice');
    const batch = [{ documentId: 'me' }, { documentId: 'other' }];
    expect(refusalIn(await byPost(alice, batch as never))).toEqual({ code: 'BAD_REQUEST' });
  });

  test('without a token nothing tells which operations there are', async () => {
    const stranger = cluster.stranger(null);
    for (const request of [
      { documentId: 'me' },
      { documentId: 'unknown' },
      { extensions: hashed(sha256(ME)) },
      { extensions: hashed(sha256(FREE)) },
      { documentId: 'me', query: FREE },
      { query: ME },
      { query: FREE },
      { query: '{ __typename }' },
    ]) {
      const { status, body } = await post(cluster.node, request);
      expect([status, body.errors![0]!.extensions]).toEqual([401, { code: 'UNAUTHENTICATED' }]);
    }
    expect(await byPost(stranger, { documentId: 'typename' })).toEqual({
      data: { __typename: 'Query' },
    });
  });

  test('the platform names them on behalf of a user as well', async () => {
    const [alice] = await people(cluster, 'alice');
    const headers = (token: Person) => ({
      authorization: `Bearer ${token.token}`,
      'parley-on-behalf-of': encodeURIComponent(alice.id),
    });
    const ask = (request: Request) => post(cluster.node, request, headers(cluster.service()));
    expect((await ask({ documentId: 'me' })).body).toEqual({ data: { me: { id: alice.id } } });
    expect((await ask({ query: FREE })).body.errors![0]!.extensions).toEqual(
      refusal(/only persisted operations/),
    );
  });

  test('GraphiQL is off, because it sends texts', async () => {
    expect((await fetch(`${cluster.node.url}/graphiql`)).status).toBe(404);
  });

  test('the metrics name them', async () => {
    const [alice] = await people(cluster, 'alice');
    await byPost(alice, { documentId: 'other' });
    await byGet(alice, { documentId: 'other' });
    const name = 'parley_operation_duration_seconds_count';
    const { value } = await scrape(cluster.node);
    expect(value(name, { type: 'query', name: 'Other' })).toBe(2);
    expect(value('parley_refusals_total', { code: 'BAD_USER_INPUT' })).toBeGreaterThan(0);
  });
});

test('nodes with different manifests answer for their own', async () => {
  const [first, second] = await Promise.all(
    ([{ me: ME }, { me: OTHER, later: FREE }] as Record<string, string>[]).map(async (texts) =>
      Cluster.start({ env: { PERSISTED_OPERATIONS: await writeManifests(apolloManifest(texts)) } }),
    ),
  );
  const [alice, bob] = [await first!.person('alice'), await second!.person('bob')];
  expect(await byPost(alice, { documentId: 'me' })).toEqual({ data: { me: { id: 'alice' } } });
  expect(await byPost(bob, { documentId: 'me' })).toEqual({ data: { me: { username: 'bob' } } });
  const later = { documentId: 'later' };
  expect(refusalIn(await byPost(alice, later))).toEqual({ code: 'PERSISTED_QUERY_NOT_FOUND' });
  // Its client sends the text next, as it does for automatic persisted queries.
  const query = FREE;
  expect(await byPost(alice, { ...later, query })).toEqual({ data: { me: { id: 'alice' } } });
  expect(await byPost(bob, { ...later, query })).toEqual({ data: { me: { id: 'bob' } } });
  await Promise.all([first!.stop(), second!.stop()]);
});
