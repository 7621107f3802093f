/**
 * Ends offers whose time is over.
 *
 * Every node does this in rounds. A round reads the offers that are due and ends them, until none
 * is due any more. The next round begins 400 ms later. Offers that expired while no node was
 * running are due in the first round.
 *
 * The nodes need not know of each other. An offer is ended under its conversation's lock, and only
 * if it is still pending. So the first node to get the lock ends it, and the others change nothing.
 * To share the work, each node takes the due conversations in random order, begins a few of them,
 * and then reads again what is due.
 *
 * The offers of one conversation end one after the other, since they need the same lock. If another
 * transaction keeps a conversation locked, only its own offers are late:
 *
 * - The node first tries the lock without waiting. If another transaction has it, the conversation
 *   is left out until the next round.
 * - Then the node waits for the lock in the background, so that the conversation gets its turn even
 *   when many transactions want the lock. Such waits have a few places of their own, beside those
 *   of the other conversations. If all of them are taken, the next round tries again.
 *
 * An error is logged, and the conversation is left out until the next round, too.
 *
 * A read of what is due that is not answered for 1 s, as on a connection that went without a word,
 * ends its round, and the next one reads again. A few of them may be unanswered at once.
 */
import type { FindViewing } from '../conversation/conversation.access';
import type { Logger } from '../logger';
import type { OfferReader } from './offer.reader';
import type { OfferService } from './offer.service';

/** Pause between two rounds, short enough for an offer to end well within 2 s of its expiry. */
const INTERVAL_MS = 400;
/** The largest number of due offers that one statement reads. */
const MAX_PER_ROUND = 100;
/**
 * The largest number of conversations that are worked on at the same time. After this many the due
 * offers are read again, since other nodes may have ended some of them meanwhile.
 */
const AT_ONCE = 4;
/** The largest number of other conversations whose lock the node waits for at the same time. */
const WAITING_AT_ONCE = 2;
/** Time without an answer after which a round ends. */
const SILENCE_MS = 1_000;
/** The largest number of reads that rounds have left behind without an answer. */
const LEFT_BEHIND = 3;

/** Ends offers whose time is over, in rounds, until it is stopped. */
export class OfferExpiry {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly waiting = new Map<string, Promise<void>>();
  private leftBehind = 0;
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

  /** Begins nothing new, and resolves when nothing is under way any more. */
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

  /** Runs one round. Conversations that failed or were locked are left for the next round. */
  private async expireDue(): Promise<void> {
    const left = new Set<string>();
    while (!this.stopped) {
      const except = [...left, ...this.underWay.keys(), ...this.waiting.keys()];
      const due = byConversation(await this.due(except));
      if (due.size === 0) return;
      for (const [conversationId, offerIds] of shuffled([...due]).slice(0, AT_ONCE)) {
        while (this.underWay.size >= AT_ONCE) await Promise.race(this.underWay.values());
        this.begin(conversationId, offerIds, left);
      }
    }
  }

  /** Returns what is due, and nothing when the database does not answer in time. */
  private async due(except: readonly string[]): ReturnType<OfferReader['due']> {
    const reading = this.reader.due(MAX_PER_ROUND, except);
    if (this.leftBehind === LEFT_BEHIND) return reading;
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), SILENCE_MS);
    });
    const found = await Promise.race([reading, silence]).finally(() => clearTimeout(timer));
    if (found) return found;
    this.leftBehind++;
    void reading
      .catch((error: unknown) => this.warn(error))
      .finally(() => {
        this.leftBehind--;
      });
    return [];
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

  /** @returns false as soon as another transaction has the lock and `waits` is false */
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

/** Returns the items in random order, so that nodes do not begin with the same conversation. */
function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
