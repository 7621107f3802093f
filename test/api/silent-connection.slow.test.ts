import { randomUUID } from 'node:crypto';
import { Client as Postgres } from 'pg';
import { Transactions } from '../../src/database/transaction';
import {
  ConversationDocument,
  MeDocument,
  MessageAddedDocument,
  SendMessageDocument,
} from '../generated/graphql';
import type { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { type NetworkedCluster, startNetworkedCluster } from '../support/networked-cluster';
import type { TcpProxy } from '../support/tcp-proxy';

/** A silent connection is given up after 12 s. */
const TIMEOUT_MS = 60_000;
/** Three statements, of fifty messages each. */
const SENDS = 150;

describe('a connection to the database that went without a word', () => {
  let databaseUrl: string;
  let network: TcpProxy;
  let networked: NetworkedCluster;
  let cluster: Cluster;

  beforeAll(async () => {
    networked = await startNetworkedCluster();
    ({ cluster, network, databaseUrl } = networked);
  });
  afterAll(() => networked.stop());

  test(
    'under the look at who asks fails nobody, and holds up none of those who ask later',
    async () => {
      const [lost, other] = await cluster.persons('lost', 'other');
      await other!.ask(MeDocument, {});
      network.stallNext('{"lost"}');
      const unanswered = lost!.refusal(MeDocument, {});
      await eventually(() => expect(network.standing).toBe(1));
      for (let count = 0; count < 3; count++)
        expect((await other!.ask(MeDocument, {})).me!.id).toBe('other');
      expect(network.standing).toBe(1);
      expect(await unanswered).toBeNull();
      await eventually(() => expect(network.standing).toBe(0));
    },
    TIMEOUT_MS,
  );

  test.each([
    ['the comparison of the heads', 'conversation:'],
    // The size of its page, as a parameter of the statement.
    ['the reading of a gap', '\0\0\0\x03100'],
  ])(
    'under %s keeps no later one from healing a log',
    async (_reading, text) => {
      const [alice, bob] = await cluster.persons(`alice ${text.length}`, `bob ${text.length}`);
      const { id: conversationId } = await conversationOf([alice!, bob!]);
      await sendBy(alice!, conversationId, { content: 'before' });
      const stream = bob!.subscribe(MessageAddedDocument, { conversationId, after: 0 });
      expect((await stream.next()).messageAdded.content).toBe('before');
      network.stallNext(text);
      await sendUnnoticed(conversationId, alice!.id);
      await eventually(() => expect(network.standing).toBe(1));
      expect((await stream.next()).messageAdded.content).toBe('unnoticed');
      expect(network.standing).toBe(1);
      stream.stop();
      await eventually(() => expect(network.standing).toBe(0));
    },
    TIMEOUT_MS,
  );

  /** A message of which the node knows only by the log. */
  async function sendUnnoticed(conversationId: string, senderId: string): Promise<void> {
    const message = { id: randomUUID(), senderId, content: 'unnoticed', attachments: [] };
    const writer = new Postgres(databaseUrl);
    await writer.connect();
    await writer.query('select send_messages($1, $2, $3)', [
      conversationId,
      [],
      JSON.stringify([{ ...message, replyToId: null, clientMessageId: null, inputHash: null }]),
    ]);
    await writer.end();
  }

  test(
    'fails all messages that wait behind it at once, and says that they were not sent',
    async () => {
      const [carol, dave] = await cluster.persons('carol', 'dave');
      const { id: conversationId } = await conversationOf([carol!, dave!]);
      const statement = jest.spyOn(Transactions.prototype, 'statement');
      const isSend = ([sql]: [string, ...unknown[]]) => sql.includes('send_messages');
      network.stallNext(conversationId);
      const send = (content: string) =>
        carol!.request(SendMessageDocument, { input: { conversationId, content } });
      const answers = [send('first')];
      await eventually(() => expect(network.standing).toBe(1));
      for (let count = 1; count < SENDS; count++) answers.push(send(`${count}`));
      const outcomes = (await Promise.all(answers)).map(({ errors }) => errors?.[0]?.extensions);
      expect(outcomes).toEqual([
        { code: 'UNAVAILABLE', retryAfterMs: expect.any(Number), outcome: 'UNKNOWN' },
        ...Array(SENDS - 1).fill({ code: 'UNAVAILABLE', retryAfterMs: expect.any(Number) }),
      ]);
      expect(statement.mock.calls.filter(isSend)).toHaveLength(1);
      statement.mockRestore();
      const { conversation } = await carol!.ask(ConversationDocument, { id: conversationId });
      expect(conversation!.lastSequence).toBe(0);
      await sendBy(carol!, conversationId);
    },
    TIMEOUT_MS,
  );
});
