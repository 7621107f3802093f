/**
 * The users whom one presence subscription watches, what it knows of them, and what it has told.
 *
 * The caller may know the presence of the users with whom they share a conversation, without a
 * block between the two. This relation is kept, since each coming and going of a user is told to
 * many subscribers. It is read again after everything that may change it:
 *
 * - A block, or its end, a conversation that begins, and a participant who joins or leaves are
 *   events at the caller's own topic. From the moment at which one arrives, the relations that it
 *   may have changed count as unknown. A reading that was under way by then counts as if it had not
 *   been made, so what was true before a block is not told after the block's event.
 * - The bus may have lost such an event. So a relation is trusted for 5 s and then read again
 *   before the next change is told, and all are read again when the bus is back.
 *
 * The subscription listens to a user's presence only while the caller may know it.
 */
import type { Acquaintance, Relation } from '../../conversation/conversation.reader';
import type { ChangingTopics } from '../../delivery/changing.topics';
import type { StateChanges } from '../../delivery/hint.stream';
import { type BusEvent, type PresenceChanged, topics } from '../../events';
import { userIdOf } from '../../people/caller';
import type { User } from '../../people/user.entity';
import type { Context } from '../context';
import type { Presence } from '../presence.type';
import { hintSeat } from './seat.options';

/** Users whom one presence subscription may watch. */
export const MAX_WATCHED = 200;

/** The key of a change that may be about every user. It is no user's id. */
export const EVERYONE = '';

/** Time for which a relation is trusted, since the bus may have lost the event that changed it. */
const TRUST_MS = 5_000;

/** A user came or went, or the relation to a user may have changed. */
type Change = PresenceChanged | 'relation';

/** The knowledge about one user. Each subscription keeps one for each: small integers, no texts. */
interface Watched {
  relation: Relation;
  /** The time of the monotonic clock until which the relation is trusted, in whole milliseconds. */
  trustedUntilMs: number;
  /** True once the caller could see the user: the name is no secret to them any more. */
  isAcquainted: boolean;
  /** The state that was told last, see {@link codeOf}; null when none was. */
  told: number | null;
}

export class WatchedUsers implements StateChanges<Change, Presence> {
  readonly topics: ChangingTopics;
  private readonly watched = new Map<string, Watched>();
  private readonly callerId: string | null;
  /** Grows with each event that may change a relation. */
  private relationChanges = 0;
  private lookAgain = () => {};

  /**
   * @param given ids of the users to watch; null for everyone with whom the caller shares a
   *   conversation, at most {@link MAX_WATCHED}
   */
  constructor(
    private readonly context: Context,
    private readonly given: readonly string[] | null,
  ) {
    this.callerId = userIdOf(context.caller);
    const { hub } = context.services.delivery;
    const options = hintSeat(context, (event) => this.accepts(event));
    this.topics = hub.subscribeChanging(options, () => {
      this.distrust(EVERYONE);
      this.lookAgain();
    });
  }

  /** @param lookAgain called when the bus is back: everyone has to be looked up then */
  whenRestored(lookAgain: () => void): void {
    this.lookAgain = lookAgain;
  }

  /** Begins to listen. Returns the present state of each user. */
  async begin(): Promise<Presence[]> {
    // The caller's own topic comes first, so that no change of a relation falls between.
    if (this.callerId !== null) await this.topics.add([topics.user(this.callerId)]);
    if (this.given) this.watch(this.given);
    return this.lookUp(new Map([[EVERYONE, 'relation']]));
  }

  changeOf(event: BusEvent): readonly [userId: string, Change] | null {
    if (event.name === 'presence.changed') return [event.userId, event];
    if (event.name === 'presence.reviewed')
      return this.wasTold(event.userId, event.online) ? null : [event.userId, 'relation'];
    const userId = this.relationChangedBy(event);
    return userId === null ? null : [userId, 'relation'];
  }

  merge(earlier: Change, later: Change): Change {
    return earlier === 'relation' ? earlier : later;
  }

  async lookUp(changes: ReadonlyMap<string, Change>): Promise<Presence[]> {
    const ids = changes.has(EVERYONE) ? await this.everyone() : [...changes.keys()];
    if (this.given === null) this.watch(ids);
    const watched = ids.filter((id) => this.watched.has(id));
    const accounts = new Map<string, User>();
    for (;;) {
      const seen = this.relationChanges;
      await this.checkRelations(watched, accounts);
      const states = await this.readStates(watched, accounts, changes);
      if (seen === this.relationChanges) return states.filter((state) => this.isNews(state));
    }
  }

  /** Called for each event when it arrives, before it waits for its turn. */
  private accepts(event: BusEvent): boolean {
    if (event.name === 'presence.changed' || event.name === 'presence.reviewed') return true;
    const userId = this.relationChangedBy(event);
    if (userId === null) return false;
    this.distrust(userId);
    return true;
  }

  /** The user to whom the caller's relation may have changed; null for none. */
  private relationChangedBy(event: BusEvent): string | null {
    if (event.name === 'block.changed')
      return this.ifWatched(event.blockerId === this.callerId ? event.blockedId : event.blockerId);
    if (event.name === 'conversation.started') return EVERYONE;
    if (event.name !== 'log.appended' || event.participantId === null) return null;
    if (event.participantId === this.callerId) return EVERYONE;
    return this.given === null ? event.participantId : this.ifWatched(event.participantId);
  }

  private ifWatched(userId: string): string | null {
    return this.watched.has(userId) ? userId : null;
  }

