import type { Viewing } from '../conversation/conversation.access';
import type { Logger } from '../logger';
import type { OfferService } from './offer.service';

/** How often offers are looked at: what is over ends well within 2 s. */
const INTERVAL_MS = 400;
/** Offers that one look takes on, and how many of them end at the same time. */
const MOST_A_LOOK = 500;
const AT_ONCE = 4;

/**
 * Ends offers whose time is over. Every node does it, and none needs to know of the others: an offer is ended by
 * whoever locks it first, and what expired while nothing ran is found at the first look.
 */
export class OfferExpiry {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
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
  }

  private look(): void {
    this.looking = this.expireDue()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'offers not expired'))
      .then(() => {
        if (!this.stopped) this.timer = setTimeout(() => this.look(), INTERVAL_MS).unref();
      });
  }

  private async expireDue(): Promise<void> {
    const due = shuffled(await this.offers.due(MOST_A_LOOK));
    const work = async () => {
      for (let offer = due.pop(); offer && !this.stopped; offer = due.pop())
        await this.offers.expire(offer.id, await this.viewing(offer.conversationId));
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }
}

/** Nodes that look at the same moment begin in different places. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
