/**
 * The review: reads anew who is online and who has a conversation open, and tells this node's
 * subscribers where that differs from what they were told.
 *
 * It is needed because presence is told by events, each once. An event is lost while the bus is
 * away. When Redis loses its memory and a node dies with it, no node knows what that one held, and
 * no event ends it. And a subscription that begins while the nodes register again reads too little.
 *
 * It runs some seconds after the bus has come back, after this node has registered anew, and after
 * it has learnt of a loss of memory. In the quiet time after such a loss it tells only who is
 * there. It runs again when the quiet time is over, and then tells who is gone, too.
 */
import type { Bus } from '../bus/bus';
import { type BusEvent, topics } from '../events';
import type { Logger } from '../logger';
import type { PresenceReader } from './presence.reader';
import type { PresenceStore } from './store/presence.store';

/** By then the other nodes, too, have noticed a loss of memory and registered again. */
const DELAY_MS = 7_000;
/** The largest number of topics in one read. More would block Redis and this node. */
const TOPICS_PER_READ = 500;

/** The subscribers of this node. */
export interface LocalSubscribers {
  /** Returns the topics that begin with `prefix` and have a subscriber on this node. */
  topics(prefix: string): string[];
  /** Tells a hint to the subscribers of a topic on this node, and to no other node. */
  tell(topic: string, event: BusEvent): void;
}

export class PresenceReview {
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly store: PresenceStore,
    private readonly presence: PresenceReader,
    private readonly bus: Bus,
    private readonly subscribers: LocalSubscribers,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.store.onUncertain(() => this.schedule(DELAY_MS));
    this.bus.onStateChange((connected) => {
      if (connected) this.schedule(DELAY_MS);
    });
  }

  stop(): void {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Replaces a review that is not due yet: what has happened since would escape it. */
  private schedule(delayMs: number): void {
    if (this.stopped) return;
    if (this.timer) clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), delayMs).unref();
  }

  private async run(): Promise<void> {
    this.timer = null;
    const { quietForMs } = this.store;
    try {
      await this.reviewPresence(quietForMs === 0);
      await this.reviewViewers(quietForMs === 0);
    } catch (error) {
      this.logger.warn({ err: error }, 'presence not reviewed');
    }
    if (quietForMs > 0 && this.timer === null) this.schedule(quietForMs);
  }

  private async reviewPresence(tellsEnds: boolean): Promise<void> {
    await this.forEachPart(topics.presence(''), async (userIds) => {
      const there = await this.presence.onlineAmong(userIds);
      return userIds.map((userId): BusEvent | null => {
        const online = there.has(userId);
        return online || tellsEnds ? { name: 'presence.reviewed', userId, online } : null;
      });
    });
  }

  private async reviewViewers(tellsEnds: boolean): Promise<void> {
    await this.forEachPart(topics.conversation(''), async (conversationIds) => {
      const viewers = await this.presence.viewers(conversationIds);
      return conversationIds.map((conversationId, index): BusEvent => {
        const userIds = viewers[index]!;
        return { name: 'viewers.reviewed', conversationId, userIds, tellsEnds };
      });
    });
  }

  /** Reads for the topics of a prefix, in portions, and tells each topic the event for its id. */
  private async forEachPart(
    prefix: string,
    read: (ids: readonly string[]) => Promise<readonly (BusEvent | null)[]>,
  ): Promise<void> {
    const all = this.subscribers.topics(prefix);
    for (let from = 0; from < all.length; from += TOPICS_PER_READ) {
      const part = all.slice(from, from + TOPICS_PER_READ);
      const events = await read(part.map((topic) => topic.slice(prefix.length)));
      // While Redis is away, only this node is known. Its return begins another review.
      if (this.stopped || !this.store.connected) return;
      for (const [index, topic] of part.entries()) {
        const event = events[index];
        if (event) this.subscribers.tell(topic, event);
      }
    }
  }
}
