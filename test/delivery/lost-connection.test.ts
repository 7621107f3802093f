import { randomUUID } from 'node:crypto';
import { Client as Postgres } from 'pg';
import { MessageAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';

const SUBSCRIBERS = 20;

describe('a connection to the database that is lost', () => {
  let cluster: Cluster;
  let operator: Postgres;
  let writer: Postgres;

  beforeAll(async () => {
    cluster = await Cluster.start();
    operator = new Postgres(cluster.databaseUrl);
    writer = new Postgres(cluster.databaseUrl);
    await Promise.all([operator.connect(), writer.connect()]);
  });
  afterAll(async () => {
    await Promise.all([operator.end(), writer.end()]);
    await cluster.stop();
  });

  /** Ends the sessions whose reads of the table wait for the lock that is held meanwhile. */
  async function loseReadsOf(table: string): Promise<void> {
    await eventually(async () => {
      const { rowCount } = await operator.query(
        'select pg_terminate_backend(pid) from pg_locks where relation = $1::regclass and not granted',
        [table],
      );
      expect(rowCount).toBeGreaterThan(0);
    });
    await operator.query('rollback');
  }

  test('ends none of the subscriptions whose event it was to show', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id: conversationId } = await conversationOf([alice!, bob!]);
    await sendBy(alice!, conversationId, { content: 'before' });
    const streams = Array.from({ length: SUBSCRIBERS }, () =>
      cluster.device(bob!).subscribe(MessageAddedDocument, { conversationId, after: 0 }),
    );
    for (const stream of streams) expect((await stream.next()).messageAdded.content).toBe('before');
    // A message of which the node knows only by the log, so that it has to read the row.
    const message = { id: randomUUID(), senderId: 'alice', content: 'unnoticed', attachments: [] };
    await writer.query('begin');
    await writer.query('select send_messages($1, $2, $3)', [
      conversationId,
      ['bob'],
      JSON.stringify([{ ...message, replyToId: null, clientMessageId: null, inputHash: null }]),
    ]);
    await operator.query('begin');
    // Waits for the writer's commit, and is served before any reader.
    const locked = operator.query('lock table messages in access exclusive mode');
    await writer.query('commit');
    await locked;
    await loseReadsOf('messages');
    for (const stream of streams)
      expect((await stream.next()).messageAdded.content).toBe('unnoticed');
  });

  test('ends none of the subscriptions that wait for one page of a replay', async () => {
    const [carol, dave] = await cluster.persons('carol', 'dave');
    const { id: conversationId } = await conversationOf([carol!, dave!]);
    await sendBy(carol!, conversationId, { content: 'missed' });
    await operator.query('begin; lock table conversation_events in access exclusive mode');
    const streams = Array.from({ length: SUBSCRIBERS }, () =>
      cluster.device(dave!).subscribe(MessageAddedDocument, { conversationId, after: 0 }),
    );
    await loseReadsOf('conversation_events');
    for (const stream of streams) expect((await stream.next()).messageAdded.content).toBe('missed');
  });
});
