import {
  createOutbox,
  createParleyClient,
  follow,
  memoryStorage,
  type Outbox,
  type OutboxStorage,
  type ParleyClient,
} from '@parley/client';
import { MessagesBeforeDocument, MessagesDocument } from '@parley/client/documents';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { type LossyProxy, startLossyProxy } from './lossy.proxy';
import { closePage, openPage, tellPage } from './page';

describe('an outbox', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let conversationId: string;
  let proxy: LossyProxy;
  const stops: (() => void)[] = [];

  beforeAll(async () => {
    openPage();
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
  });
  beforeEach(async () => {
    proxy = await startLossyProxy(Number(new URL(bob.node.url).port));
    conversationId = (await conversationOf([alice, bob])).id;
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) stop();
    await proxy.stop();
  });
  afterAll(async () => {
    closePage();
    await cluster.stop();
  });

  function open(storage?: OutboxStorage, token = bob.token!): [Outbox, ParleyClient] {
    const url = `http://127.0.0.1:${proxy.port}/graphql`;
    const client = createParleyClient({ url, token, webSocketImpl: WebSocket });
    const outbox = createOutbox(client, storage && { storage });
    stops.push(() => {
      outbox.close();
      client.dispose();
    });
    return [outbox, client];
  }
  const write = (outbox: Outbox, content: string) => outbox.send({ conversationId, content });
  const online = () => {
    proxy.refuses = false;
    tellPage('online');
  };
  async function accepted(): Promise<string[]> {
    const { conversation } = await alice.ask(MessagesBeforeDocument, {
      id: conversationId,
      last: 40,
    });
    return conversation!.messages.nodes.map(({ content }) => content);
  }

  test('sends in order, at once pending and then sent', async () => {
    const [outbox] = open();
    let changes = 0;
    outbox.subscribe(() => changes++);
    const sendings = ['1', '2', '3'].map((content) => write(outbox, content));
    expect(sendings.map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
    expect(outbox.sendings).toEqual(sendings);
    await eventually(() => expect(sendings.every(({ state }) => state === 'sent')).toBe(true));
    expect(await accepted()).toEqual(['1', '2', '3']);
    expect(sendings[0]!.message).toMatchObject({ content: '1', sequence: 1 });
    expect(outbox.sendings).toEqual([]);
    expect(changes).toBeGreaterThan(5);
  });

  test.each(['before', 'after'] as const)(
    'sends once when the connection is lost %s the server has the message',
    async (moment) => {
      const [outbox, client] = open();
      await eventually(() =>
        expect(write(outbox, 'first').message ?? client.session).not.toBeNull(),
      );
      await eventually(() => expect(outbox.sendings).toEqual([]));
      const before = await accepted();
      const one = write(outbox, 'one');
      proxy.loseNext = moment;
      write(outbox, 'two');
      await eventually(() => {
        tellPage('online');
        expect(one.state).toBe('sent');
        expect(outbox.sendings).toEqual([]);
      });
      expect(await accepted()).toEqual([...before, 'one', 'two']);
    },
  );

  test('keeps what is unsent over a reload, for its user alone', async () => {
    const storage = memoryStorage();
    proxy.refuses = true;
    const [outbox] = open(storage);
    write(outbox, '1');
    write(outbox, '2');
    const owner = `http://127.0.0.1:${proxy.port}/graphql bob`;
    await eventually(async () => expect(await storage.load(owner)).toHaveLength(2));
    for (const stop of stops.splice(0)) stop();
    online();
    const [other, client] = open(storage, alice.token!);
    await client.request(MessagesDocument, { id: conversationId });
    expect(other.sendings).toEqual([]);
    const [again] = open(storage);
    write(again, '3');
    await eventually(() => expect(again.sendings).toEqual([]));
    await eventually(async () => expect(await accepted()).toEqual(['1', '2', '3']));
    expect(await storage.load(owner)).toEqual([]);
  });

  test('fails what is refused, goes on behind it, and retries or drops it', async () => {
    const [outbox] = open();
    const refused = write(outbox, '');
    const other = write(outbox, '');
    const good = write(outbox, 'good');
    await eventually(() => expect(good.state).toBe('sent'));
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'BAD_USER_INPUT' } });
    outbox.retry(refused);
    expect(refused).toMatchObject({ state: 'pending', error: null });
    expect(outbox.sendings).toEqual([other, refused]);
    await eventually(() => expect(refused.state).toBe('failed'));
    expect(await outbox.drop(refused)).toBe(true);
    expect(outbox.sendings).toEqual([other]);
    expect(await accepted()).toEqual(['good']);
  });

  test('waits for the answer of what is dropped while it is being sent', async () => {
    const [outbox, client] = open();
    write(outbox, 'first');
    await eventually(() => expect(outbox.sendings).toEqual([]));
    const one = write(outbox, 'one');
    const dropped = outbox.drop(one);
    const two = write(outbox, 'two');
    const wasDropped = await dropped;
    await eventually(() => expect(two.state).toBe('sent'));
    expect(await accepted()).toEqual(wasDropped ? ['first', 'two'] : ['first', 'one', 'two']);
    client.dispose();
  });

  test('is shown by follow, without a message being there twice', async () => {
    const [outbox, client] = open();
    const room = follow(client, conversationId);
    stops.push(() => room.close());
    await eventually(() => expect(room.state.status).toBe('live'));
    const texts: string[][] = [];
    room.subscribe(() => {
      const { messages, pending } = room.state;
      texts.push([...messages, ...pending].map(({ content }) => content));
    });
    proxy.refuses = true;
    proxy.cut();
    const one = write(outbox, 'one');
    expect(room.state.pending).toEqual([one]);
    online();
    await eventually(() => expect(room.state.messages).toHaveLength(1));
    write(outbox, 'two');
    await eventually(() => expect(room.state.messages).toHaveLength(2));
    await eventually(() => expect(room.state.pending).toEqual([]));
    const whole = ['one', 'two'];
    for (const seen of texts) expect(seen).toEqual(whole.slice(0, seen.length));
  });
});
