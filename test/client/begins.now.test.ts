import {
  ConversationEventsDocument,
  MessageAddedDocument,
  MessagesDocument,
  MessageUpdatedDocument,
  NotificationAddedDocument,
  OfferUpdatedDocument,
} from '@parley/client/documents';
import WebSocket from 'ws';
import { DeleteMessageDocument, EditMessageDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type CachedClient, withApollo, withUrql } from './cached.clients';
import { type Networked, networked } from './networked';

describe.each([
  ['Apollo Client', withApollo],
  ['urql', withUrql],
])('a subscription without `after`, of %s', (_name, cachedClient) => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let network: Networked;
  let cached: CachedClient;
  let id: string;
  let count = 0;
  let sent: string[];

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    count += 1;
    [alice, bob] = (await cluster.persons(`alice${count}`, `bob${count}`)) as [Person, Person];
    ({ id } = await conversationOf([alice, bob]));
    const frames: string[] = [];
    sent = frames;
    class Socket extends WebSocket {
      override send(data: string): void {
        frames.push(data);
        super.send(data);
      }
    }
    network = await networked(bob, { webSocketImpl: Socket });
    cached = cachedClient(network.client);
  });
  afterEach(async () => {
    cached.stop();
    await network.stop();
  });

  const contents = () =>
    cached
      .read(MessagesDocument, { id, last: 5 })!
      .conversation!.messages.nodes.map(({ content }) => content);
  /** It has begun after a position that nobody gave. */
  const begun = (field: string, after: number) =>
    eventually(() => {
      const asked = sent.filter((frame) => frame.includes(`${field}(`));
      expect(asked.at(-1)).toContain(`"after":${after}`);
    });

  test('begins now, and brings what happened during an outage before its first event', async () => {
    await sendBy(alice, id, { content: 'before' });
    await cached.query(MessagesDocument, { id, last: 5 });
    let events = 0;
    const stop = cached.subscribe(MessageAddedDocument, { conversationId: id }, () => events++);
    await begun('messageAdded', 1);
    network.offline();
    await sendBy(alice, id, { content: 'missed' });
    network.online();
    await eventually(() => expect(contents()).toEqual(['before', 'missed']));
    network.offline();
    await sendBy(alice, id, { content: 'missed too' });
    network.online();
    await eventually(() => expect(contents()).toEqual(['before', 'missed', 'missed too']));
    expect(events).toBeGreaterThanOrEqual(2);
    stop();
  });

  test.each([
    ['of edits', MessageUpdatedDocument, 'messageUpdated'],
    ['of the log', ConversationEventsDocument, 'conversationEvents'],
  ] as const)(
    '%s shows an edit and a deletion that were made during an outage',
    async (_of, document, field) => {
      const messages = [
        await sendBy(alice, id, { content: 'first' }),
        await sendBy(alice, id, { content: 'gone' }),
      ];
      await cached.query(MessagesDocument, { id, last: 5 });
      const stop = cached.subscribe(
        document as typeof MessageUpdatedDocument,
        { conversationId: id },
        () => {},
      );
      await begun(field, 2);
      network.offline();
      const [edited, deleted] = messages.map((message) => message.id);
      await alice.ask(EditMessageDocument, { input: { messageId: edited!, content: 'second' } });
      await alice.ask(DeleteMessageDocument, { input: { messageId: deleted! } });
      network.online();
      await eventually(() => expect(contents()).toEqual(['second', '']));
      stop();
    },
  );

  test('is one of offers, of the whole log, or of notifications as well', async () => {
    const told = new Set<string>();
    const stops = [
      cached.subscribe(OfferUpdatedDocument, { conversationId: id }, () => told.add('offer')),
      cached.subscribe(ConversationEventsDocument, { conversationId: id, viewing: false }, () =>
        told.add('log'),
      ),
      cached.subscribe(NotificationAddedDocument, {}, () => told.add('notification')),
    ];
    for (const field of ['offerUpdated', 'conversationEvents', 'notificationAdded'])
      await begun(field, 0);
    network.offline();
    await offerBy(alice, id);
    network.online();
    await eventually(() => expect([...told].sort()).toEqual(['log', 'notification', 'offer']));
    for (const stop of stops) stop();
  });

  test('brings the messages of all conversations while it is connected', async () => {
    let events = 0;
    const stop = cached.subscribe(MessageAddedDocument, { viewing: false }, () => events++);
    await eventually(async () => {
      await sendBy(alice, id);
      expect(events).toBeGreaterThan(0);
    });
    stop();
  });

  test('is refused in the words of the server', async () => {
    const { id: other } = await conversationOf([alice, await cluster.person('carol')]);
    const refusal = await new Promise((resolve) =>
      cached.subscribe(MessageAddedDocument, { conversationId: other }, () => {}, resolve),
    );
    expect(String(refusal)).toContain('You may not access this.');
  });
});
