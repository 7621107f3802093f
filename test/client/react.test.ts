import './react.page';
import type { Listener } from '@parley/client';
import { ConversationUpdatedDocument } from '@parley/client/documents';
import {
  useConversation,
  useConversations,
  useInbox,
  useOffers,
  useOutbox,
  useParley,
  usePresence,
  useTyping,
  useViewers,
} from '@parley/client/react';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type Networked, networked } from './networked';
import { type Hooked, hooked } from './react.hooks';

describe('the hooks for React', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let network: Networked;
  let conversationId: string;
  const mounted: Hooked<unknown>[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
  });
  beforeEach(async () => {
    network = await networked(bob);
    conversationId = (await conversationOf([alice, bob])).id;
  });
  afterEach(async () => {
    for (const one of mounted.splice(0)) one.unmount();
    await network.stop();
  });
  afterAll(() => cluster.stop());

  function mount<Value>(use: () => Value): Hooked<Value> {
    const one = hooked({ client: network.client, isStrict: true }, use);
    mounted.push(one);
    return one;
  }
  const say = (content: string) => sendBy(alice, conversationId, { content });

  test('show a conversation, and act in it', async () => {
    await say('one');
    const view = mount(() => useConversation(conversationId));
    await eventually(() => expect(view.current.status).toBe('live'));
    expect(view.values[0]).toMatchObject({ status: 'loading', messages: [] });
    await say('two');
    view.current.send('three');
    const contents = () => view.current.messages.map(({ content }) => content);
    await eventually(() => expect(contents()).toEqual(['one', 'two', 'three']));
    const own = view.current.messages[2]!;
    await view.current.editMessage(own.id, '3');
    await eventually(() => expect(contents()).toEqual(['one', 'two', '3']));
    await view.current.deleteMessage(own.id);
    await eventually(() => expect(contents()).toEqual(['one', 'two', '']));
    await view.current.markRead();
  });

  test('show the list of conversations, which follows', async () => {
    const list = mount(() => useConversations());
    await eventually(() => expect(list.current.status).toBe('live'));
    await say('one');
    await eventually(() =>
      expect(list.current.conversations[0]).toMatchObject({ id: conversationId, unreadCount: 1 }),
    );
    const { id } = await conversationOf([alice, bob]);
    await sendBy(alice, id);
    await eventually(() => expect(list.current.conversations[0]).toMatchObject({ id }));
    await list.current.archive(id);
    await eventually(() =>
      expect(list.current.conversations[0]).toMatchObject({ id: conversationId }),
    );
  });

  test('show offers, and negotiate', async () => {
    const view = mount(() => useOffers(conversationId));
    await eventually(() => expect(view.current.status).toBe('live'));
    await offerBy(alice, conversationId);
    await eventually(() => expect(view.current.offers).toHaveLength(1));
    const items = [{ giverId: 'alice', kind: 'CREDITS' as const, amount: 5 }];
    const countered = await view.current.counter(view.current.offers[0]!, { items });
    expect(countered).toMatchObject({ version: 2, status: 'PENDING' });
    await eventually(() => expect(view.current.offers[0]).toMatchObject({ version: 2 }));
    await view.current.withdraw(countered);
    await eventually(() => expect(view.current.offers[0]).toMatchObject({ status: 'WITHDRAWN' }));
    await expect(view.current.accept(countered)).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  test('show badges and notifications, and mark them as read', async () => {
    const inbox = mount(() => useInbox());
    await eventually(() => expect(inbox.current.status).toBe('live'));
    const before = inbox.current.unreadNotificationCount;
    await say('one');
    await eventually(() => expect(inbox.current.unreadNotificationCount).toBe(before + 1));
    await eventually(() => expect(inbox.current.notifications[0]?.kind).toBe('NEW_MESSAGE'));
    const { id } = inbox.current.notifications[0]!;
    await inbox.current.markRead({ ids: [id] });
    await eventually(() => expect(inbox.current.unreadNotificationCount).toBe(before));
    expect(inbox.current.notifications[0]!.readAt).not.toBeNull();
  });

  test('show who types, who views and who is online', async () => {
    const other = await networked(alice);
    const view = mount(() => ({
      typing: useTyping(conversationId),
      viewers: useViewers(conversationId),
      presence: usePresence(['alice']),
      user: useParley(),
    }));
    await eventually(() => expect(view.current.typing.status).toBe('live'));
    expect(view.current.user.userId).toBe('bob');
    const theirs = hooked({ client: other.client }, () => useConversation(conversationId));
    await eventually(() => expect(theirs.current.status).toBe('live'));
    await eventually(() => expect(view.current.presence.online.has('alice')).toBe(true));
    await eventually(() => expect(view.current.viewers.viewers).toMatchObject([{ id: 'alice' }]));
    theirs.current.setTyping(true);
    await eventually(() => expect(view.current.typing.typing).toMatchObject([{ id: 'alice' }]));
    theirs.current.setTyping(false);
    await eventually(() => expect(view.current.typing.typing).toEqual([]));
    theirs.unmount();
    await eventually(() => expect(view.current.viewers.viewers).toEqual([]));
    await other.stop();
  });

  test('show what is not sent yet', async () => {
    const view = mount(() => ({ outbox: useOutbox(), room: useConversation(conversationId) }));
    await eventually(() => expect(view.current.room.status).toBe('live'));
    network.offline();
    await eventually(() => expect(view.current.room.status).toBe('catching-up'));
    view.current.outbox.send({ conversationId, content: 'later' });
    await eventually(() => expect(view.current.outbox.sendings).toHaveLength(1));
    expect(view.current.room.pending).toMatchObject([{ content: 'later', state: 'pending' }]);
    network.online();
    await eventually(() =>
      expect(view.current.room.messages).toMatchObject([{ content: 'later' }]),
    );
    await eventually(() => expect(view.current.outbox.sendings).toEqual([]));
    expect(view.current.room.pending).toEqual([]);
  });

  test('show what fell between the fetch and the beginning of the hints', async () => {
    const { client } = network;
    const { subscribe } = client;
    // The hint about it is lost.
    client.subscribe = (document, variables, listener) => {
      const isLost = (document as unknown) === ConversationUpdatedDocument;
      return subscribe.call(client, document as never, variables, {
        ...listener,
        next: (data) => isLost || listener.next(data as never),
      } as Listener<unknown>);
    };
    const list = mount(() => useConversations());
    await eventually(() => expect(list.current.status).toBe('live'));
    await say('unheard');
    const shown = () => list.current.conversations.find(({ id }) => id === conversationId);
    await eventually(() => expect(shown()).toMatchObject({ unreadCount: 1 }));
    expect(list.current.status).toBe('live');
  });
});
