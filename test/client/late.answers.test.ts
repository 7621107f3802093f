import { createParleyClient, type ParleyClient } from '@parley/client';
import {
  ArchiveConversationDocument,
  ConversationDocument,
  type ConversationPartsFragment,
  ConversationsDocument,
  ConversationUpdatedDocument,
  InboxDocument,
  type InboxPartsFragment,
  MarkNotificationsReadDocument,
  MarkReadDocument,
  MessagesDocument,
  MuteConversationDocument,
  NotificationsDocument,
} from '@parley/client/documents';
import WebSocket from 'ws';
import { AnyMessageAddedDocument } from '../generated/graphql';
import { eventually } from '../support/eventually';
import { sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type CachedClient, withApollo, withUrql } from './cached.clients';
import { talksOnOneServer } from './talk';

const UNTIL = '2100-01-01T00:00:00.000Z';

describe.each([
  ['Apollo Client', withApollo],
  ['urql', withUrql],
])('an answer that comes late to a cache of %s', (_name, cachedClient) => {
  const newTalk = talksOnOneServer();
  let alice: Person;
  let bob: Person;
  let parley: ParleyClient;
  let cached: CachedClient;
  let id: string;
  /** The answers that have come, and are held back. */
  let held: (() => void)[] | null;

  beforeEach(async () => {
    ({ alice, bob, id } = await newTalk());
    await sendBy(alice, id);
    held = null;
    parley = createParleyClient({
      url: `${bob.node.url}/graphql`,
      token: bob.token!,
      webSocketImpl: WebSocket,
      async fetch(...request) {
        const answers = held;
        const response = await fetch(...request);
        if (answers) await new Promise<void>((resolve) => answers.push(resolve));
        return response;
      },
    });
    cached = cachedClient(parley);
    await lookAgain();
    await Promise.all([badges(), cached.query(NotificationsDocument, { first: 5 })]);
  });
  afterEach(() => {
    cached.stop();
    parley.dispose();
  });

  // Each asks with other documents or variables than are read, because urql joins equal operations.
  const look = () => cached.query(ConversationsDocument, { first: 5 });
  const lookAgain = () => cached.query(ConversationDocument, { id });
  const badges = () => cached.query(InboxDocument, {});
  const list = () => cached.query(NotificationsDocument, { first: 6 });
  const shown = () => cached.read(ConversationDocument, { id })!.conversation!;
  const archive = (archived: boolean) =>
    cached.mutate(ArchiveConversationDocument, { input: { conversationId: id, archived } });
  const mute = (until: string | null) =>
    cached.mutate(MuteConversationDocument, { input: { conversationId: id, until } });
  const markRead = () =>
    cached.mutate(MarkReadDocument, { input: { conversationId: id, sequence: 1 } });

  /** Does it, and holds the answers back until the returned function is called. */
  async function hold(...asked: (() => Promise<unknown>)[]): Promise<() => Promise<void>> {
    const answers: (() => void)[] = [];
    held = answers;
    const answered = asked.map((ask) => ask());
    await eventually(() => expect(answers).toHaveLength(asked.length));
    held = null;
    return async () => {
      for (const arrive of answers) arrive();
      await Promise.all(answered);
    };
  }

  test('does not undo what a mutation has answered meanwhile', async () => {
    const arrive = await hold(look, badges);
    await archive(true);
    await mute(UNTIL);
    await markRead();
    const expected = { archived: true, mutedUntil: UNTIL, unreadCount: 0 };
    expect(shown()).toMatchObject<Partial<ConversationPartsFragment>>(expected);
    await arrive();
    expect(shown()).toMatchObject(expected);
    const inbox: Partial<InboxPartsFragment> = { unreadConversationCount: 0 };
    expect(cached.read(InboxDocument, {})!.inbox).toMatchObject(inbox);
  });

  test('does not undo what a later query has answered', async () => {
    const arrive = await hold(look);
    const by = { input: { conversationId: id, archived: true } };
    await bob.ask(ArchiveConversationDocument, by);
    await lookAgain();
    await arrive();
    expect(shown().archived).toBe(true);
  });

  test('does not undo what an event has told', async () => {
    let events = 0;
    const stop = cached.subscribe(ConversationUpdatedDocument, {}, () => events++);
    await eventually(async () => {
      await sendBy(alice, id);
      expect(events).toBeGreaterThan(0);
    });
    const arrive = await hold(look, () => mute(UNTIL));
    await bob.ask(MuteConversationDocument, { input: { conversationId: id, until: null } });
    await bob.ask(ArchiveConversationDocument, { input: { conversationId: id, archived: true } });
    await eventually(() => expect(shown()).toMatchObject({ archived: true, mutedUntil: null }));
    await arrive();
    expect(shown()).toMatchObject({ archived: true, mutedUntil: null });
    stop();
  });

  test('does not undo a later mutation of the same device', async () => {
    const arrive = await hold(() => mute(UNTIL));
    await mute(null);
    await arrive();
    expect(shown().mutedUntil).toBeNull();
  });

  test('makes no notification unread again', async () => {
    const read = () => cached.read(NotificationsDocument, { first: 5 })!.notifications;
    expect(read().nodes).toMatchObject([{ readAt: null }]);
    const arrive = await hold(list);
    const throughSequence = read().nodes[0]!.sequence;
    await cached.mutate(MarkNotificationsReadDocument, { input: { throughSequence } });
    expect(read().nodes).toMatchObject([{ readAt: expect.any(String) }]);
    await arrive();
    expect(read().nodes).toMatchObject([{ readAt: expect.any(String) }]);
    expect(read().unreadCount).toBe(0);
  });

  test('keeps the messages that came before the first page', async () => {
    let events = 0;
    const stop = cached.subscribe(AnyMessageAddedDocument, {}, () => events++);
    await eventually(async () => {
      await sendBy(alice, id);
      expect(events).toBeGreaterThan(0);
    });
    const arrive = await hold(() => cached.query(MessagesDocument, { id, last: 2 }));
    const { id: messageId } = await sendBy(alice, id);
    const before = events;
    await sendBy(alice, id);
    await eventually(() => expect(events).toBeGreaterThan(before));
    await arrive();
    const { messages } = cached.read(MessagesDocument, { id, last: 2 })!.conversation!;
    expect(messages.nodes.map((message) => message.id)).toContain(messageId);
    stop();
  });

  test('and one that was asked for afterwards changes everything', async () => {
    await archive(true);
    await mute(UNTIL);
    await markRead();
    await bob.ask(ArchiveConversationDocument, { input: { conversationId: id, archived: false } });
    await bob.ask(MuteConversationDocument, { input: { conversationId: id, until: null } });
    await sendBy(alice, id);
    await Promise.all([look(), badges(), list()]);
    expect(shown()).toMatchObject({ archived: false, mutedUntil: null, unreadCount: 1 });
    expect(cached.read(InboxDocument, {})!.inbox).toMatchObject({ unreadConversationCount: 1 });
  });
});
