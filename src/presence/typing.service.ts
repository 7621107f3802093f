import type { Viewer } from '../auth/viewer';
import { requireUser } from '../auth/viewer';
import type { ConversationAccess } from '../conversation/conversation.access';
import type { Bus } from '../delivery/bus';
import { type BusEvent, topics } from '../events';
import type { Logger } from '../logger';
import type { PresenceStore } from './presence.store';

/** Typing lasts this long unless renewed. */
export const TYPING_TTL_MS = 6_000;
/** A repeat within this time is not sent again. */
const REPEAT_MS = 2_000;

const PREFIX = 'typing:';

/** Somebody who types, by a request to this node. */
interface Typist {
  announcedAtMs: number;
  lapse: NodeJS.Timeout;
  /** Ends the listening for what ends the typing elsewhere. */
  unsubscribe: Promise<() => Promise<void>>;
}

/**
 * Who types where. Typing ends by itself: after 6 s, when the typist sends or leaves, when their last
 * device disconnects, when the node dies.
 */
export class TypingService {
  private readonly here = new Map<string, Typist>();

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
    for (const typist of this.here.values()) clearTimeout(typist.lapse);
    this.here.clear();
  }

  /** @throws {ForbiddenError} not a participant */
  async set(viewer: Viewer, conversationId: string, isTyping: boolean): Promise<void> {
    const { userId } = requireUser(viewer);
    await this.access.read(viewer, conversationId);
    if (isTyping) this.begin(conversationId, userId);
    else this.end(conversationId, userId);
  }

  /** Ids of the users who type in the conversation now, on any node. */
  async typists(conversationId: string): Promise<string[]> {
    const [members] = await this.store.members([PREFIX + conversationId]);
    return members!;
  }

  /** The user's last device is gone from this node. */
  disconnected(userId: string): void {
    for (const key of [...this.here.keys()]) {
      const [conversationId, typistId] = parse(key);
      if (typistId === userId) this.end(conversationId, userId);
    }
  }

  private begin(conversationId: string, userId: string): void {
    const key = keyOf(conversationId, userId);
    const known = this.here.get(key);
    const now = Date.now();
    const repeated = known !== undefined && now - known.announcedAtMs < REPEAT_MS;
    if (known) clearTimeout(known.lapse);
    this.here.set(key, {
      announcedAtMs: repeated ? known.announcedAtMs : now,
      lapse: setTimeout(() => this.end(conversationId, userId), TYPING_TTL_MS).unref(),
      unsubscribe: known?.unsubscribe ?? this.watch(conversationId, userId),
    });
    if (!known) this.record(this.store.hold(PREFIX + conversationId, userId));
    if (!repeated) this.publish(conversationId, userId, new Date(now + TYPING_TTL_MS));
  }

  private end(conversationId: string, userId: string): void {
    const key = keyOf(conversationId, userId);
    const known = this.here.get(key);
    if (!known) return;
    this.here.delete(key);
    clearTimeout(known.lapse);
    this.record(known.unsubscribe.then((unsubscribe) => unsubscribe()));
    this.record(this.store.release(PREFIX + conversationId, userId));
    this.publish(conversationId, userId, null);
  }

  /** Their message or departure may be written on any node; the bus says so on all. */
  private watch(conversationId: string, userId: string): Promise<() => Promise<void>> {
    return this.bus.subscribe(topics.conversation(conversationId), (event) => {
      if (endsTyping(event, userId)) this.end(conversationId, userId);
    });
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

  private record(change: Promise<unknown>): void {
    change.catch((error: unknown) => this.logger.warn({ err: error }, 'typing not recorded'));
  }
}

function endsTyping(event: BusEvent, userId: string): boolean {
  if (event.name !== 'log.appended') return false;
  if (event.kind === 'MESSAGE_ADDED') return event.actorId === userId;
  return event.kind === 'PARTICIPANT_REMOVED' && event.participantId === userId;
}

/** Conversation ids have no colon; users' may. */
function keyOf(conversationId: string, userId: string): string {
  return `${conversationId}:${userId}`;
}

function parse(key: string): [conversationId: string, userId: string] {
  const at = key.indexOf(':');
  return [key.slice(0, at), key.slice(at + 1)];
}
