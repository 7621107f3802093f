import type { Pool } from 'pg';
import type { Services } from '../../src/graphql/services';
import type { OfferPartsFragment } from '../generated/graphql';
import {
  type Ask,
  type Asker,
  type Creation,
  type Deal,
  NAMES,
  REQUESTS,
  type Request,
} from './offer.deal';
import { Negotiations } from './offer.model';
import { Stage } from './offer.stage';
import type { Role, Script, Step, Words } from './offer.steps';
import { expectedView, type Seen, seenView } from './offer.view';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DEFAULT_TERM_MS = 48 * HOUR_MS;
/** Steps after which there is room for one more of new terms. */
const LONG = 18;
const NO_WORDS: Words = { note: null, amount: 1, gives: 'asker', hours: null };

/** How often each thing was asked and answered, over all plays. */
export type Tally = Map<string, number>;

/** Does with the service and with the model what a script says, and compares after each step. */
export class Play {
  private constructor(
    private readonly stage: Stage,
    private readonly model: Negotiations,
    private readonly tally: Tally,
  ) {}

  static async perform(
    services: Services,
    database: Pool,
    { kind, opening, blocked, steps }: Script,
    tally: Tally,
  ): Promise<void> {
    const play = new Play(await Stage.set(services, database, kind), new Negotiations(kind), tally);
    const terms = { giver: 'alice', amount: 1, note: 'first', expiresAt: null } as const;
    await play.create('alice', { recipient: 'bob', terms, clientOfferId: null });
    await play.open(opening);
    if (blocked) await play.step({ do: 'block', by: 'bob', who: 'alice' });
    for (const step of steps) await play.step(step);
    await play.compareAll();
  }

  private async open(opening: Script['opening']): Promise<void> {
    const [deal] = this.model.deals as [Deal];
    if (opening === 'long')
      return this.stepOf({ do: 'haggle', deal: 0, times: LONG, words: NO_WORDS }, deal);
    if (opening === 'over') return this.stepOf({ do: 'let its time pass', deal: 0 }, deal);
    if (opening === 'made') return;
    await this.ask('bob', deal, askOf('ACCEPT', deal, NO_WORDS));
    if (opening === 'confirmed')
      await this.ask('alice', deal, askOf('CONFIRM_COMPLETION', deal, NO_WORDS));
  }

  private async step(step: Step): Promise<void> {
    if ('deal' in step)
      return this.stepOf(step, this.model.deals[step.deal % this.model.deals.length]!);
    const { model, stage } = this;
    switch (step.do) {
      case 'create': {
        const { by, to: recipient, clientOfferId, words } = step;
        const other = recipient ?? (by === 'alice' ? 'bob' : 'alice');
        const giver = words.gives === 'asker' && by !== 'platform' ? by : other;
        return this.create(by, {
          recipient,
          terms: { giver, note: words.note, ...termsOf(words) },
          clientOfferId,
        });
      }
      case 'leave':
        this.answered('leave', await stage.leave(step.who), model.leave(step.who));
        break;
      case 'remove':
        await stage.remove(step.who);
        model.remove(step.who);
        break;
      case 'deactivate':
        await stage.deactivate(step.who);
        model.deactivate(step.who);
        break;
      case 'add':
        this.answered('add', await stage.add(step.by, step.who), model.add(step.by, step.who));
        break;
      case 'block':
        if (step.by === step.who) return;
        await stage.block(step.by, step.who);
        model.blocks.add(`${step.by} ${step.who}`);
        break;
      case 'unblock':
        if (step.by === step.who) return;
        await stage.unblock(step.by, step.who);
        model.blocks.delete(`${step.by} ${step.who}`);
    }
    await this.compareAll();
  }

  private async stepOf(step: Step & { deal: number }, deal: Deal): Promise<void> {
    switch (step.do) {
      case 'create again': {
        const { initiator, creation } = deal;
        const terms = step.otherNote ? { ...creation.terms, note: 'another' } : creation.terms;
        return this.create(initiator, { ...creation, terms });
      }
      case 'ask':
        return this.ask(whoIs(step.by, deal), deal, askOf(step.action, deal, step.words, step.off));
      case 'ask what is possible': {
        const possible = this.possible(deal);
        if (possible.length === 0) return;
        const [by, action] = possible[step.which % possible.length]!;
        return this.ask(by, deal, askOf(action, deal, step.words));
      }
      case 'haggle':
        for (let times = 0; times < step.times; times++) {
          const [by, action] =
            times % 2 ? [deal.recipient, 'COUNTER' as const] : [deal.proposer, 'REVISE' as const];
          await this.ask(by, deal, askOf(action, deal, step.words));
        }
        return;
      case 'ask again': {
        const asked = [...deal.asked.values()];
        if (asked.length === 0) return;
        const { by, ask } = asked[step.which % asked.length]!;
        const asker = step.change === 'asker' ? otherThan(by, deal) : by;
        return this.ask(asker, deal, changed(ask, step.change));
      }
      case 'let its time pass':
        deal.terms.expiresAt = await this.stage.letTimePass(deal);
        deal.over = true;
        return this.compare(deal);
      case 'expire':
        await this.stage.expire(deal);
        this.model.expire(deal);
        return this.compare(deal);
    }
  }

