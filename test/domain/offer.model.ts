import type { OfferAction } from '../generated/graphql';
import {
  type Ask,
  type Asker,
  type Creation,
  type Deal,
  isParty,
  isSame,
  judge,
  LEADS_TO,
  NAMES,
  type Name,
  type Outcome,
  openedDeal,
  REQUESTS,
  type Request,
} from './offer.deal';

const GOES_ON_ACROSS_A_BLOCK: readonly Request[] = ['DECLINE', 'WITHDRAW'];

/**
 * Negotiations in one conversation as the contract tells of them: written from SEMANTICS.md and from nothing in `src`.
 * It says what every request has to answer, and what everybody has to see afterwards.
 */
export class Negotiations {
  readonly deals: Deal[] = [];
  /** The conversation's log, in words. */
  readonly log: string[] = [];
  readonly present: Set<Name>;
  readonly active = new Set<Name>(NAMES);
  readonly blocks = new Set<string>();
  /** Where in the log somebody joined; nothing of who was there from the beginning. */
  private readonly joined = new Map<Name, number>();

  constructor(readonly kind: 'pair' | 'group') {
    this.present = new Set(kind === 'pair' ? ['alice', 'bob'] : ['alice', 'bob', 'carol']);
  }

  takesPart = (who: Asker): who is Name =>
    who !== 'platform' && this.present.has(who) && this.active.has(who);

  create(by: Asker, creation: Creation): { outcome: Outcome; deal: Deal | null } {
    const refused = (outcome: string) => ({ outcome, deal: null });
    if (!this.takesPart(by) || this.isBlocked()) return refused('FORBIDDEN');
    const { clientOfferId } = creation;
    const first =
      clientOfferId === null
        ? undefined
        : this.deals.find(
            (deal) => deal.initiator === by && deal.creation.clientOfferId === clientOfferId,
          );
    if (first && JSON.stringify(first.creation) !== JSON.stringify(creation))
      return refused('IDEMPOTENCY_MISMATCH');
    if (first) return { outcome: null, deal: first };
    const others = [...this.present].filter((one) => one !== by && this.active.has(one));
    const recipient = creation.recipient ?? (others.length === 1 ? others[0]! : null);
    if (recipient === null || !others.includes(recipient)) return refused('BAD_USER_INPUT');
    if (![by, recipient].includes(creation.terms.giver)) return refused('BAD_USER_INPUT');
    const deal = openedDeal(by, recipient, creation);
    this.deals.push(deal);
    this.move(deal, 'CREATE', by, creation.terms.note);
    return { outcome: null, deal };
  }

  ask(by: Asker, deal: Deal, ask: Ask): Outcome {
    const outcome = this.judge(by, deal, ask);
    if (outcome !== null) return outcome;
    if (ask.version === deal.version) {
      deal.asked.set(ask.version, { by, ask });
      this.follow(by, deal, ask);
    }
    return null;
  }

  /** In the contract's order: access, party, version, state, role. */
  judge(by: Asker, deal: Deal, ask: Ask): Outcome {
    const { action, version } = ask;
    if (by !== 'platform' && (!this.takesPart(by) || !isParty(by, deal))) return 'FORBIDDEN';
    if (by !== 'platform' && this.isBlocked() && !GOES_ON_ACROSS_A_BLOCK.includes(action))
      return 'FORBIDDEN';
    if (version !== deal.version)
      return isSame(deal.asked.get(version), { by, ask }) ? null : 'CONFLICT';
    return judge(by, deal, action);
  }

  private follow(by: Asker, deal: Deal, { action, note, terms }: Ask): void {
    const actor = by === 'platform' ? null : by;
    if (terms) {
      deal.terms = { ...terms, note };
      if (action === 'COUNTER') [deal.proposer, deal.recipient] = [deal.recipient, deal.proposer];
    }
    if (action !== 'CONFIRM_COMPLETION') {
      deal.status = LEADS_TO[action] ?? deal.status;
      this.move(deal, action, actor, note);
      return;
    }
    const completes = actor === null || deal.confirmedBy.length > 0;
    if (actor !== null) deal.confirmedBy.push(actor);
    if (completes) deal.status = 'COMPLETED';
    this.move(deal, completes ? 'COMPLETE' : 'CONFIRM_COMPLETION', actor, note);
  }

