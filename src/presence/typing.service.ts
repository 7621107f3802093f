import type { Bus } from '../bus/bus';
import type { ConversationAccess } from '../conversation/conversation.access';
import { type BusEvent, topics } from '../events';
import type { Logger } from '../logger';
import type { Caller } from '../people/caller';
import { requireUser } from '../people/caller';
import { pairKey, parsePairKey } from '../runtime/pair-key';
import type { PresenceStore } from './store/presence.store';

/** Typing ends after this time, unless it is renewed. */
export const TYPING_TTL_MS = 6_000;
/** Typing that the user repeats within this time is not published again. */
export const TYPING_REPEAT_MS = 2_000;

const PREFIX = 'typing:';

/** A user whose typing this node holds, because the request came to this node. */
interface LocalTypist {
  /** When the typing was published last, by `performance.now()`. */
  publishedAtMs: number;
  /** When the typing ends by itself, by `performance.now()`. */
  lapsesAtMs: number;
  lapse: NodeJS.Timeout;
  /** Ends the listening of `watch`. */
  unsubscribe: Promise<() => Promise<void>>;
}

/** A user who types, and the time after which their typing ends unless it is renewed. */
export interface Typist {
  userId: string;
  leftMs: number;
}

/**
 * Knows which users type, and publishes each change as `typing.changed`. Typing ends when the user
 * says so. It also ends by itself: after 6 s, when the user sends a message into the conversation
 * or leaves it, when the user's last device disconnects, and when the node that holds it dies.
 *
 * Nodes exchange durations only, since their clocks may differ: 6 s begin anew at each node with
 * each event that it receives. Redis keeps the time for those who begin to listen later. So typing
 * that a dead node held is told to nobody any more once its 6 s are over, although the node's holds
 * end later.
 */
export class TypingService {
  private readonly localTypists = new Map<string, LocalTypist>();

  constructor(
    private readonly access: ConversationAccess,
    private readonly store: PresenceStore,
    private readonly bus: Bus,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.store.onLost((lost) => {
      for (const { set, member } of lost)
        if (set.startsWith(PREFIX)) this.publish(set.slice(PREFIX.length), member, null);
    });
  }

  stop(): void {
    for (const typist of this.localTypists.values()) clearTimeout(typist.lapse);
    this.localTypists.clear();
  }

  /**
   * Begins, renews or ends the caller's typing.
   *
   * @throws {ForbiddenError} when the caller is a service token, or not a participant
   */
  async set(caller: Caller, conversationId: string, isTyping: boolean): Promise<void> {
    const { userId } = requireUser(caller);
    await this.access.read(caller, conversationId);
    if (isTyping) this.begin(conversationId, userId);
    else await this.stopEverywhere(conversationId, userId);
  }

  /**
   * Returns the users who type in the conversation now, on any node. While Redis is away, only
   * those on this node.
   */
  async typists(conversationId: string): Promise<Typist[]> {
    const fresh = await this.store.fresh(PREFIX + conversationId);
    if (fresh) return [...fresh].map(([userId, leftMs]) => ({ userId, leftMs }));
    const [members] = await this.store.members([PREFIX + conversationId]);
    const now = performance.now();
    return members!.flatMap((userId) => {
      const known = this.localTypists.get(pairKey(conversationId, userId));
      return known ? [{ userId, leftMs: known.lapsesAtMs - now }] : [];
    });
  }

  /**
   * Ends all typing of a user whose last device on all nodes has disconnected. Any node may hold
   * some of it, so the bus notifies all nodes.
   */
  lastDeviceDisconnected(userId: string): void {
    this.bus.publish([
      { topic: topics.presence(userId), event: { name: 'user.disconnected', userId } },
    ]);
    // This node does not wait for its own event, because the bus may be away.
    for (const key of [...this.localTypists.keys()]) {
      const [conversationId, typistId] = parsePairKey(key);
      if (typistId === userId) this.end(conversationId, userId);
    }
  }

  private begin(conversationId: string, userId: string): void {
    const key = pairKey(conversationId, userId);
    const known = this.localTypists.get(key);
    const now = performance.now();
    const repeated = known !== undefined && now - known.publishedAtMs < TYPING_REPEAT_MS;
    if (known) clearTimeout(known.lapse);
    this.localTypists.set(key, {
      publishedAtMs: repeated ? known.publishedAtMs : now,
      lapsesAtMs: now + TYPING_TTL_MS,
      lapse: this.lapseOf(conversationId, userId),
      unsubscribe: known?.unsubscribe ?? this.watch(conversationId, userId),
    });
    if (!known) this.logFailure(this.store.hold(PREFIX + conversationId, userId));
    this.logFailure(this.store.refresh(PREFIX + conversationId, userId, TYPING_TTL_MS));
    if (!repeated) this.publish(conversationId, userId, new Date(Date.now() + TYPING_TTL_MS));
  }

