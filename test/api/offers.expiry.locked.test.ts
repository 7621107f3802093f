import { Client } from 'pg';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy } from '../support/factories';
import { accountOf, letExpire } from './offers.account';
import { people } from './people';

/** More than are worked on at the same time. */
const MANY = 6;

describe('conversations that somebody keeps locked', () => {
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

  /** The statements that wait for a lock: by whom and since when. */
  async function waiting(): Promise<unknown[]> {
    const { rows } = await database.query(
      `select pid, query_start::text as since from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock' order by pid`,
    );
    expect(rows.length).toBeGreaterThan(0);
    return rows;
  }

  test.each([1, MANY])(
    'hold up the expiry of no other conversation’s offers, be they %i',
    async (count) => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const other = await conversationOf([alice, carol]);
      const locked: string[] = [];
      const held: string[] = [];
      for (let index = 0; index < count; index++) {
        locked.push((await conversationOf([alice, bob])).id);
        held.push((await offerBy(alice, locked[index]!)).id);
      }
      await holder.query('begin');
      await holder.query('select from conversations where id = any($1) for update', [locked]);
      await letExpire(database, held, 0);

      // More than once, because a wait may be over just then: each lasts for the lock's timeout.
      await eventually(async () => {
        const before = await eventually(waiting);
        const { id } = await offerBy(alice, other.id);
        await letExpire(database, [id], 0);
        await eventually(async () => expect(await statusOf(id)).toBe('EXPIRED'));
        expect(await waiting()).toEqual(before);
      }, 45_000);

      for (const id of held) expect(await statusOf(id)).toBe('PENDING');
      await holder.query('commit');
      for (const id of held) {
        await eventually(async () => expect(await statusOf(id)).toBe('EXPIRED'));
        expect((await accountOf(database, id)).history).toHaveLength(2);
      }
    },
    90_000,
  );
});
