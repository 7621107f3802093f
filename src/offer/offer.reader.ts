import {
  BEFORE_NEWEST,
  type Page,
  type PageArguments,
  type PagedList,
  type PageRequest,
  pageRequest,
  toPage,
} from '../database/page';
import { byPlace, columnsOf, groupBy, inOrder, isUuid, toEntity } from '../database/rows';
import type { Queryable } from '../database/transaction';
import { ForbiddenError } from '../errors';
import { type Caller, requireUser, userIdOf } from '../people/caller';
import { Offer, type OfferStatus, OfferTransition } from './offer.entity';
import { MAX_HISTORY_CHARACTERS } from './offer.history';

const OFFERS: PagedList = { name: 'offers', key: ['time', 'uuid'] };

/** A conversation, as one caller sees the offers in it. */
export interface OfferScope {
  conversationId: string;
  /** 0 for a caller who sees every offer. */
  joinedSequence: number;
  /** The user who also sees the offers to which they are a party; null for `joinedSequence` 0. */
  userId: string | null;
}

/** The histories of offers, one offer after the other, until all together are too large. */
const HISTORIES = `select ${columnsOf(OfferTransition, 't')} from (
    select t.*, sum(length(items::text) + coalesce(length(note), 0))
      over (order by offer_id) as characters
    from offer_transitions t where offer_id = any($1)
  ) t where characters <= $2 order by version`;

/** Reads offers: one, lists, histories, and the ones whose time is over. */
export class OfferReader {
  constructor(private readonly database: Queryable) {}

  /**
   * Returns one offer. A service token may see every offer. A user who is present in the
   * conversation sees it as a party, or if it was made after the user joined. A party who has left
   * still sees the offer once it is not pending any more.
   *
   * @throws {ForbiddenError} when there is no such offer, or the caller may not see it
   */
  async read(caller: Caller, offerId: string): Promise<Offer> {
    if (!isUuid(offerId)) throw new ForbiddenError();
    // One statement, so that the time of a refusal does not show whether there is such an offer.
    const [row] = await this.database.query<Offer>(
      `select ${columnsOf(Offer, 'o')} from offers o where id = $1 and ($2::text is null
         or (status <> 'PENDING' and $2 in (initiator_id, responder_id))
         or exists (select from participants p where p.conversation_id = o.conversation_id
           and p.user_id = $2 and p.left_at is null and (p.joined_sequence = 0
             or $2 in (o.initiator_id, o.responder_id)
             or p.joined_sequence < created_sequence(o.id))))`,
      [offerId, userIdOf(caller)],
    );
    if (!row) throw new ForbiddenError();
    return toEntity(Offer, row);
  }

  /**
   * Returns one page of the offers to which the caller is a party, in all conversations, the newest
   * first.
   *
   * @param statuses null for every status
   * @throws {ForbiddenError} for a service token
   * @throws {BadUserInputError} when an argument of the page breaks a rule
   */
  async listOf(
    caller: Caller,
    statuses: readonly OfferStatus[] | null,
    page: PageArguments,
  ): Promise<Page<Offer>> {
    const { userId } = requireUser(caller);
    const request = pageRequest(OFFERS, page);
    const [createdAt, id] = request.after ?? BEFORE_NEWEST;
    const mine = (column: string) => selectPage(`o.${column} = $1`, statuses && '$5');
    // Each half is an index scan of at most a page. One select with an "or" of both columns would
    // read every offer that the user ever had.
    const rows = await this.database.query<Offer>(
      `select * from (${mine('initiator_id')} union all ${mine('responder_id')}) o
       order by "createdAt" desc, id desc limit $4`,
      [userId, createdAt, id, request.limit + 1, ...(statuses ? [statuses] : [])],
    );
    return offerPage(
      request,
      rows.map((row) => toEntity(Offer, row)),
    );
  }

