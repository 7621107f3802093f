import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { connectDatabase, migrate, queryableOf } from '../../src/database/data-source';
import { createLogger } from '../../src/logger';
import { createDatabase } from '../support/services';

const MIGRATIONS = join(__dirname, '../../src/database/migrations');

/**
 * A file of SQL is what its migration did to databases that exist: it never changes. A function that
 * changes gets a new file in a new migration, and a line here.
 */
const HASHES: Record<string, string> = {
  '1-initial.sql': 'adae1415b6359e292710304f2f072aefefa2124b4e49bc8bf9ff4d7ee22ba725',
  '2-functions/append_event.sql':
    'a9cf1d8d2fb02411e91071158a041ae987e0ed63da49e66847203764fc41a67f',
  '2-functions/expire_offer.sql':
    '6d469c9d63afc4c70435c632add3f9c04e5c8d73ed7b60af278f0f6d637d90cf',
  '2-functions/is_blocked.sql': '11b296009fd53354a854a6ab37b05aa5331cad8557ab976ecd0326968b4ea186',
  '2-functions/mark_read.sql': '323a85d9902be0e543f82283dd2942b62ec2467faf11a5ad238f51d03b3dfb9e',
  '2-functions/notify.sql': '6a1c06e6c7276d89ee980754b274a1da2c322145e3e7df5bf1fd2c6f3514c1bc',
  '2-functions/notify_late.sql': 'dc769a8663a62475a906f1b6f2fb998588b688a81984eb4a357ddc92cdfde844',
  '2-functions/read_in_leaving.sql':
    'f1fdf60f3905ba7b85fe91f6a49e278a4a8f63af1e70f594316d6ec0b20929a0',
  '2-functions/read_new_messages.sql':
    '90f73d4dfbca4eb84866c6fd6bc3a0ce787aa6d06129c1e0eb8c534bc624450b',
  '2-functions/record_offer.sql':
    '9557506b08b6a53f610baf5c4ac01c8b899161278d91fc372e379766e596f07e',
  '2-functions/send_messages.sql':
    '74f64b47cd6e42bd568ff65ca37304449b80613191a453a35ef2ed5c080235ed',
  '2-functions/time_ordered_id.sql':
    '1aa0e7d67ec5542511279e56bcaf047ee4c738120b3178cc6c1a50bf6c4cb6e5',
  '3-functions/append_event.sql':
    '2be3d9edcd0ed4e5253f1be6d9273f4155336ea163b02cc998a42cbc97dce616',
  '3-functions/created_sequence.sql':
    'a8d7f8831b570d50773a809a9b2d0d40c056e64bf32c52be71a6a108a3891007',
  '3-functions/end_participation.sql':
    'fea642bb8057542f5701669b60a4fc6042971d143aebfa84454d5284df9e1d9d',
  '3-functions/forget_viewing.sql':
    'f980f6e1c4612e212139feae0dd7f1054c4d0182ca6d4f1a294670aa8b10403d',
  '3-functions/mark_notifications_read.sql':
    '4d5bb4192623c310272779a5e997fbdc48e43d7ff1f9dd6e053a3c4ba797ea27',
  '3-functions/may_write.sql': 'c3fee12e424de9a61a85a8b10d3626933403ed7ab92503e46f40ccde69447c37',
  '3-functions/notify_late.sql': '9b351f6dd950de4036900d0081b2ed63e03e02364e147f3069500c0363fede2e',
  '3-functions/notify_user.sql': 'f53455776cbbef35b055ad8e6b0bb26a6643ebcb3960db20ae6b9235c0431cc9',
  '3-functions/offers_pending_of_conversation.sql':
    '7c3ae05d39a8b322f78ec4a8496260e656feae7099f5ecf60a38325ecc693281',
  '3-functions/send_messages.sql':
    'a47f5805cb4008f0ff93b3851f6069c2b811147c652c00368ace9ea44bc24c14',
  '3-functions/send_messages_of_before.sql':
    '11f5739cecac04984e0679c6c272f1f8fe80fee4d9d60b814cc47feaf7d7f221',
  '3-functions/settled_for.sql': '2ed752e3655fa27f553effb4fbf100700c9daab654b8bfdbf86364e9e71aae38',
  '4-plans/fill.sql': 'a9517887cc0f28c0e7a28b858cfa9eec77d6baccc22c2f4ed8430234c59d9fe2',
  '4-plans/indexes.sql': '13cb0c50fe7566188e4f1deeca34ddd0268de7513a963ce1156224d0a3805411',
  '4-plans/keep_list_entry.sql': '5418c18e02527b309e69cb5187096dd236f7feaeec791f0888117382dd1452ee',
  '4-plans/list_entries.sql': '03fcf11899e163a3fea7bab82c7d8b55931c6407cea61724ccff6bce67c2080b',
  '4-plans/move_list_entries.sql':
    '3a9c3e9dc4bf0f5c9882298de00f720b7b6a4380c1d9773ac3dd830d2a674fca',
  '4-plans/settle_list_entries.sql':
    'fb9acd914bbfe64789cbcfb3947821c03338303d92240029fe89b475a7847830',
  '5-timeline.sql': 'd28f21d2b3af9559140ad5c7142785e7b7145ce941ed5681a24d60033c1826a9',
  '6-revocation.sql': 'fc86ac7cfb8fc28669398f58f478ab0acb22389eac6e03aca06f28c7988e64b7',
  '7-muting/notify_late.sql': '5651196573b6ae78c51a9da851b362bdf320e30ebd1ececc3d960f0cae33f242',
  '8-deduplication.sql': '9dbce4a0493b53d67653b9b1e043861275a06fd759453678ee704639cd290620',
};

