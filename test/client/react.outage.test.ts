import './react.page';
import {
  ArchiveConversationDocument,
  LeaveConversationDocument,
  MarkReadDocument,
  UserDocument,
} from '@parley/client/documents';
import {
  useConversation,
  useConversations,
  useInbox,
  usePresence,
  useTyping,
  useViewers,
} from '@parley/client/react';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type Networked, networked } from './networked';
import { type Hooked, hooked } from './react.hooks';

describe('the hooks for React, over an outage', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let network: Networked;
  let id: string;
  let unmounts: (() => void)[] = [];

  beforeEach(async () => {
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
    network = await networked(bob);
    ({ id } = await conversationOf([alice, bob]));
  });
  afterEach(async () => {
    for (const unmount of unmounts) unmount();
    unmounts = [];
    await network.stop();
    await cluster.stop();
  });

  function mount<Value>(use: () => Value, { client } = network): Hooked<Value> {
    const one = hooked({ client, isStrict: true }, use);
    unmounts.push(one.unmount);
    return one;
  }
  const status = (one: Hooked<{ status: string }>, expected: string) =>
    eventually(() => expect(one.current.status).toBe(expected));

  test('the list shows what changed meanwhile, and is not live before', async () => {
    const others = [];
    for (let at = 0; at < 3; at++) others.push((await conversationOf([alice, bob])).id);
    const [moved, archived, left] = others as [string, string, string];
    await sendBy(alice, id, { content: 'first' });
    const list = mount(() => useConversations());
    await status(list, 'live');
    const ids = () => list.current.conversations.map((one) => one.id);
    expect(ids()).toEqual([id, left, archived, moved]);
    network.offline();
    await status(list, 'catching-up');
    expect(ids()).toHaveLength(4);
    await sendBy(alice, moved, { content: 'while away' });
    const input = { conversationId: archived, archived: true };
    await bob.ask(ArchiveConversationDocument, { input });
    await bob.ask(LeaveConversationDocument, { input: { conversationId: left } });
    const added = (await conversationOf([alice, bob])).id;
    network.online();
    await status(list, 'live');
    const live = list.values.filter((one) => one.status === 'live').slice(-1)[0]!;
    expect(live.conversations.map((one) => one.id)).toEqual([added, moved, id]);
    expect(live.conversations[1]).toMatchObject({
      unreadCount: 1,
      lastMessage: { content: 'while away' },
    });
  });

  test('the inbox shows what came and what was read meanwhile', async () => {
    const first = await sendBy(alice, id);
    const inbox = mount(() => useInbox());
    await status(inbox, 'live');
    expect(inbox.current).toMatchObject({ unreadNotificationCount: 1, unreadConversationCount: 1 });
    network.offline();
    await status(inbox, 'catching-up');
    await bob.ask(MarkReadDocument, {
      input: { conversationId: id, sequence: first.sequence },
    });
    const other = await conversationOf([alice, bob]);
    await sendBy(alice, other.id);
    network.online();
    await status(inbox, 'live');
    await eventually(() => expect(inbox.current.notifications).toHaveLength(2));
    const [newer, older] = inbox.current.notifications;
    expect(newer).toMatchObject({ conversation: { id: other.id }, readAt: null });
    expect(older).toMatchObject({ conversation: { id } });
    expect(older!.readAt).not.toBeNull();
    expect(inbox.current).toMatchObject({ unreadNotificationCount: 1, unreadConversationCount: 1 });
  });

  test('the inbox follows what another device reads', async () => {
    const inbox = mount(() => useInbox());
    await status(inbox, 'live');
    const { sequence } = await sendBy(alice, id);
    await eventually(() => expect(inbox.current.notifications).toMatchObject([{ readAt: null }]));
    await bob.ask(MarkReadDocument, { input: { conversationId: id, sequence } });
    await eventually(() => expect(inbox.current.notifications[0]!.readAt).not.toBeNull());
    expect(inbox.current.unreadNotificationCount).toBe(0);
  });

  test('nobody seems to be there, or to type, who left meanwhile', async () => {
    const other = await networked(alice);
    unmounts.push(() => void other.stop());
    const seen = mount(() => ({
      typing: useTyping(id),
      viewers: useViewers(id),
      presence: usePresence(),
    }));
    const theirs = mount(() => useConversation(id), other);
    await status(theirs, 'live');
    await eventually(() => expect(seen.current.viewers.viewers).toHaveLength(1));
    await eventually(() => expect([...seen.current.presence.online]).toEqual(['alice']));
    theirs.current.setTyping(true);
    await eventually(() => expect(seen.current.typing.typing).toHaveLength(1));
    network.offline();
    await eventually(() => expect(seen.current.presence.status).toBe('catching-up'));
    theirs.unmount();
    await other.stop();
    await eventually(() => expect(seen.current.typing.typing).toEqual([]));
    await eventually(async () => {
      const { user } = await bob.ask(UserDocument, { id: 'alice' });
      expect(user!.presence.online).toBe(false);
    });
    network.online();
    await eventually(() => expect(seen.current.presence.status).toBe('live'));
    await eventually(() => expect(seen.current.viewers.viewers).toEqual([]));
    await eventually(() => expect([...seen.current.presence.online]).toEqual([]));
    expect(seen.current.presence.presences.get('alice')).toMatchObject({ online: false });
  });

  test('all of them end with the reason when access or the token is refused', async () => {
    const { client } = network;
    const room = mount(() => useConversation(id));
    const typing = mount(() => useTyping(id));
    const mine = mount(() => useInbox());
    for (const one of [room, typing, mine]) await status(one, 'live');
    await bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
    await status(room, 'ended');
    await status(typing, 'ended');
    expect(room.current.error).toMatchObject({ code: 'FORBIDDEN' });
    expect(typing.current.error).toMatchObject({ code: 'FORBIDDEN' });
    expect(mine.current.status).toBe('live');
    expect(client.session).not.toBeNull();
    const stranger = await networked(bob, { token: 'no token' });
    unmounts.push(() => void stranger.stop());
    const list = mount(() => useConversations(), stranger);
    const inbox = mount(() => useInbox(), stranger);
    await status(list, 'ended');
    await status(inbox, 'ended');
    expect(list.current.error).toMatchObject({ code: 'UNAUTHENTICATED' });
    expect(inbox.current.error).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
