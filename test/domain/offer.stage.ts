import { randomUUID } from 'node:crypto';
import { type DocumentNode, execute } from 'graphql';
import type { Pool } from 'pg';
import { ParleyError } from '../../src/errors';
import { Context } from '../../src/graphql/context';
import { getSchema } from '../../src/graphql/schema';
import type { Services } from '../../src/graphql/services';
import { createLogger } from '../../src/logger';
import type { Caller } from '../../src/people/caller';
import {
  AcceptOfferDocument,
  CancelOfferDocument,
  ConfirmCompletionDocument,
  CounterOfferDocument,
  CreateOfferDocument,
  DeclineOfferDocument,
  OfferDocument,
  type OfferPartsFragment,
  ReviseOfferDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import {
  type Ask,
  type Asker,
  type Creation,
  type Deal,
  NAMES,
  type Name,
  type Request,
  type Terms,
} from './offer.deal';
import type { Seen } from './offer.view';

const logger = createLogger('silent');

const DOCUMENTS: Record<Request, DocumentNode> = {
  COUNTER: CounterOfferDocument,
  REVISE: ReviseOfferDocument,
  ACCEPT: AcceptOfferDocument,
  DECLINE: DeclineOfferDocument,
  WITHDRAW: WithdrawOfferDocument,
  CONFIRM_COMPLETION: ConfirmCompletionDocument,
  CANCEL: CancelOfferDocument,
};

/** What came of a request: an answer, or how it was refused. */
export type Answer<T> =
  | { data: T; refusal: null }
  | { data: null; refusal: { code: string; [extension: string]: unknown } };

/** The service itself, with names instead of ids. Requests go through its schema, but for the transport. */
export class Stage {
  private constructor(
    private readonly services: Services,
    private readonly database: Pool,
    private readonly ids: Record<Name, string>,
    readonly conversationId: string,
  ) {}

  static async set(services: Services, database: Pool, kind: 'pair' | 'group'): Promise<Stage> {
    const suffix = randomUUID();
    const ids = Object.fromEntries(NAMES.map((name) => [name, `${name}-${suffix}`])) as Record<
      Name,
      string
    >;
    await services.people.users.upsert(
      NAMES.map((name) => ({ id: ids[name], username: name })),
      () => 'user',
    );
    const participantIds = kind === 'pair' ? [ids.bob] : [ids.bob, ids.carol];
    const caller: Caller = { kind: 'user', userId: ids.alice };
    const { conversation } = await services.conversations.service.start(caller, { participantIds });
    return new Stage(services, database, ids, conversation.id);
  }

  async ask(
    by: Asker,
    deal: Deal,
    { action, version, note, terms }: Ask,
  ): Promise<Answer<OfferPartsFragment>> {
    const step = { offerId: deal.id, version, note };
    const input = terms ? { ...step, ...this.termsOf({ ...terms, note }) } : step;
    return this.run(this.contextOf(by), DOCUMENTS[action], { input });
  }

  async create(
    by: Asker,
    { recipient, terms, clientOfferId }: Creation,
  ): Promise<Answer<OfferPartsFragment>> {
    const { conversationId } = this;
    const recipientId = recipient && this.ids[recipient];
    const input = { conversationId, recipientId, clientOfferId, ...this.termsOf(terms) };
    return this.run(this.contextOf(by), CreateOfferDocument, { input });
  }

  /** With the loaders of one operation. */
  read(who: Asker, deals: readonly Deal[]): Promise<Answer<Seen>[]> {
    const context = this.contextOf(who);
    const { loaders } = context;
    return Promise.all(
      deals.map(({ id }) => this.run<Seen>(context.forEvent(loaders), OfferDocument, { id })),
    );
  }

  leave = (who: Name) =>
    refused(this.services.conversations.memberships.leave(this.callerOf(who), this.conversationId));
  add = (by: Name, who: Name) =>
    refused(
      this.services.conversations.service.addParticipant(
        this.callerOf(by),
        this.conversationId,
        this.ids[who],
      ),
    );

  async remove(who: Name): Promise<void> {
    await this.services.conversations.memberships.remove(
      { kind: 'service' },
      this.conversationId,
      this.ids[who],
    );
  }

  async deactivate(who: Name): Promise<void> {
    await this.services.conversations.memberships.deactivate({ kind: 'service' }, this.ids[who]);
  }

  async block(by: Name, who: Name): Promise<void> {
    await this.services.people.blocks.block(this.callerOf(by), this.ids[who]);
  }

  async unblock(by: Name, who: Name): Promise<void> {
    await this.services.people.blocks.unblock(this.callerOf(by), this.ids[who]);
  }

  async expire(deal: Deal): Promise<void> {
    await this.services.offers.service.expire(deal.id, [], true);
  }

  /** @returns when its time was over: an hour ago */
  async letTimePass(deal: Deal): Promise<string> {
    const { rows } = await this.database.query<{ at: Date }>(
      `update offers set expires_at = clock_timestamp() - interval '1 hour' where id = $1 returning expires_at as at`,
      [deal.id],
    );
    return rows[0]!.at.toISOString();
  }

  /** The conversation's log in words, each with its sequence. */
  async log(deals: readonly Deal[]): Promise<string[]> {
    const [events] = await this.services.delivery.log.readMany(
      [{ conversationId: this.conversationId, after: 0 }],
      1_000,
    );
    return events!.map(({ sequence, kind, offerId, offerAction, actorId, participantId }) => {
      const by = `by ${this.nameOf(actorId)}`;
      const what =
        kind === 'OFFER_UPDATED'
          ? `${deals.findIndex(({ id }) => id === offerId)} ${offerAction}`
          : this.nameOf(participantId);
      return `${sequence} ${kind} ${what} ${by}`;
    });
  }

  readonly nameOf = (id: string | null): Name | null =>
    id === null ? null : NAMES.find((name) => this.ids[name] === id)!;

  private termsOf({ giver, amount, note, expiresAt }: Terms) {
    const items = [{ giverId: this.ids[giver], kind: 'CREDITS' as const, amount }];
    return { items, note, expiresAt };
  }

  private callerOf(who: Asker): Caller {
    return who === 'platform' ? { kind: 'service' } : { kind: 'user', userId: this.ids[who] };
  }

  private contextOf(who: Asker): Context {
    const session = {
      caller: this.callerOf(who),
      expiresAt: null,
      issuedAt: null,
      onBehalf: false,
    };
    return new Context(this.services, session, 'model', logger);
  }

  /** The offer in the answer, wherever it is. */
  private async run<T>(
    contextValue: Context,
    document: DocumentNode,
    variableValues: Record<string, unknown>,
  ): Promise<Answer<T>> {
    const { data, errors } = await execute({
      schema: getSchema(),
      document,
      variableValues,
      contextValue,
    });
    if (errors) return { data: null, refusal: refusalOf(errors[0]!.originalError ?? errors[0]) };
    const [field] = Object.values(JSON.parse(JSON.stringify(data)));
    return { data: (field as { offer?: T }).offer ?? (field as T), refusal: null };
  }
}

async function refused(work: Promise<unknown>): Promise<string | null> {
  try {
    await work;
    return null;
  } catch (error) {
    return refusalOf(error).code;
  }
}

function refusalOf(error: unknown): { code: string } {
  if (!(error instanceof ParleyError)) throw error;
  return { code: error.code, ...error.extensions };
}
