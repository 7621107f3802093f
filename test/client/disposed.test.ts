import {
  createOutbox,
  createParleyClient,
  follow,
  memoryStorage,
  ParleyError,
} from '@parley/client';
import { ConversationDocument, MarkReadDocument, MeDocument } from '@parley/client/documents';
import WebSocket from 'ws';
import { eventually } from '../support/eventually';
import type { Person } from '../support/person';
import { withApollo, withUrql } from './cached.clients';
import { talksOnOneServer } from './talk';

const DISPOSED = { name: 'ParleyError', code: 'CLIENT_DISPOSED' };

describe('a client that was disposed', () => {
  const newTalk = talksOnOneServer();
  let bob: Person;
  let id: string;
  /** The requests that left. */
  let requests: number;

  beforeEach(async () => {
    ({ bob, id } = await newTalk());
    requests = 0;
  });

  function clientOf(token: string | (() => string | Promise<string>)) {
    return createParleyClient({
      url: `${bob.node.url}/graphql`,
      token,
      webSocketImpl: WebSocket,
      fetch(...request) {
        requests += 1;
        return fetch(...request);
      },
    });
  }
  function disposed() {
    const client = clientOf(bob.token!);
    client.dispose();
    return client;
  }

  test('sends no request, and says why', async () => {
    const error = await disposed()
      .request(MeDocument)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ParleyError);
    expect(error).toMatchObject({ ...DISPOSED, message: expect.stringContaining('disposed') });
    await expect(disposed().execute({ query: '{ me { id } }' })).rejects.toMatchObject(DISPOSED);
    expect(requests).toBe(0);
  });

  test('sends nothing with a token that comes afterwards', async () => {
    let give = (_token: string) => {};
    const client = clientOf(() => new Promise((resolve) => (give = resolve)));
    const asked = client.request(MeDocument);
    client.dispose();
    give(bob.token!);
    await expect(asked).rejects.toMatchObject(DISPOSED);
    expect(requests).toBe(0);
  });

  test('does not repeat a refused request', async () => {
    const tokens = ['stale', bob.token!];
    const client = clientOf(() => {
      if (tokens.length === 1) client.dispose();
      return tokens.shift()!;
    });
    await expect(client.request(MeDocument)).rejects.toMatchObject(DISPOSED);
    expect(requests).toBe(1);
  });

  test('still gives the answer to a request that was sent before', async () => {
    const client = createParleyClient({
      url: `${bob.node.url}/graphql`,
      token: bob.token!,
      webSocketImpl: WebSocket,
      async fetch(...request) {
        const response = await fetch(...request);
        client.dispose();
        return response;
      },
    });
    expect((await client.request(MeDocument)).me.id).toBe(bob.id);
  });

  test.each([
    ['Apollo Client', withApollo],
    ['urql', withUrql],
  ])('fails the operations of %s', async (_name, cachedClient) => {
    const cached = cachedClient(disposed());
    /** Returns the error of an answer. That of urql has it inside. */
    const errorOf = async (asked: Promise<unknown>) => {
      const answer = await asked.catch((error: unknown) => ({ error }));
      const { error } = answer as { error?: { networkError?: unknown } };
      return error?.networkError ?? error ?? {};
    };
    const input = { conversationId: id, sequence: 0 };
    expect(await errorOf(cached.query(ConversationDocument, { id }))).toMatchObject(DISPOSED);
    expect(await errorOf(cached.mutate(MarkReadDocument, { input }))).toMatchObject(DISPOSED);
    expect(requests).toBe(0);
    cached.stop();
  });

  test('ends a conversation that is followed', async () => {
    const late = follow(disposed(), id);
    await eventually(() => expect(late.state.status).toBe('ended'));
    expect(late.state.error).toMatchObject(DISPOSED);

    const unready = clientOf(() => new Promise(() => {}));
    const loading = follow(unready, id);
    unready.dispose();
    await eventually(() => expect(loading.state.status).toBe('ended'));
    expect(loading.state.error).toMatchObject(DISPOSED);
    expect(requests).toBe(0);

    const client = clientOf(bob.token!);
    const room = follow(client, id);
    await eventually(() => expect(room.state.status).toBe('live'));
    client.dispose();
    await eventually(() => expect(room.state.status).toBe('ended'));
    expect(room.state.error).toBeNull();
  });

  test('leaves the messages of its outbox to the next client', async () => {
    const storage = memoryStorage();
    const outbox = createOutbox(disposed(), { storage });
    const sending = outbox.send({ conversationId: id, content: 'kept' });
    await eventually(async () => {
      const stored = await storage.load(`${bob.node.url}/graphql ${bob.id}`);
      expect(stored).toMatchObject([{ content: 'kept' }]);
    });
    expect(sending).toMatchObject({ state: 'pending', error: null });
    outbox.close();

    const client = clientOf(bob.token!);
    const next = createOutbox(client, { storage });
    await eventually(() => expect(next.sendings).toMatchObject([{ content: 'kept' }]));
    await eventually(() => expect(next.sendings).toEqual([]));
    const room = follow(client, id);
    await eventually(() => expect(room.state.messages).toMatchObject([{ content: 'kept' }]));
    client.dispose();
    next.close();
  });
});
