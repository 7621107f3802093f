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
import { hooked, rendered } from './react.hooks';
import { observeSubscriptions, type Subscriptions } from './subscriptions';

describe('the life of hooks and their client', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let network: Networked;
  let subscriptions: Subscriptions;
  let id: string;
  /** The requests that were begun. */
  let requests: number;
  /** While it is set, no request is answered before it resolves. */
  let answers: Promise<void> | null;
  const rejections: unknown[] = [];
  const note = (reason: unknown) => rejections.push(reason);

  beforeAll(async () => {
    process.on('unhandledRejection', note);
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
  });
  beforeEach(async () => {
    requests = 0;
    answers = null;
    network = await networked(bob, {
      async fetch(...request) {
        requests++;
        await answers;
        return fetch(...request);
      },
    });
    subscriptions = observeSubscriptions(network.client);
    ({ id } = await conversationOf([alice, bob]));
  });
  afterEach(async () => {
    await network.stop();
    expect(rejections).toEqual([]);
  });
  afterAll(async () => {
    process.off('unhandledRejection', note);
    await cluster.stop();
  });

  const isStrict = true;
  const all = (id: string) => [
    useConversation(id),
    useConversations(),
    useConversations({ archived: true }),
    useInbox(),
    useTyping(id),
    useViewers(id),
    usePresence(),
    useOffers(id),
  ];
  const isLive = ({ status }: { status: string }) => status === 'live';
  const isEnded = ({ status }: { status: string }) => status === 'ended';
  const none = () => eventually(() => expect(subscriptions.active).toEqual([]));

  test('end with a client that is closed below them', async () => {
    const { client } = network;
    const hooks = hooked({ client, isStrict }, () => all(id));
    await eventually(() => expect(hooks.current.every(isLive)).toBe(true));
    client.dispose();
    await eventually(() => expect(hooks.current.every(isEnded)).toBe(true));
    await none();
    hooks.unmount();
  });

  test('end with a client that is closed while they load', async () => {
    const { client } = network;
    let go = () => {};
    answers = new Promise((resolve) => {
      go = resolve;
    });
    const hooks = hooked({ client, isStrict }, () => all(id));
    await eventually(() => expect(requests).toBeGreaterThan(0));
    client.dispose();
    go();
    await eventually(() => expect(hooks.current.every(isEnded)).toBe(true));
    expect(client.session).toBeNull();
    await none();
    hooks.unmount();
  });

  test('do not connect a client that was closed before they are mounted', async () => {
    const { client } = network;
    let connections = 0;
    client.socket.on('connecting', () => connections++);
    client.dispose();
    const hooks = hooked({ client, isStrict }, () => all(id));
    await eventually(() => expect(hooks.current.every(isEnded)).toBe(true));
    expect(connections).toBe(0);
    hooks.unmount();
    await none();
  });

  test('are unmounted while they load, and leave nothing behind', async () => {
    let go = () => {};
    answers = new Promise((resolve) => {
      go = resolve;
    });
    const { client } = network;
    const hooks = hooked({ client, isStrict }, () => all(id));
    await eventually(() => expect(requests).toBeGreaterThan(0));
    hooks.unmount();
    const renders = hooks.values.length;
    go();
    answers = null;
    await none();
    expect(hooks.values).toHaveLength(renders);
  });

  test('show another conversation when its id comes while the first one loads', async () => {
    const second = (await conversationOf([alice, bob])).id;
    await sendBy(alice, id, { content: 'of the first' });
    await sendBy(alice, second, { content: 'of the second' });
    let go = () => {};
    answers = new Promise((resolve) => {
      go = resolve;
    });
    const said: string[] = [];
    function Shown({ id }: { id: string }) {
      const { status, messages } = useConversation(id);
      useTyping(id);
      useOffers(id);
      said.push(`${id} ${status} ${messages.map(({ content }) => content)}`);
      return null;
    }
    const { client } = network;
    const { render, unmount } = rendered({ client, isStrict }, h(Shown, { id }));
    await eventually(() => expect(requests).toBeGreaterThan(0));
    render(h(Shown, { id: second }));
    await eventually(() => expect(said.at(-1)).toBe(`${second} loading `));
    go();
    await eventually(() => expect(said.at(-1)).toBe(`${second} live of the second`));
    expect(said.filter((one) => one.includes('of the first'))).toEqual([]);
    unmount();
    await none();
  });

  test('are independent below two providers of one client', async () => {
    const { client } = network;
    const use = () => ({ ...useConversation(id), ...useParley() });
    const first = hooked({ client, isStrict }, use);
    const second = hooked({ client, isStrict }, use);
    await eventually(() => {
      for (const one of [first, second])
        expect(one.current).toMatchObject({ status: 'live', userId: 'bob' });
    });
    first.current.send('from the first');
    for (const one of [first, second])
      await eventually(() => {
        const { messages, pending } = one.current;
        expect([messages.map(({ content }) => content), pending]).toEqual([['from the first'], []]);
      });
    first.unmount();
    await sendBy(alice, id, { content: 'afterwards' });
    await eventually(() => expect(second.current.messages).toHaveLength(2));
    second.current.send('from the second');
    await eventually(() => expect(second.current.messages).toHaveLength(3));
    second.unmount();
    await none();
  });
});
