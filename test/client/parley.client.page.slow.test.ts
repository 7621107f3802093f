import { createParleyClient, type ParleyClient } from '@parley/client';
import { MeDocument, MessageAddedDocument, TypingDocument } from '@parley/client/documents';
import WebSocket from 'ws';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type Networked, networked } from './networked';
import { closePage, openPage, tellPage } from './page';

describe('a client in a page', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let id: string;
  const stops: (() => unknown)[] = [];

  beforeAll(async () => {
    openPage();
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
    id = (await conversationOf([alice, bob])).id;
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });
  afterAll(async () => {
    closePage();
    await cluster.stop();
  });

  async function listening(): Promise<Networked & { seen: string[] }> {
    const network = await networked(bob);
    stops.push(() => network.stop());
    const seen: string[] = [];
    network.client.subscribe(
      MessageAddedDocument,
      { conversationId: id, after: (await sendBy(alice, id)).sequence, viewing: false },
      { next: ({ messageAdded }) => seen.push(messageAdded.content) },
    );
    await eventually(() => expect(network.client.session).not.toBeNull());
    return { ...network, seen };
  }

  test.each(['online', 'pageshow', 'visibilitychange'])(
    'leaves a dead connection at %s, when nothing answers a ping',
    async (event) => {
      const { client, proxy, seen } = await listening();
      const before = client.session!.connectionId;
      proxy.stall();
      tellPage(event);
      await sendBy(alice, id, { content: 'one' });
      await eventually(() => expect(seen).toEqual(['one']));
      expect(client.session!.connectionId).not.toBe(before);
    },
  );

  test('keeps a connection whose server answers', async () => {
    const { client, seen } = await listening();
    const before = client.session!.connectionId;
    let pongs = 0;
    client.socket.on('pong', () => pongs++);
    tellPage('online');
    await eventually(() => expect(pongs).toBe(1));
    await sendBy(alice, id, { content: 'one' });
    await eventually(() => expect(seen).toEqual(['one']));
    expect(client.session!.connectionId).toBe(before);
  });
});

describe('a session', () => {
  let cluster: Cluster;
  let bob: Person;
  let id: string;
  const clients: ParleyClient[] = [];
  const short = (seconds: number) => signToken(DEVELOPMENT_SECRET, { sub: 'bob' }, seconds);

  beforeAll(async () => {
    cluster = await Cluster.start();
    const [alice, other] = (await cluster.persons('alice', 'bob')) as [Person, Person];
    bob = other;
    id = (await conversationOf([alice, bob])).id;
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.dispose();
  });
  afterAll(() => cluster.stop());

  function typing(token: () => string): ParleyClient {
    const url = `${bob.node.url}/graphql`;
    const client = createParleyClient({ url, token, webSocketImpl: WebSocket });
    clients.push(client);
    client.subscribe(TypingDocument, { conversationId: id }, { next: () => {} });
    return client;
  }

  test('is renewed over its socket before the token expires, again and again', async () => {
    const expiries = [2, 3, 4, 3_600];
    const client = typing(() => short(expiries.shift() ?? 7_200));
    await eventually(() => expect(client.session).not.toBeNull());
    const { connectionId } = client.session!;
    await eventually(() => {
      expect(expiries).toEqual([]);
      expect(Date.parse(client.session!.expiresAt!)).toBeGreaterThan(Date.now() + 60_000);
    });
    expect(client.session!.connectionId).toBe(connectionId);
  });

  test('that could not be renewed comes back with a fresh token', async () => {
    const tokens = [short(1)];
    let calls = 0;
    const client = typing(() => {
      calls++;
      const token = tokens[0];
      if (!token) throw new Error('no token');
      return token;
    });
    await eventually(() => expect(client.session).not.toBeNull());
    const { connectionId } = client.session!;
    tokens.pop();
    await eventually(() => expect(client.session).toBeNull());
    const before = calls;
    await eventually(() => expect(calls).toBeGreaterThan(before + 1));
    tokens.push(short(3_600));
    await eventually(() =>
      expect(client.session?.connectionId ?? connectionId).not.toBe(connectionId),
    );
  });

  test('a request ends with its signal, or with the error of the token', async () => {
    const client = typing(() => short(60));
    await expect(
      client.request(MeDocument, {}, { signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough');
    const tokenless = createParleyClient({
      url: client.url,
      token: () => Promise.reject(new Error('signed out')),
      webSocketImpl: WebSocket,
    });
    await expect(tokenless.request(MeDocument)).rejects.toThrow('signed out');
  });
});
