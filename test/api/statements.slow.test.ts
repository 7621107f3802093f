import { Client } from 'pg';
import {
  ConversationsDocument,
  MeDocument,
  MessageAddedDocument,
  UserPresenceDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';

const TRIES = 5;

/** The look for offers that have expired: a node takes it several times while a long request runs. */
const isLook = ([statement]: unknown[]) =>
  (statement as { text?: string }).text?.includes('expires_at <=') ?? false;

/**
 * Statements that one request sends to the database, counted at the driver. What else the node does by itself meanwhile
 * only adds to it: the least of several counts is the request's own.
 */
async function statementsOf(request: () => Promise<unknown>): Promise<number> {
  const counts: number[] = [];
  while (counts.length < TRIES) {
    const query = jest.spyOn(Client.prototype, 'query');
    try {
      await request();
      counts.push(query.mock.calls.filter((call) => !isLook(call)).length);
    } finally {
      query.mockRestore();
    }
  }
  return Math.min(...counts);
}

describe('the cost of lists', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    // Pages of 100 by the documents for clients are over the limit of cost.
    cluster = await Cluster.start({ env: { LIMIT_COST: '6000' } });
  });
  afterAll(() => cluster.stop());

  /** Somebody with so many conversations, a message in each, all of them open on the other side. */
  async function busyPerson(name: string, conversations: number): Promise<Person> {
    const person = await cluster.person(name);
    const others = await cluster.persons(
      ...Array.from({ length: conversations }, (_, index) => `${name}-${index}`),
    );
    await Promise.all(
      others.map(async (other) => {
        const { id } = await conversationOf([person, other]);
        await sendBy(other, id);
        other.subscribe(MessageAddedDocument, { conversationId: id });
      }),
    );
    await eventually(async () => {
      const { conversations: page } = await person.ask(ConversationsDocument, { first: 100 });
      expect(page.nodes.filter((node) => node.viewers.length === 1)).toHaveLength(conversations);
    });
    return person;
  }

  test('the list of conversations costs the same number of statements for 5 and for 100', async () => {
    const few = await busyPerson('few', 5);
    const many = await busyPerson('many', 100);
    const list = (person: Person) => async () => {
      const { conversations } = await person.ask(ConversationsDocument, { first: 100 });
      for (const node of conversations.nodes) {
        expect(node).toMatchObject({
          unreadCount: 1,
          lastMessage: { sender: { id: node.viewers[0]!.id } },
        });
        expect(node.participants).toHaveLength(2);
      }
      return conversations;
    };
    const forFew = await statementsOf(list(few));
    const forMany = await statementsOf(list(many));
    expect(forMany).toBe(forFew);
    // Who asks, conversations, participants with their users, unread counts with last messages, blocks between them.
    expect(forFew).toBe(5);
  });

  test('who is there now costs the same number of statements for 5 people and for 100', async () => {
    const present = async (name: string, count: number) => {
      const person = await cluster.person(name);
      const others = await cluster.persons(
        ...Array.from({ length: count }, (_, index) => `${name}-${index}`),
      );
      await Promise.all(others.map((other) => conversationOf([person, other])));
      await person.askSocket(MeDocument, {});
      return statementsOf(async () => {
        const stream = person.subscribe(UserPresenceDocument, {});
        const states = await stream.take(count);
        stream.stop();
        expect(new Set(states.map(({ userPresence }) => userPresence.user.id)).size).toBe(count);
      });
    };
    const forFew = await present('knows-few', 5);
    expect(await present('knows-many', 100)).toBe(forFew);
  });
});

test('the look for offers whose time is over reads none of those that are pending', async () => {
  const cluster = await Cluster.start();
  const query = jest.spyOn(Client.prototype, 'query');
  await cluster.node.services.offers.reader.due(1, []);
  const texts = query.mock.calls.map(([sql]: unknown[]) =>
    String((sql as { text?: string }).text ?? sql),
  );
  query.mockRestore();
  const looks = texts.filter((sql) => sql.includes('from offers') && sql.includes('expires_at <='));
  const session = new Client(cluster.databaseUrl);
  await session.connect();
  await session.query('set enable_seqscan = off');
  await session.query(`prepare look as ${looks.at(-1)}`);
  const { rows } = await session.query("explain execute look(1, '{}')");
  await session.end();
  await cluster.stop();
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  expect(plan).toMatch(/Index Cond: \(expires_at <= /);
});

test('the look for what a viewer missed reads none of what nobody viewed', async () => {
  const cluster = await Cluster.start();
  const [alice, bob] = await cluster.persons('alice', 'bob');
  const { id } = await conversationOf([alice!, bob!]);
  await Promise.all(Array.from({ length: 100 }, () => sendBy(alice!, id)));
  const session = new Client(cluster.databaseUrl);
  await session.connect();
  await session.query('analyze conversation_events');
  await session.query('set enable_seqscan = off');
  await session.query('begin');
  for (const after of [null, 0])
    await session.query('select notify_late($1, $2, $3)', [id, bob!.id, after]);
  const { rows } = await session.query(
    `select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relname = 'conversation_events'`,
  );
  await session.end();
  await cluster.stop();
  expect(Number(rows[0].read)).toBe(0);
});
