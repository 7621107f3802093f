import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import { WireSocket } from './wire';

const SEND = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { message { sequence } }
}`;

describe('an operation that begins in the same turn in which its client ends one', () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  test.each(['other', 'the same'])('is answered under %s id', async (which) => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id: conversationId } = await conversationOf([alice!, bob!]);
    const socket = await WireSocket.init(cluster.node, { token: alice!.token });
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
    const subscribe = (id: string, content: string) => ({
      type: 'subscribe',
      id,
      payload: { query: SEND, variables: { input: { conversationId, content } } },
    });
    let id = '0';
    socket.send(subscribe(id, 'first'));
    for (let sequence = 1; sequence <= 20; sequence++) {
      expect(await socket.next()).toMatchObject({
        id,
        payload: { data: { sendMessage: { message: { sequence } } } },
      });
      const ended = id;
      if (which === 'other') id = String(sequence);
      socket.sendTogether([{ type: 'complete', id: ended }, subscribe(id, `after ${sequence}`)]);
      const frame = await socket.next();
      // The server's own `complete` may have been on its way.
      if (frame.type !== 'complete') socket.putBack(frame);
    }
    socket.terminate();
  });
});
