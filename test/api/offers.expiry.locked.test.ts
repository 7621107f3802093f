import { Client } from 'pg';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy } from '../support/factories';
import { accountOf, letExpire } from './offers.account';
import { people } from './people';

describe('a conversation that somebody keeps locked', () => {
  let cluster: Cluster;
  let database: Client;
  let holder: Client;

  beforeAll(async () => {
    cluster = await Cluster.start();
    [database, holder] = [new Client(cluster.databaseUrl), new Client(cluster.databaseUrl)];
    await Promise.all([database.connect(), holder.connect()]);
  });
  afterAll(async () => {
    await Promise.all([database.end(), holder.end()]);
    await cluster.stop();
  });

  const statusOf = async (offerId: string) => (await accountOf(database, offerId)).status;

  /** The one statement that waits for a lock: by whom and since when. */
  async function waiting(): Promise<unknown> {
    const { rows } = await database.query(
      `select pid, query_start::text as since from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    );
    expect(rows).toHaveLength(1);
    return rows[0];
  }

  test('holds up the expiry of no other conversation’s offers', async () => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const [locked, other] = [await conversationOf([alice, bob]), await conversationOf([alice, carol])];
    const held = await offerBy(alice, locked.id);
    await holder.query('begin');
    await holder.query('select from conversations where id = $1 for update', [locked.id]);
    await letExpire(database, [held.id], 0);

    // More than once, because a wait may be over just then: each lasts for the lock's timeout.
    await eventually(async () => {
      const before = await eventually(waiting);
      const { id } = await offerBy(alice, other.id);
      await letExpire(database, [id], 0);
      await eventually(async () => expect(await statusOf(id)).toBe('EXPIRED'));
      expect(await waiting()).toEqual(before);
    }, 20_000);

    expect(await statusOf(held.id)).toBe('PENDING');
    await holder.query('commit');
    await eventually(async () => expect(await statusOf(held.id)).toBe('EXPIRED'));
    expect((await accountOf(database, held.id)).history).toHaveLength(2);
  }, 60_000);
});
