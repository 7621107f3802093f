import type { Viewing } from '../conversation/conversation.access';
import type { Logger } from '../logger';
import type { OfferService } from './offer.service';

/** How often offers are looked at: what is over ends well within 2 s. */
const INTERVAL_MS = 400;
/** Offers that are read at a time. */
const MOST_A_ROUND = 100;
/** Conversations that are worked on at the same time; then it is looked afresh: other nodes do their part meanwhile. */
const AT_ONCE = 4;

/**
 * Ends offers whose time is over. Every node does it, and none needs to know of the others: an offer is ended by
 * whoever locks it first, and what expired while nothing ran is found at the first look.
 *
 * A conversation's offers end one after the other, since they need the same lock. A conversation that somebody keeps
 * locked holds up nothing but itself: the others are looked at all the while.
 */
export class OfferExpiry {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private readonly underWay = new Map<string, Promise<void>>();
  private stopped = false;

  constructor(
    private readonly offers: OfferService,
    private readonly viewing: Viewing,
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
  }

  private look(): void {
    this.looking = this.expireDue()
      .catch((error: unknown) => this.warn(error))
      .then(() => {
        if (!this.stopped) this.timer = setTimeout(() => this.look(), INTERVAL_MS).unref();
      });
  }

  /** Until nothing is due any more; what fails is left for the next look. */
  private async expireDue(): Promise<void> {
    const failed = new Set<string>();
    while (!this.stopped) {
      const except = [...failed, ...this.underWay.keys()];
      const due = byConversation(await this.offers.due(MOST_A_ROUND, except));
      if (due.size === 0) return;
      for (const [conversationId, offerIds] of shuffled([...due]).slice(0, AT_ONCE)) {
        while (this.underWay.size >= AT_ONCE) await Promise.race(this.underWay.values());
        this.begin(conversationId, offerIds, failed);
      }
    }
  }

  private begin(conversationId: string, offerIds: readonly string[], failed: Set<string>): void {
    const work = this.expireAll(conversationId, offerIds)
      .catch((error: unknown) => {
        failed.add(conversationId);
        this.warn(error);
      })
      .finally(() => this.underWay.delete(conversationId));
    this.underWay.set(conversationId, work);
  }

  private async expireAll(conversationId: string, offerIds: readonly string[]): Promise<void> {
    for (const id of offerIds) {
      if (this.stopped) return;
      await this.offers.expire(id, await this.viewing(conversationId));
    }
  }

  private warn(error: unknown): void {
    this.logger.warn({ err: error }, 'offers not expired');
  }
}

function byConversation(offers: readonly { id: string; conversationId: string }[]): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { id, conversationId } of offers) groups.set(conversationId, [...(groups.get(conversationId) ?? []), id]);
  return groups;
}

/** Nodes that look at the same moment begin in different places. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
