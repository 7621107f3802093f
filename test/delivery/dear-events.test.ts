import { people } from '../api/people';
import { type Frame, WireSocket } from '../api/wire';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';

const SUBSCRIPTIONS = 10;

/** Each shows a page of a size of its own, so that none shares the rendering of another. */
const dear = (size: number) => `subscription ($id: ID!) { messageAdded(conversationId: $id) {
  content conversation { messages(last: ${size}) { nodes { id content } } } } }`;
const PLAIN = 'subscription ($id: ID!) { messageAdded(conversationId: $id) { content } }';

describe('events with a dear selection', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let id: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    [alice, bob] = await people(cluster, 'alice', 'bob');
    ({ id } = await conversationOf([alice, bob]));
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  async function subscribed(person: Person, queries: readonly string[]): Promise<WireSocket> {
    const socket = await WireSocket.init(cluster.node, { token: person.token! });
    await socket.next();
    const { hub } = cluster.node.services.delivery;
    for (const [index, query] of queries.entries()) {
      const before = hub.size.seats;
      const payload = { query, variables: { id } };
      socket.send({ id: String(index), type: 'subscribe', payload });
      await eventually(() => expect(hub.size.seats).toBe(before + 1));
    }
    return socket;
  }

  /** Holds every reading of a page until `release`, and counts those that have begun. */
  function hold() {
    const { reader } = cluster.node.services.messages;
    const original = reader.pages.bind(reader);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const calls = jest.spyOn(reader, 'pages').mockImplementation(async (...args) => {
      await released;
      return original(...args);
    });
    return { release, begun: () => calls.mock.calls.length };
  }

  const contentOf = ({ payload }: Frame) =>
    (payload as { data: { messageAdded: { content: string } } }).data.messageAdded.content;

  test('are rendered one after the other for a user, and hold up no one else', async () => {
    const sizes = Array.from({ length: SUBSCRIPTIONS }, (_, index) => 80 + index);
    const greedy = await subscribed(alice, sizes.map(dear));
    const plain = await subscribed(alice, [PLAIN]);
    const other = await subscribed(bob, [PLAIN, dear(79)]);
    const { release, begun } = hold();
    for (const content of ['first', 'second']) await sendBy(bob, id, { content });
    for (const socket of [plain, other])
      expect([await socket.next(), await socket.next()].map(contentOf)).toEqual([
        'first',
        'second',
      ]);
    // One of each user.
    expect(begun()).toBe(2);
    release();
    const frames: Frame[] = [];
    while (frames.length < 2 * SUBSCRIPTIONS) frames.push(await greedy.next());
    for (let index = 0; index < SUBSCRIPTIONS; index++)
      expect(frames.filter((frame) => frame.id === String(index)).map(contentOf)).toEqual([
        'first',
        'second',
      ]);
    await Promise.all([greedy, plain, other].map((socket) => socket.close()));
  });
});
