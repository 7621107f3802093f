import { Pool } from 'pg';
import {
  AddParticipantDocument,
  ArchiveConversationDocument,
  ConversationsDocument,
  InboxDocument,
  LeaveConversationDocument,
  MarkReadDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';

/** Entries that are not as the tables have it from which they are made. */
const DIFFERENCES = `select coalesce(e.user_id, p.user_id) as user_id
  from list_entries e
  full join (select * from participants where left_at is null) p
    on p.conversation_id = e.conversation_id and p.user_id = e.user_id
  left join conversations c on c.id = p.conversation_id
  where e.user_id is null or p.user_id is null or e.archived <> p.archived
    or e.active_minute <> date_trunc('minute', c.updated_at)
    or (e.settled and not c.entries_settled)
    or (e.settled and exists (select from messages m
      where m.conversation_id = c.id and m.sequence > p.last_read_sequence
        and m.deleted_at is null and m.sender_id is distinct from p.user_id))`;

describe('the list entries of conversations', () => {
  let cluster: Cluster;
  let database: Pool;
  let named = 0;

  beforeAll(async () => {
    // Pages of 100 by the documents for clients are over the limit of cost.
    cluster = await Cluster.start({ env: { LIMIT_COST: '6000' } });
    database = new Pool({ connectionString: cluster.databaseUrl });
  });
  afterEach(async () => {
    expect((await database.query(DIFFERENCES)).rows).toEqual([]);
  });
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  const persons = (...names: string[]) => {
    named++;
    return cluster.persons(...names.map((name) => `${name}-${named}`));
  };
  const unreadOf = async (person: Person) =>
    (await person.ask(InboxDocument, {})).inbox.unreadConversationCount;
  const pass = (minutes: number, id: string) =>
    database.query(
      `update conversations set updated_at = updated_at - $2 * interval '1 minute' where id = $1`,
      [id, minutes],
    );
  const settledOf = async (person: Person) =>
    (
      await database.query<{ settled: boolean }>(
        'select settled from list_entries where user_id = $1',
        [person.id],
      )
    ).rows.map(({ settled }) => settled);

  async function listed(person: Person, archived: boolean, first: number): Promise<string[]> {
    const ids: string[] = [];
    for (let after: string | null = null; ; ) {
      const { conversations }: { conversations: Conversations } = await person.ask(
        ConversationsDocument,
        { archived, first, after },
      );
      ids.push(...conversations.nodes.map(({ id }) => id));
      if (!conversations.pageInfo.hasNextPage) return ids;
      after = conversations.pageInfo.endCursor!;
    }
  }

  test('give every page of a list in its order, also of conversations of the same moment', async () => {
    const [alice, bob] = await persons('alice', 'bob');
    for (let count = 0; count < 40; count++) await conversationOf([alice!, bob!]);
    // A few minutes for all of them, in each of which some have the same time.
    await database.query(
      `update conversations set updated_at = date_trunc('minute', now())
         - (('x' || substr(md5(id::text), 1, 4))::bit(16)::integer % 4) * interval '1 minute'
         + (('x' || substr(md5(id::text), 5, 4))::bit(16)::integer % 5) * interval '11 seconds'
       where id in (select conversation_id from participants where user_id = $1)`,
      [alice!.id],
    );
    await database.query(
      'update participants set archived = get_byte(uuid_send(conversation_id), 15) < 60 where user_id = $1',
      [alice!.id],
    );
    for (const archived of [false, true]) {
      const { rows } = await database.query<{ id: string }>(
        `select c.id from participants p join conversations c on c.id = p.conversation_id
         where p.user_id = $1 and p.archived = $2 order by c.updated_at desc, c.id desc`,
        [alice!.id, archived],
      );
      for (const first of [1, 3, 7, 100])
        expect(await listed(alice!, archived, first)).toEqual(rows.map(({ id }) => id));
    }
  });

  test('come and go with participants, and are archived with them', async () => {
    const [alice, bob, carol] = await persons('alice', 'bob', 'carol');
    const { id: conversationId } = await conversationOf([alice!, bob!, carol!]);
    const archive = (archived: boolean) =>
      carol!.ask(ArchiveConversationDocument, { input: { conversationId, archived } });
    await archive(true);
    expect(await listed(carol!, true, 20)).toEqual([conversationId]);
    await sendBy(alice!, conversationId);
    expect(await listed(carol!, true, 20)).toEqual([]);
    expect(await listed(carol!, false, 20)).toEqual([conversationId]);
    await carol!.ask(LeaveConversationDocument, { input: { conversationId } });
    expect(await listed(carol!, false, 20)).toEqual([]);
    const input = { conversationId, userId: carol!.id };
    await alice!.ask(AddParticipantDocument, { input });
    expect(await listed(carol!, false, 20)).toEqual([conversationId]);
  });

  test('are settled after a count that found them read, and count again with the next message', async () => {
    const [alice, bob] = await persons('alice', 'bob');
    const all = [];
    for (let count = 0; count < 25; count++) {
      const { id: conversationId } = await conversationOf([alice!, bob!]);
      const { sequence } = await sendBy(alice!, conversationId);
      all.push({ conversationId, sequence });
    }
    expect(await unreadOf(bob!)).toBe(25);
    // A further message of the same minute is noticed as well.
    for (const input of all.slice(1)) await bob!.ask(MarkReadDocument, { input });
    expect(await unreadOf(bob!)).toBe(1);
    await eventually(async () => {
      const settled = (await settledOf(bob!)).filter((one) => one);
      expect(settled.length).toBeGreaterThanOrEqual(20);
    });
    expect(await unreadOf(bob!)).toBe(1);
    await sendBy(alice!, all[1]!.conversationId);
    expect(await unreadOf(bob!)).toBe(2);
    await sendBy(alice!, all[1]!.conversationId);
    await bob!.ask(MarkReadDocument, { input: { ...all[1]!, sequence: 3 } });
    expect(await unreadOf(bob!)).toBe(1);
  });

  test('that stand for something unread stay unsettled, whatever is settled', async () => {
    const [alice, bob] = await persons('alice', 'bob');
    const { id: conversationId } = await conversationOf([alice!, bob!]);
    await sendBy(alice!, conversationId);
    await database.query('select settle_list_entries($1, 100)', [bob!.id]);
    expect(await settledOf(bob!)).toEqual([false]);
    const input = { conversationId, sequence: 1 };
    await bob!.ask(MarkReadDocument, { input });
    await database.query('select settle_list_entries($1, 100)', [bob!.id]);
    expect(await settledOf(bob!)).toEqual([true]);
    await sendBy(alice!, conversationId);
    expect(await settledOf(bob!)).toEqual([false]);
  });

  test('are moved by messages beside readers who archive, without a deadlock', async () => {
    const group = await persons('alice', 'bob', 'carol', 'dave');
    const { id: conversationId } = await conversationOf(group);
    for (let round = 0; round < 10; round++) {
      await pass(2, conversationId);
      await Promise.all(
        group.flatMap((person, index) => [
          sendBy(person, conversationId),
          person.ask(MarkReadDocument, { input: { conversationId, sequence: round * 4 + index } }),
          person.ask(ArchiveConversationDocument, {
            input: { conversationId, archived: (round + index) % 2 === 0 },
          }),
        ]),
      );
    }
    const { rows } = await database.query(
      'select deadlocks from pg_stat_database where datname = current_database()',
    );
    expect(Number(rows[0].deadlocks)).toBe(0);
  });
});

interface Conversations {
  nodes: { id: string }[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
}