  /**
   * Ends the typing because the user said so, at any node. This node publishes the end at once. The
   * other nodes that hold the typing receive that event and release it.
   */
  private async stopEverywhere(conversationId: string, userId: string): Promise<void> {
    const types =
      this.drop(conversationId, userId) ||
      (await this.store.membersAmong(PREFIX + conversationId, [userId])).size > 0;
    if (types) this.publish(conversationId, userId, null);
    await this.store.release(PREFIX + conversationId, userId);
  }

  private end(conversationId: string, userId: string): void {
    if (this.drop(conversationId, userId)) this.logFailure(this.letGo(conversationId, userId));
  }

  /**
   * Forgets the typing on this node, but does not release it in the store.
   *
   * @returns true when this node held it
   */
  private drop(conversationId: string, userId: string): boolean {
    const key = pairKey(conversationId, userId);
    const known = this.localTypists.get(key);
    if (!known) return false;
    this.localTypists.delete(key);
    clearTimeout(known.lapse);
    this.logFailure(known.unsubscribe.then((unsubscribe) => unsubscribe()));
    return true;
  }

  /**
   * Releases the typing in the store. Only the node that releases it last publishes the end. So
   * there is one end, no matter how many nodes held it.
   */
  private async letGo(conversationId: string, userId: string): Promise<void> {
    if (await this.store.release(PREFIX + conversationId, userId))
      this.publish(conversationId, userId, null);
  }

  /** Ends the typing without publishing: the node at which the user stopped has published it. */
  private release(conversationId: string, userId: string): void {
    if (this.drop(conversationId, userId))
      this.logFailure(this.store.release(PREFIX + conversationId, userId));
  }

  /** Starts the 6 s anew, because the user goes on typing at another node. */
  private renew(conversationId: string, userId: string): void {
    const known = this.localTypists.get(pairKey(conversationId, userId));
    if (!known) return;
    clearTimeout(known.lapse);
    known.lapse = this.lapseOf(conversationId, userId);
    known.lapsesAtMs = performance.now() + TYPING_TTL_MS;
  }

  private lapseOf(conversationId: string, userId: string): NodeJS.Timeout {
    return setTimeout(() => this.end(conversationId, userId), TYPING_TTL_MS).unref();
  }

  /**
   * Listens to the bus for what ends or renews the typing: the user's message or departure, the end
   * of their last device, and their typing at another node. Each may happen on any node.
   *
   * @returns a function that ends the listening
   */
  private async watch(conversationId: string, userId: string): Promise<() => Promise<void>> {
    const listener = (event: BusEvent) => {
      if (endsTyping(event, userId)) this.end(conversationId, userId);
      else if (stopsTyping(event, userId)) this.release(conversationId, userId);
      else if (renewsTyping(event, userId)) this.renew(conversationId, userId);
    };
    const watched = [topics.conversation(conversationId), topics.presence(userId)];
    const ends = await Promise.all(watched.map((topic) => this.bus.subscribe(topic, listener)));
    return async () => void (await Promise.all(ends.map((end) => end())));
  }

  private publish(conversationId: string, userId: string, expiresAt: Date | null): void {
    const event = {
      name: 'typing.changed',
      conversationId,
      userId,
      isTyping: expiresAt !== null,
      expiresAt: expiresAt?.toISOString() ?? null,
    } as const;
    this.bus.publish([{ topic: topics.conversation(conversationId), event }]);
  }

  private logFailure(change: Promise<unknown>): void {
    change.catch((error: unknown) => this.logger.warn({ err: error }, 'typing not recorded'));
  }
}

function renewsTyping(event: BusEvent, userId: string): boolean {
  return event.name === 'typing.changed' && event.userId === userId && event.isTyping;
}

function stopsTyping(event: BusEvent, userId: string): boolean {
  return event.name === 'typing.changed' && event.userId === userId && !event.isTyping;
}

function endsTyping(event: BusEvent, userId: string): boolean {
  if (event.name === 'user.disconnected') return event.userId === userId;
  if (event.name !== 'log.appended') return false;
  if (event.kind === 'MESSAGE_ADDED') return event.actorId === userId;
  return event.kind === 'PARTICIPANT_REMOVED' && event.participantId === userId;
}