interface FunctionText {
  name: string;
  text: string;
}

async function functionsOf(dataSource: DataSource): Promise<FunctionText[]> {
  const rows = await queryableOf(dataSource).query<FunctionText>(
    `select p.oid::regprocedure::text as name, pg_get_functiondef(p.oid) as text
     from pg_proc p where p.pronamespace = 'public'::regnamespace order by 1`,
    [],
  );
  // Comments and white space may differ: a function does the same with others.
  const plain = (text: string) => text.replace(/--.*$/gm, '').replace(/\s+/g, ' ');
  return rows.map(({ name, text }) => ({ name, text: plain(text) }));
}

describe('migrations', () => {
  const opened: DataSource[] = [];

  async function open(url: string): Promise<DataSource> {
    const dataSource = await connectDatabase({
      url,
      poolSize: 2,
      entities: [],
      logger: createLogger('silent'),
    });
    opened.push(dataSource);
    return dataSource;
  }

  afterAll(async () => {
    for (const dataSource of opened) await dataSource.destroy();
  });

  test('keep every file of SQL as it was when it came', () => {
    const files = readdirSync(MIGRATIONS, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.sql'));
    const hashes = files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(MIGRATIONS, file)))
        .digest('hex'),
    ]);
    expect(Object.fromEntries(hashes)).toEqual(HASHES);
  });

  test('bring a database of before the files of SQL to where a new one is', async () => {
    const earlier = await open(await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!));
    await earlier.query(readFileSync(join(__dirname, 'earlier/migrations-in-code.sql'), 'utf8'));
    await migrate(earlier);
    const fresh = await open(await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!));
    await migrate(fresh);
    expect(await functionsOf(earlier)).toEqual(await functionsOf(fresh));
    const [message] = await queryableOf(earlier).query(
      'select content, sequence from messages',
      [],
    );
    expect(message).toEqual({ content: 'Hello', sequence: 1 });
    const present = 'select conversation_id, user_id from participants where left_at is null';
    const listed = 'select conversation_id, user_id from list_entries';
    const difference = await queryableOf(earlier).query(
      `(${present} except ${listed}) union all (${listed} except ${present})`,
    );
    expect(difference).toEqual([]);
  });

  test('take as long as they need, and no other session does', async () => {
    const dataSource = await open(await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!));
    const limit = async (from: Pick<DataSource, 'query'>) =>
      (await from.query('show statement_timeout'))[0].statement_timeout;
    const last = dataSource.migrations.at(-1)!;
    const { up } = last;
    let limitOfMigration: string | undefined;
    jest.spyOn(last, 'up').mockImplementation(async (runner) => {
      await up.call(last, runner);
      limitOfMigration = await limit(runner);
    });
    await migrate(dataSource);
    expect(limitOfMigration).toBe('0');
    // More at once than sessions are left: each is asked.
    expect(await Promise.all([1, 2, 3].map(() => limit(dataSource)))).toEqual([
      '10s',
      '10s',
      '10s',
    ]);
  });
});
