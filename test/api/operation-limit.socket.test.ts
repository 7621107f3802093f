import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';
import { type Frame, WireSocket } from './wire';

const LIMIT = 3;
const EDIT =
  'mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id } } }';
const ME = '{ me { id } }';
/** Refused as such only where it is parsed. */
const NO_DOCUMENT = '{';

describe('operations of one socket at the same time', () => {
  let cluster: Cluster;
  let alice: Person;
  let messageId: string;

  beforeAll(async () => {
    cluster = await Cluster.start({
      env: { LIMIT_OPERATIONS_PER_SOCKET: String(LIMIT), LIMIT_OPERATIONS_PER_USER: '2' },
    });
    const [one, bob] = await people(cluster, 'alice', 'bob');
    alice = one;
    messageId = (await sendBy(alice, (await conversationOf([alice, bob])).id)).id;
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  async function socketOf(payload: Record<string, unknown>): Promise<WireSocket> {
    const socket = await WireSocket.init(cluster.node, payload);
    await socket.next();
    return socket;
  }

  /** Holds every edit until `release`. */
  function hold() {
    const { service } = cluster.node.services.messages;
    const original = service.edit.bind(service);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const calls = jest.spyOn(service, 'edit').mockImplementation(async (...args) => {
      await released;
      return original(...args);
    });
    return { release, begun: () => eventually(() => expect(calls).toHaveBeenCalledTimes(2)) };
  }

  const subscribe = (id: string, query: string): Frame => ({
    id,
    type: 'subscribe',
    payload: { query, variables: { input: { messageId, content: 'edited' } } },
  });
  const refusalOf = (id: string) => ({
    id,
    type: 'error',
    payload: [
      expect.objectContaining({ extensions: { code: 'RATE_LIMITED', retryAfterMs: 1_000 } }),
    ],
  });

  test('the next one is RATE_LIMITED, and is not parsed', async () => {
    const socket = await socketOf({ token: alice.token! });
    const { release, begun } = hold();
    for (let id = 1; id <= LIMIT; id++) socket.send(subscribe(`edit ${id}`, EDIT));
    await begun();
    for (const query of [ME, EDIT, NO_DOCUMENT]) {
      socket.send(subscribe('more', query));
      expect(await socket.next()).toEqual(refusalOf('more'));
    }
    const other = await socketOf({ token: alice.token! });
    other.send(subscribe('parsed', NO_DOCUMENT));
    expect(await other.next()).toMatchObject({
      payload: [{ extensions: { code: 'GRAPHQL_PARSE_FAILED' } }],
    });
    release();
    for (let frames = 0; frames < 2 * LIMIT; frames++) await socket.next();
    socket.send(subscribe('me', ME));
    expect(await socket.next()).toMatchObject({ type: 'next' });
    await socket.close();
    await other.close();
  });

  test('one that its client completes counts until its work has ended', async () => {
    const socket = await socketOf({ token: alice.token! });
    const { release, begun } = hold();
    for (let id = 1; id <= LIMIT; id++) {
      socket.send(subscribe(`edit ${id}`, EDIT));
      socket.send({ id: `edit ${id}`, type: 'complete' });
    }
    await begun();
    socket.send(subscribe('more', ME));
    expect(await socket.next()).toEqual(refusalOf('more'));
    release();
    await eventually(async () => {
      socket.send(subscribe('again', ME));
      expect(await socket.next()).toMatchObject({ type: 'next' });
      expect(await socket.next()).toMatchObject({ type: 'complete' });
    });
    await socket.close();
  });

  test('refused ones and running subscriptions do not count', async () => {
    const socket = await socketOf({ token: alice.token! });
    const typing = 'subscription { inboxUpdated { lastNotificationSequence } }';
    for (let id = 1; id <= 2 * LIMIT; id++) {
      socket.send(subscribe(`refused ${id}`, NO_DOCUMENT));
      expect(await socket.next()).toMatchObject({ type: 'error' });
      socket.send(subscribe(`running ${id}`, typing));
      await eventually(async () => {
        socket.send(subscribe(`me ${id}`, ME));
        expect(await socket.next()).toMatchObject({ type: 'next', id: `me ${id}` });
        await socket.next();
      });
    }
    await socket.close();
  });

  test('the platform in its own name has more', async () => {
    const service = cluster.service();
    const socket = await socketOf({ token: service.token! });
    for (let id = 1; id <= 20 * LIMIT; id++) socket.send(subscribe(`${id}`, '{ __typename }'));
    for (let frames = 0; frames < 40 * LIMIT; frames++)
      expect((await socket.next()).type).not.toBe('error');
    await socket.close();
  });
});
