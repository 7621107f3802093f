import type { FindViewing } from '../conversation/conversation.access';
import type { Logger } from '../logger';
import type { OfferReader } from './offer.reader';
import type { OfferService } from './offer.service';

/** How often offers are looked at: what is over ends well within 2 s. */
const INTERVAL_MS = 400;
/** Offers that are read at a time. */
const MAX_PER_ROUND = 100;
/** Conversations that are worked on at the same time; then it is looked afresh: other nodes do their part meanwhile. */
const AT_ONCE = 4;
/** Conversations that somebody holds and that are waited for at the same time, beside those. */
const WAITING_AT_ONCE = 2;

/**
 * Ends offers whose time is over. Every node does it, and none needs to know of the others: an offer is ended by
 * whoever locks it first, and what expired while nothing ran is found at the first look.
 *
 * A conversation's offers end one after the other, since they need the same lock. Conversations that somebody keeps
 * locked hold up nothing but themselves: each is tried at every look, and waited for, so that it has its turn among
 * many who want it, in places of its own.
 */
export class OfferExpiry {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly waiting = new Map<string, Promise<void>>();
  private stopped = false;

  constructor(
    private readonly reader: OfferReader,
    private readonly offers: OfferService,
    private readonly findViewing: FindViewing,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.look();
  }

  /** Resolves when nothing is under way any more. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
    await Promise.all(this.underWay.values());
    await Promise.all(this.waiting.values());
  }

  private look(): void {
    this.looking = this.expireDue()
      .catch((error: unknown) => this.warn(error))
      .then(() => {
        if (!this.stopped) this.timer = setTimeout(() => this.look(), INTERVAL_MS).unref();
      });
  }

  /** Until nothing is due any more; what fails, and what somebody holds, is left for the next look. */
  private async expireDue(): Promise<void> {
    const left = new Set<string>();
    while (!this.stopped) {
      const except = [...left, ...this.underWay.keys(), ...this.waiting.keys()];
      const due = byConversation(await this.reader.due(MAX_PER_ROUND, except));
      if (due.size === 0) return;
      for (const [conversationId, offerIds] of shuffled([...due]).slice(0, AT_ONCE)) {
        while (this.underWay.size >= AT_ONCE) await Promise.race(this.underWay.values());
        this.begin(conversationId, offerIds, left);
      }
    }
  }

  private begin(conversationId: string, offerIds: readonly string[], left: Set<string>): void {
    const work = this.expireAll(conversationId, offerIds, false)
      .then((isDone) => {
        if (isDone) return;
        left.add(conversationId);
        this.wait(conversationId, offerIds);
      })
      .catch((error: unknown) => {
        left.add(conversationId);
        this.warn(error);
      })
      .finally(() => this.underWay.delete(conversationId));
    this.underWay.set(conversationId, work);
  }

  private wait(conversationId: string, offerIds: readonly string[]): void {
    if (this.waiting.size >= WAITING_AT_ONCE) return;
    const work = this.expireAll(conversationId, offerIds, true)
      .then(() => {})
      .catch((error: unknown) => this.warn(error))
      .finally(() => this.waiting.delete(conversationId));
    this.waiting.set(conversationId, work);
  }

  /** @returns false as soon as somebody holds the conversation and is not waited for */
  private async expireAll(
    conversationId: string,
    offerIds: readonly string[],
    waits: boolean,
  ): Promise<boolean> {
    for (const id of offerIds) {
      if (this.stopped) return true;
      if (!(await this.offers.expire(id, await this.findViewing(conversationId), waits)))
        return false;
    }
    return true;
  }

  private warn(error: unknown): void {
    this.logger.warn({ err: error }, 'offers not expired');
  }
}

function byConversation(
  offers: readonly { id: string; conversationId: string }[],
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, conversationId } of offers)
    groups.set(conversationId, [...(groups.get(conversationId) ?? []), id]);
  return groups;
}

/** Nodes that look at the same moment begin in different places. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