  expire(deal: Deal): void {
    if (deal.status !== 'PENDING' || !deal.over) return;
    deal.status = 'EXPIRED';
    this.move(deal, 'EXPIRE', null, null);
  }

  leave(who: Name): Outcome {
    if (!this.takesPart(who)) return 'FORBIDDEN';
    if (this.deals.some((deal) => deal.status === 'ACCEPTED' && isParty(who, deal)))
      return 'CONFLICT';
    this.depart(who, who);
    return null;
  }

  /** By the platform. */
  remove(who: Name): void {
    if (this.present.has(who)) this.depart(who, null);
  }

  add(by: Name, who: Name): Outcome {
    if (!this.takesPart(by)) return 'FORBIDDEN';
    if (this.kind === 'pair') return 'BAD_USER_INPUT';
    if (this.present.has(who)) return null;
    if (!this.active.has(who)) return 'NOT_FOUND';
    if ([...this.present].some((one) => this.areApart(one, who))) return 'FORBIDDEN';
    this.present.add(who);
    this.joined.set(who, this.log.push(`PARTICIPANT_ADDED ${who} by ${by}`));
    return null;
  }

  deactivate(who: Name): void {
    this.active.delete(who);
    if (this.present.has(who)) this.endPending(who, null);
  }

  mayRead(who: Asker, deal: Deal): boolean {
    if (who === 'platform') return true;
    if (isParty(who, deal)) return this.present.has(who) || deal.status !== 'PENDING';
    return this.present.has(who) && this.madeAt(deal) > (this.joined.get(who) ?? 0);
  }

  private madeAt(deal: Deal): number {
    const made = `OFFER_UPDATED ${this.deals.indexOf(deal)} CREATE`;
    return this.log.findIndex((entry) => entry.startsWith(made)) + 1;
  }

  availableActions(who: Asker, deal: Deal): OfferAction[] {
    if (who !== 'platform' && !this.present.has(who)) return [];
    const ask = { version: deal.version, note: null, terms: null };
    const possible = REQUESTS.filter(
      (action) => this.judge(who, deal, { action, ...ask }) === null,
    );
    return possible.map((action) => {
      const completes = who === 'platform' || deal.confirmedBy.length > 0;
      return action === 'CONFIRM_COMPLETION' && completes ? 'COMPLETE' : action;
    });
  }

  private isBlocked(): boolean {
    return this.kind === 'pair' && this.present.size === 2 && this.areApart('alice', 'bob');
  }

  private areApart(one: Name, other: Name): boolean {
    return this.blocks.has(`${one} ${other}`) || this.blocks.has(`${other} ${one}`);
  }

  private depart(who: Name, actor: Name | null): void {
    this.endPending(who, actor);
    this.present.delete(who);
    this.log.push(`PARTICIPANT_REMOVED ${who} by ${actor}`);
  }

  private endPending(who: Name, actor: Name | null): void {
    for (const deal of this.deals) {
      if (deal.status !== 'PENDING' || !isParty(who, deal)) continue;
      const action = deal.proposer === who ? 'WITHDRAW' : 'DECLINE';
      deal.status = LEADS_TO[action]!;
      this.move(deal, action, actor, null);
    }
  }

  private move(deal: Deal, action: OfferAction, actor: Name | null, note: string | null): void {
    const { status } = deal;
    const version = ++deal.version;
    deal.history.push({ ...deal.terms, version, action, actor, status, note });
    this.log.push(`OFFER_UPDATED ${this.deals.indexOf(deal)} ${action} by ${actor}`);
  }
}
