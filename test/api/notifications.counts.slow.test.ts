import { Pool } from 'pg';
import {
  ConversationsDocument,
  NotificationAddedDocument,
  type NotificationAddedSubscription,
  NotifyUserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { Deeds, scriptOf } from '../support/deeds';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import { inboxOf, notificationsOf, open } from '../support/inbox';
import type { Person } from '../support/person';
import { people } from './people';

/** A long form by the environment. */
const ACTIONS = Number(process.env.PARLEY_NOTIFICATION_ACTIONS ?? 100);
const SEED = Number(process.env.PARLEY_SEED ?? Date.now() % 2 ** 31);

/**
 * What the log says that everyone must have been notified of: others' messages and each step of offers, while they
 * were present and did not have the conversation open.
 */
const DUE = `select p.user_id, e.conversation_id, e.sequence, e.kind from participants p
  join conversation_events e on e.conversation_id = p.conversation_id
  where e.kind in ('MESSAGE_ADDED', 'OFFER_UPDATED') and e.actor_id is distinct from p.user_id
    and not coalesce(e.viewing @> array[p.user_id], false)
    and coalesce(
      (select m.kind from conversation_events m where m.conversation_id = e.conversation_id
        and m.participant_id = p.user_id and m.sequence < e.sequence order by m.sequence desc limit 1),
      (select case m.kind when 'PARTICIPANT_ADDED' then 'PARTICIPANT_REMOVED' end from conversation_events m
        where m.conversation_id = e.conversation_id and m.participant_id = p.user_id order by m.sequence limit 1),
      'PARTICIPANT_ADDED') = 'PARTICIPANT_ADDED'
    -- Who joined late sees the offers to which they are a party, and those made since.
    and (e.kind <> 'OFFER_UPDATED'
      or exists (select from offers o where o.id = e.offer_id
        and p.user_id in (o.initiator_id, o.responder_id))
      or coalesce((select max(m.sequence) from conversation_events m
          where m.conversation_id = e.conversation_id and m.participant_id = p.user_id
            and m.kind = 'PARTICIPANT_ADDED' and m.sequence < e.sequence), 0)
        < (select c.sequence from conversation_events c
          where c.offer_id = e.offer_id and c.offer_version = 1))`;

/** Everything that notifications say and the log does not, or the other way. */
const DIFFERENCES = `with due as (${DUE}), stands as (
    select n.user_id, n.conversation_id, n.kind, n.event_sequence as through, n.count, n.read_at, coalesce(max(b.event_sequence), 0) as after
    from notifications n left join notifications b on b.user_id = n.user_id and b.conversation_id = n.conversation_id
      and b.kind = 'NEW_MESSAGE' and b.event_sequence < n.event_sequence
    where n.kind = 'NEW_MESSAGE' group by n.id
  )
  select 'count' as what, s.user_id, s.conversation_id, s.through from stands s
    where s.count <> (select count(*) from due d where d.user_id = s.user_id and d.conversation_id = s.conversation_id
      and d.kind = 'MESSAGE_ADDED' and d.sequence > s.after and d.sequence <= s.through)
  union all
  select 'message without', d.user_id, d.conversation_id, d.sequence from due d where d.kind = 'MESSAGE_ADDED'
    and not exists (select from stands s where s.user_id = d.user_id and s.conversation_id = d.conversation_id
      and s.through >= d.sequence)
  union all
  select 'step without or twice', coalesce(d.user_id, n.user_id), coalesce(d.conversation_id, n.conversation_id),
    coalesce(d.sequence, n.event_sequence)
    from (select * from due where kind = 'OFFER_UPDATED') d
    full join (select * from notifications where offer_id is not null) n
      on (n.user_id, n.conversation_id, n.event_sequence) = (d.user_id, d.conversation_id, d.sequence)
    where d.user_id is null or n.user_id is null
  union all
  select 'unread though read', n.user_id, n.conversation_id, n.event_sequence from notifications n
    join participants p on p.user_id = n.user_id and p.conversation_id = n.conversation_id
    where n.kind = 'NEW_MESSAGE' and n.read_at is null
      and (p.left_at is not null or n.event_sequence <= greatest(p.joined_sequence, p.last_read_sequence))`;

const BADGES = `select (select count(*)::integer from notifications where user_id = $1 and read_at is null)
    as "unreadNotificationCount",
  (select coalesce(max(sequence), 0) from notifications where user_id = $1) as "lastNotificationSequence",
  (select count(distinct p.conversation_id)::integer from participants p
    join messages m on m.conversation_id = p.conversation_id and m.sequence > p.last_read_sequence
    where p.user_id = $1 and p.left_at is null and not p.archived and m.deleted_at is null
      and m.sender_id is distinct from $1) as "unreadConversationCount"`;

const UNREAD = `select p.conversation_id as id, count(m.id)::integer as count from participants p
  left join messages m on m.conversation_id = p.conversation_id and m.sequence > p.last_read_sequence
    and m.deleted_at is null and m.sender_id is distinct from $1
  where p.user_id = $1 and p.left_at is null group by 1`;

describe('after a random run of actions', () => {
  let cluster: Cluster;
  let database: Pool;

  beforeAll(async () => {
    // Pages of 100 by the documents for clients are over the limit of cost.
    cluster = await Cluster.start({ nodes: 2, env: { LIMIT_COST: '6000' } });
    database = new Pool({ connectionString: cluster.databaseUrl });
    // The names of viewing users are forgotten when they no longer matter. A recount needs them.
    await database.query(
      `create or replace function forget_viewing(p_conversation_id uuid, p_user_id text, p_through integer) returns void
       language plpgsql as $$ begin end $$`,
    );
  });
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  const select = async (sql: string, values: unknown[] = []) =>
    (await database.query(sql, values)).rows;

  test(`what notifications and badges say is what a recount says: ${ACTIONS} actions of seed ${SEED}`, async () => {
    const persons = await people(cluster, 'alice', 'bob', 'carol', 'dave');
    await conversationOf(persons.slice(0, 2));
    await conversationOf(persons.slice(1));
    await conversationOf(persons);
    const followers = persons.map((person) =>
      cluster.device(person, cluster.nodes[1]).subscribe(NotificationAddedDocument, { after: 0 }),
    );
    const done = await act(persons);
    process.stdout.write(`${ACTIONS} actions of seed ${SEED}: ${JSON.stringify(done)}\n`);
    expect(Object.values(done).reduce((sum, one) => sum + one, 0)).toBeGreaterThan(ACTIONS / 3);

    expect(await select(DIFFERENCES)).toEqual([]);
    for (const [index, person] of persons.entries()) {
      const [badges] = await select(BADGES, [person.id]);
      expect(await inboxOf(person)).toMatchObject(badges);
      expect(await notificationsOf(person, true)).toHaveLength(badges.unreadNotificationCount);
      expect(await unreadOf(person)).toEqual(
        Object.fromEntries((await select(UNREAD, [person.id])).map(toEntry)),
      );
      await expectFollowed(person, followers[index]!);
    }
  }, 600_000);

  /** Does what the script says, one after the other; gives how much of what was answered. */
  async function act(persons: readonly Person[]): Promise<Record<string, number>> {
    const deeds = new Deeds(
      database,
      persons.map(({ id }) => id),
    );
    const opened = new Map<string, { stop(): void }>();
    const done: Record<string, number> = {};
    for (const [index, step] of scriptOf(SEED, ACTIONS, persons.length).entries()) {
      const person = persons[step.who]!;
      if (step.do === 'come') await comeOrGo(person, step.which, opened);
      const deed = await deeds.choose(step);
      if (!deed) continue;
      const { errors } = await person.request(deed.document, { input: deed.input });
      if (errors) expect(['CONFLICT', 'FORBIDDEN']).toContain(errors[0]!.extensions!.code);
      else done[step.do] = (done[step.do] ?? 0) + 1;
      const input = { userId: person.id, title: `News ${index}` };
      if (index % 50 === 0) await cluster.service().ask(NotifyUserDocument, { input });
    }
    return done;
  }

  /** Opens one of their conversations on a device, or closes it. */
  async function comeOrGo(
    person: Person,
    which: number,
    opened: Map<string, { stop(): void }>,
  ): Promise<void> {
    const nodes = (await person.ask(ConversationsDocument, { first: 100 })).conversations.nodes;
    if (nodes.length === 0) return;
    const { id } = nodes[which % nodes.length]!;
    const key = `${person.id} ${id}`;
    const stream = opened.get(key);
    if (!stream) return void opened.set(key, await open(person, id));
    stream.stop();
    opened.delete(key);
  }

  async function unreadOf(person: Person): Promise<Record<string, number>> {
    const lists = await Promise.all(
      [false, true].map((archived) => person.ask(ConversationsDocument, { archived, first: 100 })),
    );
    const nodes = lists.flatMap(({ conversations }) => conversations.nodes);
    return Object.fromEntries(nodes.map(({ id, unreadCount }) => [id, unreadCount]));
  }

  /** Whoever listened from the beginning knows each notification as it is, and each sequence came once and in order. */
  async function expectFollowed(
    person: Person,
    stream: EventStream<NotificationAddedSubscription>,
  ): Promise<void> {
    const all = await notificationsOf(person);
    await eventually(() => {
      const known = new Map(
        stream.received.map(({ notificationAdded: one }) => [one.id, [one.sequence, one.count]]),
      );
      expect(known).toEqual(new Map(all.map((one) => [one.id, [one.sequence, one.count]])));
    });
    const sequences = stream.received.map(({ notificationAdded }) => notificationAdded.sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((one, other) => one - other));
  }
});

function toEntry({ id, count }: { id: string; count: number }): [string, number] {
  return [id, count];
}
