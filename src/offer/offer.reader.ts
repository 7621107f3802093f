import {
  BEFORE_NEWEST,
  type Page,
  type PageArguments,
  type PagedList,
  type PageRequest,
  pageRequest,
  toPage,
} from '../database/page';
import { columnsOf, groupBy, inOrder, isUuid, toEntity } from '../database/rows';
import type { Queryable } from '../database/transaction';
import { ForbiddenError } from '../errors';
import { type Caller, requireUser, userIdOf } from '../people/caller';
import { Offer, type OfferStatus, OfferTransition } from './offer.entity';

const OFFERS: PagedList = { name: 'offers', key: ['time', 'uuid'] };

/** Reads offers: one, lists, histories, and the ones whose time is over. */
export class OfferReader {
  constructor(private readonly database: Queryable) {}

  /**
   * Returns one offer. A service token may see every offer, and a participant every offer of a
   * conversation in which they are present. A party who has left still sees the offer once it is
   * not pending any more.
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
           and p.user_id = $2 and p.left_at is null))`,
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
    const mine = (column: string) => selectPage(`o.${column} = $1`, statuses);
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
   * Returns one page of offers for each conversation, in the order of `conversationIds`, the newest
   * offer first. Reads them in one statement. Does not check access.
   *
   * @param statuses null for every status
   * @throws {BadUserInputError} when an argument of the page breaks a rule
   */
  async pages(
    conversationIds: readonly string[],
    statuses: readonly OfferStatus[] | null,
    page: PageArguments,
  ): Promise<Page<Offer>[]> {
    const request = pageRequest(OFFERS, page);
    const [createdAt, id] = request.after ?? BEFORE_NEWEST;
    const rows = await this.database.query<Offer>(
      `select o.* from unnest($1::uuid[]) as scope (id)
       cross join lateral (${selectPage('o.conversation_id = scope.id', statuses)}) o
       order by o."createdAt" desc, o.id desc`,
      [conversationIds, createdAt, id, request.limit + 1, ...(statuses ? [statuses] : [])],
    );
    const offers = rows.map((row) => toEntity(Offer, row));
    return groupBy(offers, (offer) => offer.conversationId, conversationIds).map((page) =>
      offerPage(request, page),
    );
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
   * Does not check access.
   */
  async histories(offerIds: readonly string[]): Promise<OfferTransition[][]> {
    const rows = await this.database.query<OfferTransition>(
      `select ${columnsOf(OfferTransition, 't')} from offer_transitions t
       where offer_id = any($1) order by version`,
      [offerIds],
    );
    const transitions = rows.map((row) => toEntity(OfferTransition, row));
    return groupBy(transitions, (transition) => transition.offerId, offerIds);
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
 * With statuses, which are $5, it reads a page of each status and merges them, so that it reads no
 * offer of another status.
 *
 * @param scope the condition on `o` that says which list it is
 */
function selectPage(scope: string, statuses: readonly OfferStatus[] | null): string {
  const page = (condition: string) => `(select ${columnsOf(Offer, 'o')} from offers o
    where ${scope} ${condition} and (o.created_at, o.id) < ($2::timestamptz, $3::uuid)
    order by o.created_at desc, o.id desc limit $4)`;
  if (!statuses) return page('');
  return `(select o.* from (select distinct unnest($5::text[]) as name) status
    cross join lateral ${page('and o.status = status.name')} o
    order by o."createdAt" desc, o.id desc limit $4)`;
}
