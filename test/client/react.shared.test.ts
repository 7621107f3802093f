import './react.page';
import {
  useConversation,
  useConversations,
  useInbox,
  useOffers,
  useParley,
  usePresence,
  useTyping,
  useViewers,
} from '@parley/client/react';
import { createElement as h } from 'react';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type Networked, networked } from './networked';
import { type Hooked, hooked, rendered } from './react.hooks';
import { observeSubscriptions, type Subscriptions } from './subscriptions';

/** The subscriptions of one conversation that is shown. */
const ROOM = ['ConversationEvents', 'MessagesRead'];

describe('components below a provider', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let network: Networked;
  let subscriptions: Subscriptions;
  let id: string;
  let unmounts: (() => void)[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
  });
  beforeEach(async () => {
    network = await networked(bob);
    subscriptions = observeSubscriptions(network.client);
    ({ id } = await conversationOf([alice, bob]));
  });
  afterEach(async () => {
    for (const unmount of unmounts) unmount();
    unmounts = [];
    await network.stop();
  });
  afterAll(() => cluster.stop());

  const isStrict = true;
  /** Shows the statuses of a conversation in a component. */
  function Shown({ id, said }: { id: string; said: string[] }) {
    const { status, messages } = useConversation(id);
    said.push(`${id} ${status} ${messages.map(({ content }) => content)}`);
    return null;
  }
  function Offers({ id }: { id: string }) {
    useOffers(id);
    return null;
  }
  const none = () => eventually(() => expect(subscriptions.active).toEqual([]));

  test('share the subscriptions of a conversation, once each in StrictMode too', async () => {
    const said: string[] = [];
    const both = [h(Shown, { key: 1, id, said }), h(Shown, { key: 2, id, said })];
    const { client } = network;
    const { render, unmount } = rendered({ client, isStrict }, both);
    unmounts.push(unmount);
    await eventually(() => expect(said.at(-1)).toBe(`${id} live `));
    expect(subscriptions.active).toEqual(ROOM);
    expect([...subscriptions.begun].sort()).toEqual(ROOM);
    render(both.slice(1));
    await sendBy(alice, id, { content: 'one' });
    await eventually(() => expect(said.at(-1)).toBe(`${id} live one`));
    expect(subscriptions.begun).toHaveLength(ROOM.length);
    render(null);
    await none();
  });

  test('subscribe once to each thing in StrictMode, and to nothing when unmounted', async () => {
    const use = () => [
      useConversations(),
      useInbox(),
      useTyping(id),
      useViewers(id),
      usePresence(),
      useOffers(id),
    ];
    const { client } = network;
    const strict = hooked({ client, isStrict }, use);
    const other = hooked({ client }, () => useParley());
    await eventually(() => {
      for (const { status } of strict.current) expect(status).toBe('live');
    });
    const all = ['ConversationUpdated', 'InboxUpdated', 'NotificationAdded', 'Typing'];
    const expected = [...ROOM, ...all, 'UserPresence', 'Viewers'].sort();
    await eventually(() => expect(subscriptions.active).toEqual(expected));
    expect([...subscriptions.begun].sort()).toEqual(expected);
    strict.unmount();
    other.unmount();
    await none();
  });

  test('follow another conversation with another id, and never show the old one for it', async () => {
    const second = (await conversationOf([alice, bob])).id;
    await sendBy(alice, id, { content: 'of the first' });
    await sendBy(alice, second, { content: 'of the second' });
    const said: string[] = [];
    const { client } = network;
    const { render, unmount } = rendered({ client, isStrict }, h(Shown, { id, said }));
    unmounts.push(unmount);
    await eventually(() => expect(said.at(-1)).toBe(`${id} live of the first`));
    render(h(Shown, { id: second, said }));
    await eventually(() => expect(said.at(-1)).toBe(`${second} live of the second`));
    for (const one of said) {
      expect(one).not.toMatch(`${second} live of the first`);
      if (one.startsWith(second)) expect(one).not.toContain('first');
    }
    await eventually(() => expect(subscriptions.active).toEqual(ROOM));
  });

  test('count as having a conversation open while one of them says so', async () => {
    const viewers = await networked(alice).then((theirs) => {
      const seen = hooked({ client: theirs.client }, () => useViewers(id));
      unmounts.push(seen.unmount, () => void theirs.stop());
      return seen as Hooked<{ viewers: readonly { id: string }[] }>;
    });
    const ids = () => viewers.current.viewers.map((one) => one.id);
    const { client } = network;
    const offers = h(Offers, { key: 'offers', id });
    const said: string[] = [];
    const { render, unmount } = rendered({ client }, [offers]);
    unmounts.push(unmount);
    await eventually(() => expect(subscriptions.active).toEqual(ROOM));
    render([offers, h(Shown, { key: 'shown', id, said })]);
    await eventually(() => expect(ids()).toEqual(['bob']));
    render([offers]);
    await eventually(() => expect(ids()).toEqual([]));
    expect(subscriptions.active).toEqual(ROOM);
    await sendBy(alice, id);
  });

  test('begin anew with another client', async () => {
    const theirs = await networked(alice);
    const own = rendered({ client: network.client }, null);
    own.unmount();
    const users: (string | null)[] = [];
    function User() {
      const { client, userId } = useParley();
      const { status } = useConversation(id);
      if (status === 'live') users.push(`${userId} ${client.session?.userId}`);
      return null;
    }
    const first = rendered({ client: network.client, isStrict }, h(User));
    await eventually(() => expect(users.at(-1)).toBe('bob bob'));
    first.provide(theirs.client, h(User));
    await eventually(() => expect(users.at(-1)).toBe('alice alice'));
    await none();
    first.unmount();
    await theirs.stop();
  });
});
