import type { Client } from 'pg';

/** Conversations of equally many people, and what was said in them. */
export interface Population {
  conversations: number;
  /** In each conversation; nobody is in two. */
  people: number;
  /** In each conversation, by turns. Default 0. */
  messages?: number;
  /** Number of the first conversation; people are numbered from `first * people` on. Default 0. */
  first?: number;
}

/** Of a population: the person at a place of a conversation. */
export function userId(
  conversation: number,
  place: number,
  { people }: Pick<Population, 'people'>,
): string {
  return `user-${conversation * people + place}`;
}

export function conversationId(conversation: number): string {
  return `00000000-0000-7000-8000-${conversation.toString(16).padStart(12, '0')}`;
}

/** SQL of the same. */
const CONVERSATION_ID = (column: string) =>
  `('00000000-0000-7000-8000-' || lpad(to_hex(${column}), 12, '0'))::uuid`;
/** As the load's own, so that a replay is counted too. */
const CONTENT = `'#m' || lpad(s::text, 9, '0') || ' Is the bicycle still there? I could come by on Saturday around noon.'`;

/** Writes it all into a migrated database without people, in a few statements. */
export async function populate(client: Client, population: Population): Promise<void> {
  const { conversations, people, messages = 0, first = 0 } = population;
  const kind = people === 2 ? 'PAIR' : 'GROUP';
  await client.query(
    `insert into users (id, username, display_name)
     select 'user-' || n, 'user-' || n, 'User number ' || n
     from generate_series($3::integer * $2::integer, ($3 + $1::integer) * $2 - 1) n`,
    [conversations, people, first],
  );
  await client.query(
    `insert into conversations (id, kind, pair_low, pair_high, subject, creator_id, last_sequence)
     select ${CONVERSATION_ID('c')}, $3,
       case when $3 = 'PAIR' then least(('user-' || c * 2) collate "C", 'user-' || (c * 2 + 1)) end,
       case when $3 = 'PAIR' then greatest(('user-' || c * 2) collate "C", 'user-' || (c * 2 + 1)) end,
       'City bicycle', 'user-' || c * $2::integer, $4
     from generate_series($5::integer, $5 + $1::integer - 1) c`,
    [conversations, people, kind, messages, first],
  );
  await client.query(
    `insert into participants (conversation_id, user_id, last_read_sequence)
     select ${CONVERSATION_ID('n / $2::integer')}, 'user-' || n, $3
     from generate_series($4::integer * $2::integer, ($4 + $1::integer) * $2 - 1) n`,
    [conversations, people, messages, first],
  );
  await write(client, population);
  await client.query('vacuum analyze');
}

/** The conversations of one person, `viewer`, with one other each. Some of the newest messages are unread. */
export async function populateInbox(
  client: Client,
  { conversations, messages, unread }: { conversations: number; messages: number; unread: number },
): Promise<void> {
  await client.query(
    `insert into users (id, username, display_name) values ('viewer', 'viewer', 'Vera Viewer')`,
  );
  await populate(client, { conversations, people: 2, messages });
  await client.query(
    `update conversations set pair_low = null, pair_high = null, updated_at = now() - random() * interval '30 days'`,
  );
  await client.query(
    `insert into participants (conversation_id, user_id, last_read_sequence)
     select id, 'viewer', $1 from conversations`,
    [messages - unread],
  );
  await client.query('vacuum analyze');
}

async function write(
  client: Client,
  { conversations, people, messages = 0, first = 0 }: Population,
): Promise<void> {
  if (messages === 0) return;
  // What is written here refers to what is there: no need to look for each.
  await client.query('set session_replication_role = replica');
  await client.query(
    `insert into messages (id, conversation_id, sequence, sender_id, content, created_at)
     select time_ordered_id(), ${CONVERSATION_ID('c')}, s, 'user-' || (c * $2::integer + s % $2::integer), ${CONTENT},
       now() - ($3::integer - s) * interval '1 second'
     from generate_series(1, $3::integer) s, generate_series($4::integer, $4 + $1::integer - 1) c
     order by s, c`,
    [conversations, people, messages, first],
  );
  await client.query(
    `insert into conversation_events (conversation_id, sequence, kind, actor_id, message_id, at)
     select conversation_id, sequence, 'MESSAGE_ADDED', sender_id, id, created_at from messages`,
  );
  await client.query('set session_replication_role = origin');
}
