import { MarkReadDocument, MessagesReadDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { inForce } from './blocking';
import { people } from './people';

const MESSAGES = 60;
const ROUNDS = 2;

describe('receipts of somebody who reads on two devices at two nodes', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  const read = (reader: Person, conversationId: string, sequence: number) =>
    reader.ask(MarkReadDocument, { input: { conversationId, sequence } });

  test('go forward only, however close the devices follow each other', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const devices = [bob, cluster.device(bob, cluster.nodes[1])];
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await conversationOf([alice, bob]);
      const streams = [alice, cluster.device(alice, cluster.nodes[1])].flatMap((watcher) => [
        watcher.subscribe(MessagesReadDocument, { conversationId: id }),
        watcher.subscribe(MessagesReadDocument, {}),
      ]);
      await inForce(streams, () => sendBy(alice, id));
      const messages = [];
      for (let index = 0; index < MESSAGES; index++) messages.push(await sendBy(alice, id));
      await Promise.all(
        messages.map(({ sequence }, index) => read(devices[index % 2]!, id, sequence)),
      );
      const last = messages.at(-1)!.sequence;
      for (const stream of streams) {
        await stream.find(
          ({ messagesRead }) =>
            messagesRead.user.id === bob.id && messagesRead.lastReadSequence === last,
        );
        const marks = stream.received
          .map(({ messagesRead }) => messagesRead)
          .filter(({ user, conversationId }) => user.id === bob.id && conversationId === id)
          .map(({ lastReadSequence }) => lastReadSequence);
        expect(marks).toEqual([...new Set(marks)].sort((one, other) => one - other));
        stream.stop();
      }
    }
  });
});
