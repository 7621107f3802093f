import type { Bus } from '../bus/bus';
import type { ConversationAccess } from '../conversation/conversation.access';
import { type BusEvent, topics } from '../events';
import type { Logger } from '../logger';
import type { Caller } from '../people/caller';
import { requireUser } from '../people/caller';
import { pairKey, parsePairKey } from '../runtime/pair-key';
import type { PresenceStore } from './store/presence.store';

/** Typing lasts this long unless renewed. */
export const TYPING_TTL_MS = 6_000;
/** A repeat within this time is not sent again. */
export const TYPING_REPEAT_MS = 2_000;

const PREFIX = 'typing:';

/** Somebody who types, by a request to this node. */
interface LocalTypist {
  publishedAtMs: number;
  lapse: NodeJS.Timeout;
  /** Ends the listening for what ends the typing elsewhere. */
  unsubscribe: Promise<() => Promise<void>>;
}

/**
 * Who types where. Typing ends by itself: after 6 s, when the typist sends or leaves, when their last
 * device disconnects, when the node dies.
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

  /** @throws {ForbiddenError} not a participant */
  async set(caller: Caller, conversationId: string, isTyping: boolean): Promise<void> {
    const { userId } = requireUser(caller);
    await this.access.read(caller, conversationId);
    if (isTyping) this.begin(conversationId, userId);
    else await this.stopEverywhere(conversationId, userId);
  }

  /** Ids of the users who type in the conversation now, on any node. */
  async typists(conversationId: string): Promise<string[]> {
    const [members] = await this.store.members([PREFIX + conversationId]);
    return members!;
  }

  /** The user's last device is gone, on all nodes; what they typed may have come by any of them. */
  lastDeviceDisconnected(userId: string): void {
    this.bus.publish([
      { topic: topics.presence(userId), event: { name: 'user.disconnected', userId } },
    ]);
    // Without waiting for the bus, which may be away.
    for (const key of [...this.localTypists.keys()]) {
      const [conversationId, typistId] = parsePairKey(key);
      if (typistId === userId) this.end(conversationId, userId);
    }
  }

  private begin(conversationId: string, userId: string): void {
    const key = pairKey(conversationId, userId);
    const known = this.localTypists.get(key);
    const now = Date.now();
    const repeated = known !== undefined && now - known.publishedAtMs < TYPING_REPEAT_MS;
    if (known) clearTimeout(known.lapse);
    this.localTypists.set(key, {
      publishedAtMs: repeated ? known.publishedAtMs : now,
      lapse: this.lapseOf(conversationId, userId),
      unsubscribe: known?.unsubscribe ?? this.watch(conversationId, userId),
    });
    if (!known) this.logFailure(this.store.hold(PREFIX + conversationId, userId));
    if (!repeated) this.publish(conversationId, userId, new Date(now + TYPING_TTL_MS));
  }

  /** They say so themselves, at whichever node: it is told at once, and every node that holds it hears it. */
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

  /** @returns whether they typed by this node */
  private drop(conversationId: string, userId: string): boolean {
    const key = pairKey(conversationId, userId);
    const known = this.localTypists.get(key);
    if (!known) return false;
    this.localTypists.delete(key);
    clearTimeout(known.lapse);
    this.logFailure(known.unsubscribe.then((unsubscribe) => unsubscribe()));
    return true;
  }

  /** Whoever is the last to let go says so: one end, however many nodes held it. */
  private async letGo(conversationId: string, userId: string): Promise<void> {
    if (await this.store.release(PREFIX + conversationId, userId))
      this.publish(conversationId, userId, null);
  }

  /** They stopped at another node, which has told everybody. */
  private release(conversationId: string, userId: string): void {
    if (this.drop(conversationId, userId))
      this.logFailure(this.store.release(PREFIX + conversationId, userId));
  }

  /** They go on typing at another node. */
  private renew(conversationId: string, userId: string): void {
    const known = this.localTypists.get(pairKey(conversationId, userId));
    if (!known) return;
    clearTimeout(known.lapse);
    known.lapse = this.lapseOf(conversationId, userId);
  }

  private lapseOf(conversationId: string, userId: string): NodeJS.Timeout {
    return setTimeout(() => this.end(conversationId, userId), TYPING_TTL_MS).unref();
  }

  /** Their message or departure may be written, and their last device end, on any node; the bus says so on all. */
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
