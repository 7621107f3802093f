import './react.page';
import { createParleyClient, type ParleyClient } from '@parley/client';
import {
  ArchiveConversationDocument,
  LeaveConversationDocument,
  MarkReadDocument,
} from '@parley/client/documents';
import { useConversations, useInbox } from '@parley/client/react';
import WebSocket from 'ws';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type Hooked, hooked } from './react.hooks';
import { talksOnOneServer } from './talk';

/** More than a page of 20. */
const COUNT = 24;

describe('an answer that comes late to the hooks for React', () => {
  const newTalk = talksOnOneServer();
  let alice: Person;
  let bob: Person;
  let id: string;
  let client: ParleyClient;
  /** The answers that have come and are held back, by their operations; null: none is held. */
  let held: Map<string, () => void> | null;
  const mounted: Hooked<unknown>[] = [];

  beforeEach(async () => {
    ({ alice, bob, id } = await newTalk());
    held = null;
    client = createParleyClient({
      url: `${bob.node.url}/graphql`,
      token: bob.token!,
      webSocketImpl: WebSocket,
      async fetch(url, init) {
        const answers = held;
        const response = await fetch(url, init);
        const { operationName, variables } = JSON.parse(String(init!.body));
        const key = `${operationName}${variables?.after ? ' after' : ''}`;
        if (answers) await new Promise<void>((resolve) => answers.set(key, resolve));
        return response;
      },
    });
  });
  afterEach(() => {
    for (const one of mounted.splice(0)) one.unmount();
    client.dispose();
  });

  function mount<Value extends { status: string }>(use: () => Value): Hooked<Value> {
    const one = hooked({ client }, use);
    mounted.push(one);
    return one;
  }

  test('keeps the badges that an event has told', async () => {
    await sendBy(alice, id);
    const inbox = mount(() => useInbox());
    await eventually(() => expect(inbox.current).toMatchObject({ unreadNotificationCount: 1 }));
    held = new Map();
    const marked = inbox.current.markRead({ throughSequence: 1_000 });
    await eventually(() => expect(held!.has('MarkNotificationsRead')).toBe(true));
    await sendBy(alice, (await conversationOf([alice, bob])).id);
    const expected = { unreadNotificationCount: 1, unreadConversationCount: 2 };
    await eventually(() => expect(inbox.current).toMatchObject(expected));
    const arrive = held.get('MarkNotificationsRead')!;
    arrive();
    await marked;
    await eventually(() => expect(inbox.current.notifications[1]!.readAt).not.toBeNull());
    expect(inbox.current).toMatchObject(expected);
    for (const release of held.values()) release();
  });

  test('takes no badge back', async () => {
    const inbox = mount(() => useInbox());
    await eventually(() => expect(inbox.current).toMatchObject({ status: 'live' }));
    held = new Map();
    // Everything is fetched once more after a few seconds.
    await eventually(() => expect([...held!.keys()].sort()).toEqual(['Inbox', 'Notifications']));
    await sendBy(alice, id);
    await eventually(() => expect(inbox.current).toMatchObject({ unreadNotificationCount: 1 }));
    const late = held;
    held = null;
    for (const release of late.values()) release();
    await sendBy(alice, (await conversationOf([alice, bob])).id);
    await eventually(() => expect(inbox.current).toMatchObject({ unreadNotificationCount: 2 }));
    const counts = inbox.values.map((value) => value.unreadNotificationCount);
    expect(counts).toEqual(counts.toSorted());
    expect(inbox.current.notifications).toHaveLength(2);
  });

  test('brings back nothing older of a conversation', async () => {
    const ids = [id];
    while (ids.length < COUNT) ids.push((await conversationOf([alice, bob])).id);
    for (const one of ids) await eventually(() => sendBy(alice, one));
    const list = mount(() => useConversations());
    await eventually(() => expect(list.current).toMatchObject({ status: 'live', hasMore: true }));
    const shown = () => list.current.conversations.map((one) => one.id);
    expect(shown()).toEqual(ids.slice(-20).reverse());

    held = new Map();
    const more = list.current.loadMore();
    await eventually(() => expect(held!.has('Conversations after')).toBe(true));
    const [archived, left, newer, read] = ids as [string, string, string, string];
    const by = { conversationId: archived, archived: true };
    await bob.ask(ArchiveConversationDocument, { input: by });
    await bob.ask(LeaveConversationDocument, { input: { conversationId: left } });
    await bob.ask(MarkReadDocument, { input: { conversationId: read, sequence: 1 } });
    await sendBy(alice, newer);
    await eventually(() => expect(shown()[0]).toBe(newer));
    // Everything is fetched once more after a few seconds, which begins meanwhile.
    await eventually(() => expect(held!.has('Conversations')).toBe(true));
    held.get('Conversations after')!();
    await more;
    await eventually(() => expect(shown()).toEqual([newer, ...ids.slice(-20).reverse(), read]));
    const { conversations } = list.current;
    expect(conversations[0]).toMatchObject({ unreadCount: 2, lastSequence: 2 });
    expect(conversations.at(-1)).toMatchObject({ unreadCount: 0 });
    for (const release of held.values()) release();
  });
});
