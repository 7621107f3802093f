import './react.page';
import { ConversationsDocument, MarkReadDocument } from '@parley/client/documents';
import { useConversations, useInbox } from '@parley/client/react';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type Networked, networked } from './networked';
import { type Hooked, hooked } from './react.hooks';

/** More than a page of 20. */
const COUNT = 25;

describe('the lists of the hooks for React', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let network: Networked;
  /** Oldest activity first. */
  let ids: string[];
  const mounted: Hooked<unknown>[] = [];

  beforeEach(async () => {
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
    network = await networked(bob);
    ids = [];
    for (let at = 0; at < COUNT; at++) {
      const { id } = await conversationOf([alice, bob]);
      // At most 20 messages a second are accepted.
      await eventually(() => sendBy(alice, id, { content: `${at}` }));
      ids.push(id);
    }
  });
  afterEach(async () => {
    for (const one of mounted.splice(0)) one.unmount();
    await network.stop();
    await cluster.stop();
  });

  function mount<Value extends { status: string }>(use: () => Value): Hooked<Value> {
    const one = hooked({ client: network.client, isStrict: true }, use);
    mounted.push(one);
    return one;
  }

  /** The list as the server has it. */
  async function listed(archived = false) {
    const { conversations } = await bob.ask(ConversationsDocument, { archived, first: 30 });
    return conversations.nodes.map(({ id, unreadCount }) => ({ id, unreadCount }));
  }

  test('conversations come page by page, and follow in the right place', async () => {
    const list = mount(() => useConversations());
    await eventually(() => expect(list.current.status).toBe('live'));
    const shown = () =>
      list.current.conversations.map(({ id, unreadCount }) => ({ id, unreadCount }));
    expect(shown()).toEqual((await listed()).slice(0, 20));
    expect(list.current.hasMore).toBe(true);

    // Read on another device, it is older than what is loaded, and is not shown out of its place.
    const read = { conversationId: ids[0]!, sequence: 1 };
    await bob.ask(MarkReadDocument, { input: read });
    await sendBy(alice, ids[1]!, { content: 'moves to the top' });
    await eventually(() => expect(shown()[0]).toEqual({ id: ids[1], unreadCount: 2 }));
    expect(shown().map(({ id }) => id)).not.toContain(ids[0]);

    await Promise.all([list.current.loadMore(), list.current.loadMore()]);
    await eventually(() => expect(list.current.hasMore).toBe(false));
    expect(shown()).toEqual(await listed());
    await list.current.loadMore();

    await list.current.archive(ids[3]!);
    await list.current.leave(ids[4]!);
    const { id } = await list.current.start({ participantIds: ['alice'], listingId: 'new' });
    await eventually(async () => expect(shown()).toEqual(await listed()));
    expect(shown()[0]).toEqual({ id, unreadCount: 0 });
    const archive = mount(() => useConversations({ archived: true }));
    await eventually(() => expect(archive.current.conversations).toMatchObject([{ id: ids[3] }]));
    await sendBy(alice, ids[3]!, { content: 'back again' });
    await eventually(() => expect(archive.current.conversations).toEqual([]));
    await eventually(() => expect(shown()[0]).toMatchObject({ id: ids[3] }));
  });

  test('as much as was loaded is fetched after an outage', async () => {
    const list = mount(() => useConversations());
    const inbox = mount(() => useInbox());
    await eventually(() => expect(list.current.hasMore).toBe(true));
    await eventually(() => expect(inbox.current.hasMore).toBe(true));
    await list.current.loadMore();
    await inbox.current.loadMore();
    await eventually(() => expect(inbox.current.notifications).toHaveLength(COUNT));
    network.offline();
    await eventually(() => expect(inbox.current.status).toBe('catching-up'));
    await expect(list.current.loadMore()).resolves.toBeUndefined();
    await sendBy(alice, ids[2]!, { content: 'while away' });
    network.online();
    await eventually(() => expect(list.current.status).toBe('live'));
    await eventually(() => expect(inbox.current.status).toBe('live'));
    expect(list.current.conversations).toHaveLength(COUNT);
    expect(list.current.conversations[0]).toMatchObject({ id: ids[2], unreadCount: 2 });
    expect(inbox.current.notifications).toHaveLength(COUNT);
    expect(inbox.current.notifications[0]).toMatchObject({
      conversation: { id: ids[2] },
      count: 2,
    });
    const sequences = inbox.current.notifications.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...sequences].sort((one, other) => other - one));
    await inbox.current.markRead({ throughSequence: sequences[0]! });
    await eventually(() => expect(inbox.current.unreadNotificationCount).toBe(0));
    for (const { readAt } of inbox.current.notifications) expect(readAt).not.toBeNull();
  });
});
