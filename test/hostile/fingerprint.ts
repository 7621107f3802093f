import { Client } from 'pg';

/** All that people and the platform write. Who was seen when is written by their connections. */
const TABLES = {
  blocks: 't',
  conversation_events: 't',
  conversations: 't',
  inboxes: 't',
  messages: 't',
  notifications: 't',
  offer_transitions: 't',
  offers: 't',
  participants: 't',
  users: "to_jsonb(t) - 'last_seen_at'",
};

/** The contents of each table as a hash, by the table's name. */
export async function fingerprint(databaseUrl: string): Promise<Record<string, string>> {
  const client = new Client(databaseUrl);
  await client.connect();
  try {
    const columns = Object.entries(TABLES).map(
      ([table, row]) =>
        `(select md5(coalesce(string_agg((${row})::text, '|' order by (${row})::text), ''))
          from ${table} t) as ${table}`,
    );
    return (await client.query(`select ${columns.join(', ')}`)).rows[0];
  } finally {
    await client.end();
  }
}
