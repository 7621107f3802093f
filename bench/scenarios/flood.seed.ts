import type { Client } from 'pg';
import { MALLORIES } from '../flood/attacks';
import { conversationId, type Population, populate, userId } from '../harness/seed';
import type { Member } from '../load/commands';

/** Pairs of bystanders. Their conversations and ids begin where those of the groups end. */
const BYSTANDERS: Population = { conversations: 20, people: 2, first: 3_000 };
/** Groups in which every attacker takes part, so that they have as many people as there may be. */
const GROUPS: Population = { conversations: 100, people: 50 - MALLORIES, messages: 20 };
const TRANSITIONS = 20;
const ITEMS = 20;

/** The two people of each pair, one after the other. */
export function bystanders(): Member[] {
  const { conversations, people, first = 0 } = BYSTANDERS;
  return Array.from({ length: conversations * people }, (_, index) => ({
    userId: userId(first + Math.floor(index / people), index % people, BYSTANDERS),
    conversationId: conversationId(first + Math.floor(index / people)),
  }));
}

/**
 * Writes the bystanders' conversations, and for the attackers all that their dearest queries can
 * find: 100 groups of 50 with long messages, and 100 offers that were changed 20 times.
 */
export async function seedFlood(client: Client): Promise<void> {
  await populate(client, BYSTANDERS);
  await populate(client, GROUPS);
  await client.query(
    `insert into users (id, username, display_name)
     select 'mallory-' || n, 'mallory-' || n, 'Mallory' from generate_series(0, $1::integer - 1) n`,
    [MALLORIES],
  );
  await client.query(
    `insert into participants (conversation_id, user_id)
     select c.id, 'mallory-' || n
     from conversations c, generate_series(0, $1::integer - 1) n where c.kind = 'GROUP'`,
    [MALLORIES],
  );
  await client.query('set session_replication_role = replica');
  await client.query(
    `update messages m set content = repeat('Is it still there? ', 520)
     from conversations c where c.id = m.conversation_id and c.kind = 'GROUP'`,
  );
  await seedOffers(client);
  await client.query('set session_replication_role = origin');
  await client.query('vacuum analyze');
}

/** An offer of the second attacker to one person in each group. */
async function seedOffers(client: Client): Promise<void> {
  const item = {
    giverId: 'mallory-1',
    kind: 'GOODS',
    description: 'City bicycle, blue, with a basket',
    quantity: 1,
    amount: null,
    currency: null,
    reference: 'bicycle-1',
  };
  const items = JSON.stringify(Array.from({ length: ITEMS }, () => item));
  await client.query(
    `insert into offers (id, conversation_id, initiator_id, responder_id, proposer_id, recipient_id,
       status, version, items, expires_at, created_at, updated_at)
     select time_ordered_id(), c.id, 'mallory-1', 'mallory-0', 'mallory-1', 'mallory-0',
       'PENDING', $1, $2, now() + interval '10 days', now(), now()
     from conversations c where c.kind = 'GROUP'`,
    [TRANSITIONS, items],
  );
  await client.query(
    `insert into offer_transitions (offer_id, version, action, actor_id, status, items, expires_at, at)
     select o.id, v, case v when 1 then 'CREATE' else 'REVISE' end, 'mallory-1', 'PENDING', o.items,
       o.expires_at, now()
     from offers o, generate_series(1, $1::integer) v`,
    [TRANSITIONS],
  );
}
