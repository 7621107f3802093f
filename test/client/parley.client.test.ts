import { createParleyClient, type ParleyClient, ParleyError, type Session } from '@parley/client';
import {
  MeDocument,
  MessageAddedDocument,
  SendMessageDocument,
  UserDocument,
} from '@parley/client/documents';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';

describe('createParleyClient', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let conversationId: string;
  const clients: ParleyClient[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
    conversationId = (await conversationOf([alice, bob])).id;
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.dispose();
  });
  afterAll(() => cluster.stop());

  function clientOf(token: string | (() => string | Promise<string>)): ParleyClient {
    const url = `${alice.node.url}/graphql`;
    const client = createParleyClient({ url, token, webSocketImpl: WebSocket });
    clients.push(client);
    return client;
  }
  const send = (content: string) =>
    alice.ask(SendMessageDocument, { input: { conversationId, content } });

  test('asks over HTTP', async () => {
    const client = clientOf(bob.token!);
    expect((await client.request(MeDocument)).me.id).toBe('bob');
    expect((await client.request(UserDocument, { id: 'alice' })).user!.id).toBe('alice');
    expect(client.session).toBeNull();
  });

  test('throws the first error, with its code and its fields', async () => {
    const input = { conversationId, content: '' };
    const error = await clientOf(bob.token!)
      .request(SendMessageDocument, { input })
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ParleyError);
    expect(error).toMatchObject({
      code: 'BAD_USER_INPUT',
      extensions: { field: 'input.content' },
      errors: [{ path: ['sendMessage'] }],
    });
  });

  test('asks again with a fresh token, once', async () => {
    const tokens = ['stale', bob.token!, 'not asked for'];
    const client = clientOf(() => tokens.shift()!);
    expect((await client.request(MeDocument)).me.id).toBe('bob');
    expect(tokens).toEqual(['not asked for']);
    await expect(clientOf('stale').request(MeDocument)).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
    });
  });

  test('names a connection that was lost', async () => {
    const url = 'http://127.0.0.1:1/graphql';
    const client = createParleyClient({ url, token: 'any', webSocketImpl: WebSocket });
    await expect(client.request(MeDocument)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
  });

  test('subscribes, tells of its session, and is silent once it was stopped', async () => {
    const client = clientOf(async () => bob.token!);
    const sessions: (Session | null)[] = [];
    const seen: string[] = [];
    client.onSession((session) => sessions.push(session));
    const stop = client.subscribe(
      MessageAddedDocument,
      { conversationId, after: 0, viewing: false },
      { next: ({ messageAdded }) => seen.push(messageAdded.content) },
    );
    await eventually(() => expect(client.session?.userId).toBe('bob'));
    await send('one');
    await eventually(() => expect(seen).toEqual(['one']));
    client.socket.terminate();
    await send('two');
    await eventually(() => expect(seen).toEqual(['one', 'two']));
    expect(sessions.map((session) => session?.userId ?? null)).toEqual(['bob', null, 'bob']);
    stop();
    await send('three');
    await eventually(() => expect(client.session).toBeNull());
    expect(seen).toEqual(['one', 'two']);
  });

  test('tells why a subscription has ended', async () => {
    const ends: ParleyError[] = [];
    const client = clientOf((await cluster.persons('carol'))[0]!.token!);
    client.subscribe(
      MessageAddedDocument,
      { conversationId, after: 0, viewing: false },
      { next: () => {}, error: (error) => ends.push(error) },
    );
    await eventually(() => expect(ends.map(({ code }) => code)).toEqual(['FORBIDDEN']));
    const refused = clientOf('no token');
    refused.subscribe(
      MessageAddedDocument,
      { conversationId, after: 0, viewing: false },
      { next: () => {}, error: (error) => ends.push(error) },
    );
    await eventually(() =>
      expect(ends[1]).toMatchObject({ code: 'UNAUTHENTICATED', extensions: { closeCode: 4401 } }),
    );
  });

  test('takes only addresses of HTTP', () => {
    const create = () => createParleyClient({ url: 'ftp://example.com', token: 'any' });
    expect(create).toThrow('url has to be one of http: or https:, and not ftp:');
  });
});
