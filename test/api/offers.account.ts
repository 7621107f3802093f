import type { Client, Pool } from 'pg';

/** What the database says of one offer, in all the places where a step of it is written. */
export interface OfferAccount {
  status: string;
  version: number;
  expiresAt: Date;
  /** Version, action, actor and status after it; one row a version. */
  history: [version: number, action: string, actorId: string | null, status: string][];
  /** The log's events about it: version, action and actor. */
  events: [version: number, action: string, actorId: string | null][];
  /** User and kind of each notification about it, in the order of users and, for each, of their inbox. */
  notified: [userId: string, kind: string][];
  /** When its last step was made, by the database's clock. */
  lastAt: Date;
}

/** In the order of `offerIds`. */
export async function accountsOf(
  database: Client | Pool,
  offerIds: readonly string[],
): Promise<OfferAccount[]> {
  const { rows } = await (database as Pool).query<OfferAccount>(
    `select o.status, o.version, o.expires_at as "expiresAt", o.updated_at as "lastAt",
       array(select jsonb_build_array(t.version, t.action, t.actor_id, t.status) from offer_transitions t
         where t.offer_id = o.id order by t.version) as history,
       array(select jsonb_build_array(e.offer_version, e.offer_action, e.actor_id) from conversation_events e
         where e.offer_id = o.id order by e.sequence) as events,
       array(select jsonb_build_array(n.user_id, n.kind) from notifications n
         where n.offer_id = o.id order by n.user_id, n.sequence) as notified
     from unnest($1::uuid[]) with ordinality as wanted (id, place) join offers o on o.id = wanted.id order by wanted.place`,
    [offerIds],
  );
  return rows;
}

export async function accountOf(database: Client | Pool, offerId: string): Promise<OfferAccount> {
  const [account] = await accountsOf(database, [offerId]);
  return account!;
}

/** Moves the end of offers, as the API does not allow: so many milliseconds from now by the database's clock. */
export async function letExpire(
  database: Client | Pool,
  offerIds: readonly string[],
  inMs: number,
): Promise<Date> {
  const { rows } = await (database as Pool).query<{ at: Date }>(
    `update offers set expires_at = moment.at from (select clock_timestamp() + $2 * interval '1 ms' as at) moment
     where id = any($1) returning expires_at as at`,
    [offerIds, inMs],
  );
  return rows[0]!.at;
}
