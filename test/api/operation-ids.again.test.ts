import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { WireSocket } from './wire';

const FOLLOW = 'subscription { conversationUpdated { conversationId } }';
const ASK = '{ me { id } }';

describe('an id of an operation', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let socket: WireSocket;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  beforeEach(async () => {
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
    socket = await WireSocket.init(cluster.node, { token: alice.token });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
  });
  afterEach(() => socket.terminate());

  const begin = (query: string, id = 'again') => ({ type: 'subscribe', id, payload: { query } });
  const complete = { type: 'complete', id: 'again' };

  async function expectAnswer(id: string): Promise<void> {
    const data = { me: { id: alice.id } };
    expect(await socket.next()).toEqual({ type: 'next', id, payload: { data } });
    expect(await socket.next()).toEqual({ type: 'complete', id });
  }

  test.each([FOLLOW, ASK])('is free however often it was completed: %s', async (query) => {
    for (let round = 0; round < 10; round++) {
      const often = Array.from({ length: 30 }, () => [begin(query), complete]).flat();
      socket.sendTogether([...often, begin(ASK, 'other')]);
      await expectAnswer('other');
    }
    // None of them goes on.
    await conversationOf([alice, bob]);
    socket.send(begin(ASK));
    await expectAnswer('again');
  });

  test('is in use by what began while the one before was ending', async () => {
    socket.sendTogether([begin(FOLLOW), complete, begin(FOLLOW)]);
    socket.send(begin(ASK, 'other'));
    await expectAnswer('other');
    socket.send(begin(FOLLOW));
    expect((await socket.closed).code).toBe(4409);
  });
});