  /**
   * Returns one page of offers for each scope, in the order of `scopes`, the newest offer first.
   * Reads them in one statement. Does not check access.
   *
   * @param statuses null for every status
   * @throws {BadUserInputError} when an argument of the page breaks a rule
   */
  async pages(
    scopes: readonly OfferScope[],
    statuses: readonly OfferStatus[] | null,
    page: PageArguments,
  ): Promise<Page<Offer>[]> {
    const request = pageRequest(OFFERS, page);
    const [createdAt, id] = request.after ?? BEFORE_NEWEST;
    const visible = `o.conversation_id = scope.id and (scope.joined_sequence = 0
      or scope.user_id in (o.initiator_id, o.responder_id)
      or scope.joined_sequence < created_sequence(o.id))`;
    const rows = await this.database.query<Offer & { place: string }>(
      `select scope.place, o.* from unnest($1::uuid[], $5::integer[], $6::text[]) with ordinality
         as scope (id, joined_sequence, user_id, place)
       cross join lateral (${selectPage(visible, statuses && '$7')}) o
       order by o."createdAt" desc, o.id desc`,
      [
        scopes.map((scope) => scope.conversationId),
        createdAt,
        id,
        request.limit + 1,
        scopes.map((scope) => scope.joinedSequence),
        scopes.map((scope) => scope.userId),
        ...(statuses ? [statuses] : []),
      ],
    );
    return byPlace(rows, scopes.length).map((found) =>
      offerPage(
        request,
        found.map(({ place: _, ...row }) => toEntity(Offer, row)),
      ),
    );
  }

  /**
   * Returns the sequence of the event with which each offer was made, in the order of `offerIds`.
   */
  async createdSequences(offerIds: readonly string[]): Promise<number[]> {
    const rows = await this.database.query<{ id: string; sequence: number }>(
      `select offer_id as id, sequence from conversation_events
       where offer_id = any($1) and offer_version = 1`,
      [offerIds],
    );
    const sequences = new Map(rows.map((row) => [row.id, row.sequence]));
    return offerIds.map((id) => sequences.get(id)!);
  }

  /** Returns offers in the order of `ids`; null where there is none. Does not check access. */
  async byIds(ids: readonly string[]): Promise<(Offer | null)[]> {
    const rows = await this.database.query<Offer>(
      `select ${columnsOf(Offer, 'o')} from offers o where id = any($1)`,
      [ids],
    );
    return inOrder(
      ids,
      rows.map((row) => toEntity(Offer, row)),
      (offer) => offer.id,
    );
  }

  /**
   * Returns the transitions of each offer, in the order of `offerIds`, the oldest transition first.
   * Reads no more of them at once than one answer may have: null for offers beyond that, which are
   * read one by one. Does not check access.
   */
  async histories(offerIds: readonly string[]): Promise<(OfferTransition[] | null)[]> {
    const rows = await this.database.query<OfferTransition>(HISTORIES, [
      offerIds,
      MAX_HISTORY_CHARACTERS,
    ]);
    const transitions = rows.map((row) => toEntity(OfferTransition, row));
    const histories = groupBy(transitions, (transition) => transition.offerId, offerIds);
    // Each offer has a transition: the one with which it was made.
    return histories.map((history) => (history.length > 0 ? history : null));
  }

  /**
   * Returns at most `limit` pending offers whose time is over by the database's clock, the one that
   * expired first in front.
   *
   * @param except ids of conversations whose offers are left out
   */
  async due(
    limit: number,
    except: readonly string[],
  ): Promise<{ id: string; conversationId: string }[]> {
    return this.database.query(
      // statement_timestamp() stays the same for the whole statement, so the index on the expiry is
      // used. With clock_timestamp() every pending offer would be read each time.
      `select id, conversation_id as "conversationId" from offers
       where status = 'PENDING' and expires_at <= statement_timestamp()
         and conversation_id <> all($2)
       order by expires_at limit $1`,
      [limit, except],
    );
  }
}

function offerPage(request: PageRequest, offers: Offer[]): Page<Offer> {
  const keyOf = (offer: Offer) => [offer.createdAt.toISOString(), offer.id];
  return toPage(OFFERS, request, offers, keyOf, request.after !== null);
}

/**
 * Returns a select of the first $4 offers that follow the cursor of $2 and $3, the newest first.
 * With statuses it reads a page of each one and merges them, so that it reads no offer of another.
 *
 * @param scope the condition on `o` that says which list it is
 * @param statuses the parameter that holds the statuses; null for every status
 */
function selectPage(scope: string, statuses: string | null): string {
  const page = (condition: string) => `(select ${columnsOf(Offer, 'o')} from offers o
    where ${scope} ${condition} and (o.created_at, o.id) < ($2::timestamptz, $3::uuid)
    order by o.created_at desc, o.id desc limit $4)`;
  if (!statuses) return page('');
  return `(select o.* from (select distinct unnest(${statuses}::text[]) as name) status
    cross join lateral ${page('and o.status = status.name')} o
    order by o."createdAt" desc, o.id desc limit $4)`;
}
