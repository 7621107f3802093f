import { MessageAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';

/** The race is run this often; a long form by the environment. */
const RACES = Number(process.env.PARLEY_RACES ?? 2);
const SENDERS = 8;
const MESSAGES = 500;
const FIRST = 10;

describe('replay', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  test(
    `after: ${FIRST} while ${SENDERS} senders write ${MESSAGES} messages gives each that follows, in order, once`,
    async () => {
      for (let race = 0; race < RACES; race++) {
        const senders = await cluster.persons(
          ...Array.from({ length: SENDERS }, (_, index) => `r${race}-${index}`),
        );
        const reader = await cluster.person(`r${race}-reader`, cluster.nodes[1]);
        const { id } = await conversationOf([reader, ...senders]);
        let begun = 0;
        let sent = 0;
        const writing = senders.map(async (sender) => {
          while (begun < MESSAGES) {
            begun++;
            await sendBy(sender, id);
            sent++;
          }
        });
        // Several begin at different moments of the writing.
        const streams = [];
        for (const begin of [FIRST, 100, 250, 450]) {
          await eventually(() => expect(sent).toBeGreaterThanOrEqual(begin), 30_000);
          await sendBy(senders[0]!, id);
          streams.push(
            reader.subscribe(MessageAddedDocument, {
              conversationId: id,
              after: Math.min(FIRST, begin),
            }),
          );
        }
        await Promise.all(writing);
        const last = (await sendBy(senders[0]!, id)).sequence;
        for (const stream of streams) {
          await stream.take(last - FIRST, 20_000);
          const sequences = stream.received.map(({ messageAdded }) => messageAdded.sequence);
          expect(sequences).toEqual(
            Array.from({ length: last - FIRST }, (_, index) => FIRST + 1 + index),
          );
        }
        await reader.disconnect();
      }
    },
    (RACES + 1) * 30_000,
  );
});