  private async create(by: Asker, creation: Creation): Promise<void> {
    const answer = await this.stage.create(by, creation);
    const { outcome, deal } = this.model.create(by, creation);
    this.answered('CREATE', answer.refusal?.code ?? null, outcome);
    if (!deal || answer.data === null) return;
    if (deal.id === '') {
      deal.id = answer.data.id;
      this.settleExpiry(deal, answer.data);
    }
    await this.compare(deal, by, answer.data);
  }

  private async ask(by: Asker, deal: Deal, ask: Ask): Promise<void> {
    const { version, status } = deal;
    const answer = await this.stage.ask(by, deal, ask);
    const outcome = this.model.ask(by, deal, ask);
    const again = outcome === null && deal.version === version ? ' again' : '';
    this.answered(`${ask.action}${again}`, answer.refusal?.code ?? null, outcome);
    if (answer.refusal?.code === 'CONFLICT')
      expect(answer.refusal).toEqual({
        code: 'CONFLICT',
        currentVersion: version,
        currentStatus: status,
      });
    if (answer.data && deal.version > version) this.settleExpiry(deal, answer.data);
    await this.compare(deal, by, answer.data);
  }

  private answered(what: string, code: string | null, outcome: string | null): void {
    const key = `${what} ${code ?? 'ok'}`;
    this.tally.set(key, (this.tally.get(key) ?? 0) + 1);
    if (outcome?.includes('|')) expect(outcome.split('|')).toContain(code);
    else expect({ what, code }).toEqual({ what, code: outcome });
  }

  /** Where nothing was said, 48 hours from then. */
  private settleExpiry(deal: Deal, { expiresAt, updatedAt }: OfferPartsFragment): void {
    if (deal.terms.expiresAt !== null) return;
    expect(Math.abs(Date.parse(expiresAt) - Date.parse(updatedAt) - DEFAULT_TERM_MS)).toBeLessThan(
      MINUTE_MS,
    );
    deal.terms.expiresAt = expiresAt;
    deal.history.at(-1)!.expiresAt = expiresAt;
  }

  private possible(deal: Deal): [Asker, Request][] {
    const askers: Asker[] = [deal.proposer, deal.recipient, 'platform'];
    const asks = askers.flatMap((by) => REQUESTS.map((action): [Asker, Request] => [by, action]));
    return asks.filter(
      ([by, action]) => this.model.judge(by, deal, askOf(action, deal, NO_WORDS)) === null,
    );
  }

  /** What the parties see of it, and what the asker was answered. */
  private async compare(
    deal: Deal,
    by: Asker = 'platform',
    answered: Seen | null = null,
  ): Promise<void> {
    const { model } = this;
    const { nameOf } = this.stage;
    if (answered)
      expect(seenView(answered, nameOf)).toEqual({
        ...expectedView(model, by, deal),
        history: undefined,
      });
    await Promise.all([deal.proposer, deal.recipient].map((who) => this.compareFor(who, [deal])));
  }

  /** What everybody sees of everything, and the log. */
  private async compareAll(): Promise<void> {
    const { deals, log } = this.model;
    await Promise.all([...NAMES, 'platform' as const].map((who) => this.compareFor(who, deals)));
    expect(await this.stage.log(deals)).toEqual(log.map((entry, index) => `${index + 1} ${entry}`));
  }

  private async compareFor(who: Asker, deals: readonly Deal[]): Promise<void> {
    const { model, stage } = this;
    // Whoever is deactivated has no valid token.
    if (who !== 'platform' && !model.active.has(who)) return;
    const answers = await stage.read(who, deals);
    const seen = answers.map(({ data, refusal }) =>
      data ? seenView(data, stage.nameOf) : refusal?.code,
    );
    const expected = deals.map((deal) =>
      model.mayRead(who, deal) ? expectedView(model, who, deal) : 'FORBIDDEN',
    );
    expect({ who, seen }).toEqual({ who, seen: expected });
  }
}

function otherThan(who: Asker, { proposer, recipient }: Deal): Asker {
  return who === proposer ? recipient : proposer;
}

function whoIs(role: Role, deal: Deal): Asker {
  if (role === 'platform') return role;
  if (role === 'proposer' || role === 'recipient') return deal[role];
  const others = NAMES.filter((name) => name !== deal.proposer && name !== deal.recipient);
  return others[role === 'bystander' ? 0 : 1]!;
}

function termsOf({ amount, hours }: Words) {
  return {
    amount,
    expiresAt: hours === null ? null : new Date(Date.now() + hours * HOUR_MS).toISOString(),
  };
}

function askOf(action: Request, deal: Deal, words: Words, off = 0): Ask {
  const brings = action === 'COUNTER' || action === 'REVISE';
  const giver = words.gives === 'asker' ? deal.proposer : deal.recipient;
  return {
    action,
    version: deal.version + off,
    note: words.note,
    terms: brings ? { giver, ...termsOf(words) } : null,
  };
}

function changed(ask: Ask, change: 'nothing' | 'note' | 'action' | 'asker'): Ask {
  if (change === 'note') return { ...ask, note: 'something else' };
  if (change !== 'action') return ask;
  return {
    ...ask,
    action: ask.terms ? (ask.action === 'COUNTER' ? 'REVISE' : 'COUNTER') : otherEnd(ask.action),
  };
}

const otherEnd = (action: Request): Request => (action === 'ACCEPT' ? 'DECLINE' : 'ACCEPT');