  private distrust(userId: string): void {
    this.relationChanges++;
    for (const [id, one] of this.watched)
      if (userId === EVERYONE || userId === id) one.trustedUntilMs = 0;
  }

  private watch(userIds: readonly string[]): void {
    for (const id of userIds)
      if (!this.watched.has(id) && this.watched.size < MAX_WATCHED)
        this.watched.set(id, {
          relation: 'strangers',
          trustedUntilMs: 0,
          isAcquainted: false,
          told: null,
        });
  }

  private async everyone(): Promise<string[]> {
    const { reader } = this.context.services.conversations;
    if (this.given === null) this.watch(await reader.recentPartners(this.callerId!, MAX_WATCHED));
    return [...this.watched.keys()];
  }

  /**
   * Reads the relations that are not trusted any more, and listens as they are then.
   *
   * @param accounts gets the accounts that were read
   */
  private async checkRelations(
    userIds: readonly string[],
    accounts: Map<string, User>,
  ): Promise<void> {
    const nowMs = Math.trunc(performance.now());
    const due = userIds.filter((id) => this.watched.get(id)!.trustedUntilMs <= nowMs);
    if (due.length === 0) return;
    const seen = this.relationChanges;
    // Listens before it reads, so that no coming or going falls between.
    await this.topics.add(due.map(topics.presence));
    const found = await this.acquaintances(due);
    if (seen !== this.relationChanges) return;
    for (const [index, id] of due.entries()) {
      const { relation, account } = found[index]!;
      if (account) accounts.set(id, account);
      if (relation !== 'acquainted') this.topics.drop(topics.presence(id));
      const one = this.watched.get(id)!;
      one.relation = relation;
      one.isAcquainted ||= relation !== 'strangers';
      one.trustedUntilMs = nowMs + TRUST_MS;
    }
  }

  private async acquaintances(userIds: readonly string[]): Promise<Acquaintance[]> {
    const { callerId, context } = this;
    const { conversations, people } = context.services;
    if (callerId !== null)
      return conversations.reader.acquaintancesOf.start(
        userIds.map((id) => ({ one: callerId, other: id })),
      );
    // The platform sees everyone.
    const accounts = await people.users.byIds(userIds);
    return accounts.map((account) => ({ relation: 'acquainted', account }));
  }

  private isVisible(userId: string): boolean {
    return this.watched.get(userId)!.relation === 'acquainted';
  }

  private async readStates(
    userIds: readonly string[],
    accounts: ReadonlyMap<string, User>,
    changes: ReadonlyMap<string, Change>,
  ): Promise<Presence[]> {
    const { presence, people } = this.context.services;
    const visible = userIds.filter((id) => this.isVisible(id));
    const online = await presence.reader.onlineAmong(visible);
    // Nodes tell of a coming and a going in any order. Only the presence store knows what holds.
    const agrees = (id: string) => {
      const change = changes.get(id) ?? 'relation';
      return change !== 'relation' && change.online === online.has(id) ? change : null;
    };
    const missing = visible.filter((id) => !agrees(id) && !accounts.has(id));
    const read = missing.length > 0 ? await people.users.byIds(missing) : [];
    const known = new Map([...accounts, ...missing.map((id, index) => [id, read[index]] as const)]);
    return userIds.map((id) => {
      const event = this.isVisible(id) ? agrees(id) : null;
      if (event) return presenceAfter(event);
      const user = this.isVisible(id) ? known.get(id) : null;
      if (!user) return this.hidden(id);
      return { id, online: online.has(id), lastSeenAt: user.lastSeenAt, user, shared: true };
    });
  }

  private hidden(id: string): Presence {
    const { isAcquainted } = this.watched.get(id)!;
    // The platform sees every user, but not an id that is nobody's.
    const shared = isAcquainted && this.callerId !== null;
    return { id, online: false, lastSeenAt: null, shared };
  }

  /** True when the last state that was told of the user says so. */
  private wasTold(userId: string, online: boolean): boolean {
    const told = this.watched.get(userId)?.told ?? null;
    return told !== null && (told & ONLINE) > 0 === online;
  }

  /** Notes a state as told; false when it was told already. */
  private isNews({ id, online, lastSeenAt }: Presence): boolean {
    const one = this.watched.get(id)!;
    const isNowStranger = this.given === null && one.relation === 'strangers';
    if (isNowStranger) this.watched.delete(id);
    if (isNowStranger && one.told === null) return false;
    const state = codeOf(one.relation === 'acquainted', online, lastSeenAt !== null);
    if (one.told === state) return false;
    one.told = state;
    return true;
  }
}

/** The part of a code that says that the user is online. */
const ONLINE = 2;

/** Returns the same number for states that look the same to the subscriber. */
function codeOf(isVisible: boolean, online: boolean, isSeen: boolean): number {
  return (isVisible ? 4 : 0) + (online ? ONLINE : 0) + (isSeen ? 1 : 0);
}

const presences = new WeakMap<PresenceChanged, Presence>();

/**
 * Returns the state that an event tells. All who are told of it get the same object, so it is
 * rendered once for them.
 */
function presenceAfter(event: PresenceChanged): Presence {
  const known = presences.get(event);
  if (known) return known;
  const { userId: id, online, lastSeenAt } = event;
  const seen = lastSeenAt === null ? null : new Date(lastSeenAt);
  const presence: Presence = { id, online, lastSeenAt: seen, shared: true };
  presences.set(event, presence);
  return presence;
}
