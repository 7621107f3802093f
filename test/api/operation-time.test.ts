import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';
import { bearer, post, WireSocket } from './wire';

const UNAVAILABLE = { code: 'UNAVAILABLE', retryAfterMs: 1_000 };
const UNKNOWN = { ...UNAVAILABLE, outcome: 'UNKNOWN' };
const EDIT =
  'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { content } } }';
const LIST = '{ conversations { nodes { id } } }';
const ME = '{ me { id } }';

/** Makes a method wait for `release` before it does its work. */
function hold<Name extends string>(of: Record<Name, (...args: never[]) => unknown>, name: Name) {
  const original = of[name].bind(of) as (...args: unknown[]) => unknown;
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const calls = jest.spyOn(of as never, name as never).mockImplementation((async (
    ...args: unknown[]
  ) => {
    await released;
    return original(...args);
  }) as never);
  return { release, calls: calls as unknown as jest.Mock };
}

describe('an operation that takes too long', () => {
  let cluster: Cluster;
  let alice: Person;
  let socket: WireSocket;
  let input: { messageId: string; content: string };

  beforeAll(async () => {
    cluster = await Cluster.start({
      env: { LIMIT_OPERATION_S: '1', LIMIT_OPERATIONS_PER_USER: '2' },
    });
  });
  afterAll(() => cluster.stop());
  beforeEach(async () => {
    const [one, bob] = await people(cluster, 'alice', 'bob');
    alice = one;
    const { id } = await sendBy(alice, (await conversationOf([alice, bob])).id);
    input = { messageId: id, content: 'edited' };
    socket = await WireSocket.init(cluster.node, { token: alice.token! });
    await socket.next();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await socket.close();
  });

  async function overHttp(query: string): Promise<unknown> {
    const { body } = await post(cluster.node, { query, variables: { input } }, bearer(alice.token));
    return body.errors?.[0]?.extensions ?? null;
  }

  let ids = 0;
  async function overSocket(query: string): Promise<unknown> {
    socket.send({ id: String(++ids), type: 'subscribe', payload: { query, variables: { input } } });
    const { type, payload } = await socket.next();
    const errors = type === 'error' ? payload : (payload as { errors?: unknown }).errors;
    if (type === 'next') await socket.next();
    return (errors as { extensions: unknown }[] | undefined)?.[0]?.extensions ?? null;
  }

  test('is UNAVAILABLE on both transports; a mutation’s outcome is UNKNOWN', async () => {
    const { messages, conversations } = cluster.node.services;
    const reads = hold(conversations.reader, 'list');
    expect(await Promise.all([overHttp(LIST), overSocket(LIST)])).toEqual([
      UNAVAILABLE,
      UNAVAILABLE,
    ]);
    reads.release();
    const edits = hold(messages.service, 'edit');
    expect(await Promise.all([overHttp(EDIT), overSocket(EDIT)])).toEqual([UNKNOWN, UNKNOWN]);
    edits.release();
    await eventually(async () => {
      const { body } = await post(
        cluster.node,
        { query: LIST.replace('id', 'lastMessage { content }') },
        bearer(alice.token),
      );
      expect(JSON.stringify(body)).toContain('edited');
    });
  });

  test('keeps its place among those under way until its work has ended', async () => {
    const { release, calls } = hold(cluster.node.services.messages.service, 'edit');
    expect(await Promise.all([overHttp(EDIT), overHttp(EDIT)])).toEqual([UNKNOWN, UNKNOWN]);
    let isAnswered = false;
    const third = overHttp(EDIT).then((extensions) => {
      isAnswered = true;
      return extensions;
    });
    const [bob] = await people(cluster, 'bob');
    for (let requests = 0; requests < 5; requests++)
      expect((await post(cluster.node, { query: ME }, bearer(bob.token))).status).toBe(200);
    expect(isAnswered).toBe(false);
    expect(calls).toHaveBeenCalledTimes(2);
    release();
    expect(await third).toBeNull();
  });

  test('leaves no subscription behind whose start was refused', async () => {
    const { hub } = cluster.node.services.delivery;
    const before = hub.size.seats;
    const { release, calls } = hold(hub, 'subscribe');
    const query = 'subscription { inboxUpdated { lastNotificationSequence } }';
    expect(await overSocket(query)).toEqual(UNAVAILABLE);
    release();
    await Promise.all(calls.mock.results.map(({ value }) => value as Promise<unknown>));
    await eventually(() => expect(hub.size.seats).toBe(before));
    expect(await overSocket(ME)).toBeNull();
  });
});
