import { Client } from 'pg';
import {
  ConversationsDocument,
  MessagesDocument,
  NotificationsDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';

const TURNS = 30;
const TABLES = [
  'blocks',
  'conversations',
  'conversation_events',
  'inboxes',
  'list_entries',
  'messages',
  'notifications',
  'offers',
  'participants',
  'users',
];

/** The tables of a new installation are small when its sessions plan their statements. */
describe('in a new installation', () => {
  let cluster: Cluster;
  let client: Client;

  beforeAll(async () => {
    cluster = await Cluster.start();
    client = new Client({ connectionString: cluster.databaseUrl });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await cluster.stop();
  });

  /** The scans of whole tables and of indexes. Sessions report them some time after each one. */
  async function scans() {
    const { rows } = await client.query<{ table: string; whole: number; index: number }>(
      `select relname as table, seq_scan::int as whole, coalesce(idx_scan, 0)::int as index
       from pg_stat_user_tables where relname = any($1) order by 1`,
      [TABLES],
    );
    expect(rows).toHaveLength(TABLES.length);
    return rows;
  }

  async function use(alice: Person, bob: Person, conversationId: string): Promise<void> {
    await sendBy(alice, conversationId);
    await offerBy(bob, conversationId).catch(() => null);
    await bob.ask(ConversationsDocument, {});
    await bob.ask(MessagesDocument, { id: conversationId });
    await bob.ask(NotificationsDocument, {});
  }

  test('no request reads a whole table', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    await use(alice!, bob!, id);
    const before = await scans();
    for (let turn = 0; turn < TURNS; turn++) await use(alice!, bob!, id);
    await eventually(async () => {
      const indexed = (await scans()).find(({ table }) => table === 'messages')!;
      expect(indexed.index).toBeGreaterThanOrEqual(TURNS);
    });
    const whole = (all: typeof before) => all.map((one) => [one.table, one.whole]);
    expect(whole(await scans())).toEqual(whole(before));
  });
});
