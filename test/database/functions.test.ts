import { Client } from 'pg';
import { connectDatabase, migrate } from '../../src/database/data-source';
import { createLogger } from '../../src/logger';
import { createDatabase, dropDatabase } from '../support/services';

describe('the functions of the database', () => {
  let url: string;
  let session: Client;

  beforeAll(async () => {
    url = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
    const dataSource = await connectDatabase({
      url,
      poolSize: 2,
      entities: [],
      logger: createLogger('silent'),
    });
    await migrate(dataSource);
    // Undone and made again, they are the same.
    await dataSource.undoLastMigration();
    await migrate(dataSource);
    await dataSource.destroy();
    session = new Client(url);
    await session.connect();
  });
  afterAll(async () => {
    await session.end();
    await dropDatabase(url);
  });

  /** The arguments of the function that Postgres takes for this call, which a view keeps. */
  async function takenBy(call: string): Promise<string> {
    await session.query(`create temporary view taken as select * from ${call}`);
    const { rows } = await session.query(
      `select distinct pg_get_function_identity_arguments(d.refobjid) as arguments
       from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = r.oid
         and d.refclassid = 'pg_proc'::regclass
       where r.ev_class = 'taken'::regclass`,
    );
    await session.query('drop view taken');
    expect(rows).toHaveLength(1);
    return rows[0].arguments;
  }

  test('messages are sent by the one of three arguments, and nodes of before find the one of four', async () => {
    const plain = 'p_conversation_id uuid, p_viewing text[], p_sends jsonb';
    expect(await takenBy("send_messages(null, '{}', '[]')")).toBe(plain);
    expect(await takenBy("send_messages(null::uuid, '{}'::text[], '[]'::jsonb)")).toBe(plain);
    expect(await takenBy("send_messages(null, '{}', '[]', false)")).toBe(
      `${plain}, p_is_complete boolean`,
    );
  });
});
