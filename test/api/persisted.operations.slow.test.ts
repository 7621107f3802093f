import { print } from 'graphql';
import { StartConversationDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { apolloManifest, hashManifest, hashOf, sha256, writeManifests } from '../support/manifest';
import { people } from './people';
import { byGet, byPost, bySocket, type Request, refusalIn, TRANSPORTS } from './transports';
import { bearer, get, WireSocket } from './wire';

const ME = 'query PersistedMe { me { id } }';
const BY_HASH = 'query ByHash { me { id } }';
const SEVERAL = 'query First { me { id } } query Second { me { username } }';
const SEND = `mutation PersistedSend($id: ID!) {
  sendMessage(input: { conversationId: $id, content: "persisted" }) { message { sequence } }
}`;
const ADDED = `subscription PersistedAdded($id: ID!, $after: Int) {
  messageAdded(conversationId: $id, after: $after) { sequence content }
}`;
const FRAGMENT = 'fragment IdOnly on User {\n  id\n}';
const SORTED = `query Sorted {\n  me {\n    ...IdOnly\n  }\n}\n\n${FRAGMENT}`;
const UNSORTED = `${FRAGMENT}\n\nquery Sorted {\n  me {\n    ...IdOnly\n  }\n}`;
const FREE = 'query Free { me { id } }';

const START = print(StartConversationDocument);
const TEXTS = { 'me@1': ME, send: SEND, added: ADDED, sorted: SORTED, start: START };
const hashed = (sha256Hash: unknown) => ({ persistedQuery: { version: 1, sha256Hash } });

describe.each([
  ['beside free queries', {}],
  ['alone', { PERSISTED_ONLY: 'true' }],
])('persisted operations, %s', (_mode, env) => {
  let cluster: Cluster;

  beforeAll(async () => {
    const PERSISTED_OPERATIONS = await writeManifests(
      apolloManifest(TEXTS),
      hashManifest([BY_HASH, SEVERAL]),
      // The same operation in two manifests is one.
      apolloManifest({ 'me@1': ME }),
    );
    cluster = await Cluster.start({ env: { PERSISTED_OPERATIONS, ...env } });
  });
  afterAll(() => cluster.stop());

  describe.each(TRANSPORTS)('over %s', (_transport, ask) => {
    test.each<[string, Request]>([
      ['an id of the manifest', { documentId: 'me@1' }],
      ['an id as a hash', { extensions: hashed('me@1') }],
      ['the hash of its text', { extensions: hashed(sha256(ME)) }],
      ['the hash of its text, with a prefix', { documentId: `sha256:${sha256(ME)}` }],
      ['a hash of another kind', { documentId: hashOf('sha1', BY_HASH) }],
      ['both names', { documentId: 'me@1', extensions: hashed('me@1') }],
      ['a name and the text', { documentId: 'me@1', query: ME }],
      ['a hash and the text', { extensions: hashed(sha256(ME)), query: ME }],
      ['a name and the text in another order', { documentId: 'sorted', query: UNSORTED }],
      ['no name of an operation', { documentId: 'me@1', operationName: '' }],
      ['the name of the operation', { documentId: 'me@1', operationName: 'PersistedMe' }],
      ['one of several', { documentId: hashOf('sha1', SEVERAL), operationName: 'First' }],
    ])('are named by %s', async (_label, request) => {
      const [alice] = await people(cluster, 'alice');
      expect(await ask(alice, request)).toEqual({ data: { me: { id: alice.id } } });
    });

    test.each([
      'unknown',
      '__proto__',
      'constructor',
      'toString',
      'ME@1',
      ' me@1',
      sha256(ME).toUpperCase(),
      sha256(FREE),
      `sha256:${sha256(FREE)}`,
      'sha256:',
      'sha256:me@1 ',
      'x'.repeat(5_000),
    ])('are not found by %.20s', async (id) => {
      const [alice] = await people(cluster, 'alice');
      const names = [{ documentId: id }, { extensions: hashed(id) }];
      for (const name of names)
        expect(refusalIn(await ask(alice, name))).toEqual({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    });

    test.each<[string, Request]>([
      ['a number', { documentId: ask === byGet ? undefined : 5, extensions: hashed(5) }],
      ['an object', { extensions: hashed({ id: 'me@1' }) }],
      ['an empty hash', { extensions: hashed('') }],
      ['two names', { documentId: 'me@1', extensions: hashed('send') }],
      ['another version', { extensions: { persistedQuery: { version: 2, sha256Hash: 'me@1' } } }],
      ['no object', { extensions: { persistedQuery: 'me@1' } }],
    ])('are not named by %s', async (_label, request) => {
      const [alice] = await people(cluster, 'alice');
      const given = JSON.parse(JSON.stringify(request)) as Request;
      expect(refusalIn(await ask(alice, given))).toEqual({ code: 'BAD_REQUEST' });
    });

    test('need the name of one of several operations', async () => {
      const [alice] = await people(cluster, 'alice');
      const documentId = hashOf('sha1', SEVERAL);
      for (const more of [{}, { operationName: 'Third' }])
        expect(refusalIn(await ask(alice, { documentId, ...more }))).toEqual({
          code: 'OPERATION_RESOLUTION_FAILURE',
        });
    });

    test('have their variables checked as those of free queries are', async () => {
      const [alice] = await people(cluster, 'alice');
      if (ask === byGet) return;
      expect(refusalIn(await ask(alice, { documentId: 'send', variables: {} }))).toEqual({
        code: 'BAD_USER_INPUT',
        field: 'id',
        reason: 'is required',
      });
    });
  });

  async function conversation() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const input = { participantIds: [bob.id] };
    const { data } = await byPost(alice, { documentId: 'start', variables: { input } });
    const { startConversation } = data as { startConversation: { conversation: { id: string } } };
    return { alice, id: startConversation.conversation.id };
  }

  test('that write do so by POST and over the socket, and never by GET', async () => {
    const { alice, id } = await conversation();
    const parameters = { documentId: 'send', variables: JSON.stringify({ id }) };
    expect((await get(cluster.node, parameters, bearer(alice.token))).status).toBe(405);
    for (const [index, ask] of [byPost, bySocket].entries())
      expect(await ask(alice, { documentId: 'send', variables: { id } })).toEqual({
        data: { sendMessage: { message: { sequence: index + 1 } } },
      });
  });

  test.each<[string, Request]>([
    ['an id', { documentId: 'added' }],
    ['an id, with a query that is null', { documentId: 'added', query: null }],
    ['a hash', { extensions: hashed(sha256(ADDED)) }],
  ])('are followed from a position on by %s', async (_label, name) => {
    const { alice, id } = await conversation();
    for (let count = 0; count < 2; count++)
      await byPost(alice, { documentId: 'send', variables: { id } });
    const socket = await WireSocket.init(cluster.node, { token: alice.token! });
    await socket.next();
    const payload = { ...name, variables: { id, after: 1 } };
    socket.send({ type: 'subscribe', id: '1', payload });
    const added = (sequence: number) => ({
      type: 'next',
      payload: { data: { messageAdded: { sequence, content: 'persisted' } } },
    });
    expect(await socket.next()).toMatchObject(added(2));
    await byPost(alice, { documentId: 'send', variables: { id } });
    expect(await socket.next()).toMatchObject(added(3));
    await socket.close();
    expect(refusalIn(await byPost(alice, payload))).toEqual({ code: 'BAD_REQUEST' });
  });

  test('are named once in a URL', async () => {
    const [alice] = await people(cluster, 'alice');
    const url = `${cluster.node.url}/graphql?documentId=me%401&documentId=me%401`;
    const answer = await fetch(url, { headers: bearer(alice.token) });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { errors: [expect.objectContaining({ extensions: { code: 'BAD_REQUEST' } })] },
    ]);
  });
  test('are not found by an id of any length, up to the limit of a request', async () => {
    const [alice] = await people(cluster, 'alice');
    const long = { documentId: 'x'.repeat(200_000) };
    for (const ask of [byPost, bySocket])
      expect(refusalIn(await ask(alice, long))).toEqual({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    const longer = { documentId: 'x'.repeat(300_000) };
    expect(refusalIn(await byPost(alice, longer))).toMatchObject({ code: 'QUERY_TOO_COMPLEX' });
    const socket = await WireSocket.init(cluster.node, { token: alice.token! });
    await socket.next();
    socket.send({ type: 'subscribe', id: '1', payload: longer });
    expect(await socket.closed).toMatchObject({ code: 1009 });
  });
});
