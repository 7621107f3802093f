import type { Client } from 'pg';

/** Two people of each kind, whose histories differ in their length alone. */
export interface Histories {
  /** Conversations, notifications, offers and blocks of the one person, and of the other. */
  few: number;
  many: number;
  /** Former participants of the one's room, and of the other's. */
  formerFew: number;
  formerMany: number;
}

export type Size = 'few' | 'many';

/** Unread conversations and notifications, and pending offers, of somebody who reads. */
const OPEN = 5;

/** Somebody who has read all but the newest. */
export function reader(size: Size): string {
  return `reader-${size}`;
}

/** Somebody who has read nothing. */
export function sleeper(size: Size): string {
  return `sleeper-${size}`;
}

/** The user at a place of each person's conversations. */
export function partner(place: number): string {
  return `partner-${place}`;
}

/** A group of the reader and three others, which many have left. */
export function roomId(size: Size): string {
  return `00000000-0000-7000-8000-00000000000${size === 'few' ? 1 : 2}`;
}

/** SQL of an id that says nothing about the row's place in time. */
const scattered = (text: string) => `md5(${text})::uuid`;

/**
 * Writes the histories into a migrated database without people.
 *
 * @param upkeep `vacuum` leaves no dead rows and pages that are known to be visible; `analyze` is
 *   the state of tables that were written lately
 */
export async function populateHistories(
  client: Client,
  histories: Histories,
  upkeep: 'vacuum analyze' | 'analyze',
): Promise<void> {
  const people = Math.max(histories.many, histories.formerMany);
  await client.query(
    `insert into users (id, username)
     select id, id from (select 'partner-' || n from generate_series(0, $1::integer - 1) n
       union all select 'blocked-' || n from generate_series(0, $1::integer - 1) n
       union all select unnest($2::text[])) as u (id)`,
    [people, ['stranger', ...(['few', 'many'] as const).flatMap((s) => [reader(s), sleeper(s)])]],
  );
  for (const size of ['few', 'many'] as const) {
    await writeHistory(client, reader(size), histories[size], OPEN);
    await writeHistory(client, sleeper(size), histories[size], histories[size]);
    const former = size === 'few' ? histories.formerFew : histories.formerMany;
    await writeRoom(client, size, former, histories[size]);
  }
  // As after the first counts, so that none settles them while plans are looked at.
  await client.query('select settle_list_entries(id, 100000) from users');
  await client.query(upkeep);
}

/**
 * One conversation with each partner, a minute of activity apart, with a message of either. Of the
 * newest the partner's message is unread. The oldest have a pending offer, the others an ended one.
 */
async function writeHistory(client: Client, id: string, count: number, unread: number) {
  await client.query(
    `create temporary table history on commit preserve rows as
     select n, ${scattered(`'c' || $1 || n`)} as id, 'partner-' || n as partner,
       date_trunc('minute', now()) - n * interval '1 minute' as at, n < $3::integer as unread,
       n >= $2::integer - ${OPEN} as pending
     from generate_series(0, $2::integer - 1) n`,
    [id, count, unread],
  );
  await client.query(
    `insert into conversations (id, kind, pair_low, pair_high, creator_id, last_sequence,
       created_at, updated_at)
     select id, 'PAIR', least($1 collate "C", partner), greatest($1 collate "C", partner), $1, 2,
       at, at from history`,
    [id],
  );
  await client.query(
    `insert into participants (conversation_id, user_id, joined_at, last_read_sequence)
     select id, $1, at, case when unread then 1 else 2 end from history
     union all select id, partner, at, 2 from history`,
    [id],
  );
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into messages (id, conversation_id, sequence, sender_id, content, created_at)
     select ${scattered(`id || 'm' || s`)}, id, s, case s when 1 then $1 else partner end,
       'Is the bicycle still there?', at from history, generate_series(1, 2) s`,
    [id],
  );
  await client.query(
    `insert into notifications (id, user_id, sequence, added_sequence, kind, actor_id,
       conversation_id, message_id, event_sequence, created_at, read_at)
     select ${scattered(`id || 'n'`)}, $1, $2 - n, $2 - n, 'NEW_MESSAGE', partner, id,
       ${scattered(`id || 'm2'`)}, 2, at, case when not unread then at end from history`,
    [id, count],
  );
  await client.query('set session_replication_role = origin');
  await client.query('update inboxes set last_sequence = $2 where user_id = $1', [id, count]);
  await client.query(
    `insert into offers (id, conversation_id, initiator_id, responder_id, proposer_id, recipient_id,
       status, version, items, expires_at, created_at, updated_at)
     select ${scattered(`id || 'o'`)}, id, $1, partner, $1, partner,
       case when pending then 'PENDING' else 'DECLINED' end, 1, '[{}]', now() + interval '1 day',
       at, at from history`,
    [id],
  );
  await client.query(
    `insert into blocks (blocker_id, blocked_id)
     select $1, 'blocked-' || n from generate_series(0, $2::integer - 1) n`,
    [id, count],
  );
  await client.query('drop table history');
}

/** Four are present. Everything that happened there is the reader's and `partner-0`'s. */
async function writeRoom(client: Client, size: Size, former: number, events: number) {
  const id = roomId(size);
  await client.query(
    `insert into conversations (id, kind, creator_id, last_sequence, created_at, updated_at)
     values ($1, 'GROUP', $2, $3, now() - interval '90 days', now() - interval '60 days')`,
    [id, reader(size), events],
  );
  await client.query(
    `insert into participants (conversation_id, user_id, joined_at, left_at, last_read_sequence)
     select $1::uuid, 'partner-' || n, now() - interval '1 hour', case when n > 2 then now() end, $2::integer
     from generate_series(0, $3::integer + 2) n
     union all select $1::uuid, $4::text, now() - interval '1 hour', null, $2::integer`,
    [id, events, former, reader(size)],
  );
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into messages (id, conversation_id, sequence, sender_id, content, created_at)
     select ${scattered(`$1::text || 'm' || s`)}, $1::uuid, s, $3, 'Noon?', now()
     from generate_series(1, $2::integer) s`,
    [id, events, partner(0)],
  );
  await client.query(
    `insert into conversation_events (conversation_id, sequence, kind, actor_id, message_id, at)
     select conversation_id, sequence, 'MESSAGE_ADDED', sender_id, id, created_at
     from messages where conversation_id = $1::uuid`,
    [id],
  );
  await client.query('set session_replication_role = origin');
  await client.query(
    `insert into offers (id, conversation_id, initiator_id, responder_id, proposer_id, recipient_id,
       status, version, items, expires_at, created_at, updated_at)
     select ${scattered(`$1::text || 'o' || n`)}, $1::uuid, $3, $4, $3, $4,
       case when n > $2::integer - ${OPEN} then 'PENDING' else 'DECLINED' end, 1, '[{}]',
       now() + interval '1 day', now() - n * interval '1 minute', now()
     from generate_series(1, $2::integer) n`,
    [id, events, partner(0), partner(1)],
  );
}
