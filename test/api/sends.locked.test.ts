import { Client as Postgres } from 'pg';
import { SendMessageDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';

describe('a conversation that other work keeps locked', () => {
  let cluster: Cluster;
  let operator: Postgres;

  beforeAll(async () => {
    cluster = await Cluster.start();
    operator = new Postgres(cluster.databaseUrl);
    await operator.connect();
  });
  afterAll(async () => {
    await operator.end();
    await cluster.stop();
  });

  test('refuses the message that waited for it in vain, and not those that come after it', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id: conversationId } = await conversationOf([alice!, bob!]);
    const send = (content: string) =>
      alice!.request(SendMessageDocument, { input: { conversationId, content } });
    await operator.query('begin');
    await operator.query('select from conversations where id = $1 for update', [conversationId]);
    const first = send('first');
    const observer = new Postgres(cluster.databaseUrl);
    await observer.connect();
    await eventually(async () => {
      const { rowCount } = await observer.query(
        `select from pg_stat_activity where datname = current_database()
          and wait_event_type = 'Lock'`,
      );
      expect(rowCount).toBe(1);
    });
    await observer.end();
    const later = [send('second'), send('third')];
    expect((await first).errors?.[0]?.extensions).toEqual({
      code: 'UNAVAILABLE',
      retryAfterMs: expect.any(Number),
    });
    await operator.query('rollback');
    const sent = (await Promise.all(later)).map(({ data }) => data?.sendMessage.message);
    expect(sent.map((message) => message?.sequence).sort()).toEqual([1, 2]);
  });
});
