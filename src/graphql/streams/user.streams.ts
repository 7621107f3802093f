import { BadUserInputError, ResyncRequiredError } from '../../errors';
import {
  type BlockChanged,
  type BusEvent,
  type InboxEvent,
  type PresenceChanged,
  topics,
} from '../../events';
import type { Inbox, Notification } from '../../notification/notification.entity';
import { requireUser, userIdOf } from '../../people/caller';
import type { Context } from '../context';
import type { Presence } from '../presence.type';
import { JoinedStream, MappedStream, prefaced, seatOptions } from './stream';

type Stream<T> = AsyncIterableIterator<T>;

/** People whom one presence subscription may watch. */
const MAX_WATCHED = 200;

/**
 * Each one's present state first, then changes. Of those who are not the viewer's to know, there is one state and no
 * change.
 *
 * @param userIds null: those whom the viewer talked with most recently
 * @throws {BadUserInputError} more than 200
 */
export async function presenceStream(
  context: Context,
  userIds: readonly string[] | null,
): Promise<Stream<Presence>> {
  if (userIds && userIds.length > MAX_WATCHED)
    throw new BadUserInputError('userIds', `must be at most ${MAX_WATCHED}`);
  const {
    conversations: { reader: conversationReader },
    delivery: { hub },
  } = context.services;
  const callerId = userIdOf(context.caller);
  const watched = new Set(
    userIds ??
      (await conversationReader.recentPartners(requireUser(context.caller).userId, MAX_WATCHED)),
  );
  const listened = [...watched].map(topics.presence);
  if (callerId !== null) listened.push(topics.user(callerId));
  const seat = await hub.subscribe(
    listened,
    seatOptions(context, { accepts: (event) => watched.has(watchedIn(event, callerId) ?? '') }),
  );
  const present = [...watched].map(
    (id): PresenceChanged => ({
      name: 'presence.changed',
      userId: id,
      online: false,
      lastSeenAt: null,
    }),
  );
  const { loaders } = context.forEvent();
  await prefaced(seat, async () => {
    // All of them in the same statements.
    const read = await loaders.presence.loadMany([...watched].map((id) => ({ callerId, id })));
    const failure = read.find((one) => one instanceof Error);
    if (failure) throw failure;
    return present;
  });
  const told = new Map<string, string>();
  return new MappedStream(seat, async (event: PresenceChanged | BlockChanged) => {
    const id = watchedIn(event, callerId)!;
    const isPresent = event.name === 'presence.changed' && present.includes(event);
    // What is shown is looked up, with the viewer's right to know it, when it is sent.
    const presence = await (isPresent ? loaders : context.forEvent().loaders).presence.load({
      callerId,
      id,
    });
    const { shared, visible, online, lastSeenAt } = presence;
    const isTheirs = event.name === 'block.changed' ? shared : visible || isPresent;
    if (!isTheirs) return null;
    // Who came while the present state was looked up, or is back before it is told that they went, is told of again.
    const state = [visible, online, lastSeenAt !== null].join();
    if (told.get(id) === state) return null;
    told.set(id, state);
    return presence;
  });
}

/** Whose presence looks different to the viewer because of this. */
function watchedIn(event: BusEvent, callerId: string | null): string | null {
  if (event.name === 'presence.changed') return event.userId;
  if (event.name === 'block.changed')
    return event.blockerId === callerId ? event.blockedId : event.blockerId;
  return null;
}

/**
 * The viewer's notifications that are new or changed, in order and once, from now on or after a position. Each comes
 * in its newest state, at the place of that: the places that it had before are passed over.
 *
 * @throws {ResyncRequiredError} `after` is beyond the inbox's end
 */
export async function notificationStream(
  context: Context,
  after: number | null,
): Promise<Stream<Notification>> {
  const { userId } = requireUser(context.caller);
  const {
    notifications,
    delivery: { hub, inboxLog },
  } = context.services;
  if (after !== null && after < 0) throw new BadUserInputError('after', 'must not be negative');
  const head = await inboxLog.head(userId);
  if (after !== null && after > head) throw new ResyncRequiredError(head);
  const seat = await hub.subscribeLog(
    inboxLog.source(userId),
    { position: after ?? head, replay: after !== null },
    seatOptions(context, { accepts: (event) => event.name === 'inbox.appended' }),
  );
  return new MappedStream(seat, async (event: InboxEvent) => {
    const [notification] = await notifications.byIds([event.notificationId]);
    return notification?.sequence === event.sequence ? notification : null;
  });
}

/** The viewer's badges as they change, at most once in 100 ms. */
export async function inboxStream(context: Context): Promise<Stream<Inbox>> {
  const { userId } = requireUser(context.caller);
  const {
    notifications,
    delivery: { hub },
  } = context.services;
  const accepts = ({ name }: BusEvent) =>
    name === 'inbox.appended' || name === 'log.appended' || name === 'participation.changed';
  const seat = await hub.subscribe([topics.user(userId)], seatOptions(context, { accepts }));
  let last = '';
  return new JoinedStream(seat, async () => {
    const [inbox] = await notifications.inboxes([userId]);
    const now = JSON.stringify(inbox);
    if (now === last) return [];
    last = now;
    return [inbox!];
  });
}

/** One conversation of the viewer's list, and what became of it. */
export interface ListChange {
  change: 'ADDED' | 'UPDATED' | 'REMOVED';
  conversationId: string;
}

/** The viewer's list of conversations as it changes, each conversation at most once in 100 ms. */
export async function conversationUpdateStream(context: Context): Promise<Stream<ListChange>> {
  const { userId } = requireUser(context.caller);
  const {
    delivery: { hub },
    conversations: { reader: conversationReader },
  } = context.services;
  const accepts = ({ name }: BusEvent) =>
    name === 'conversation.started' || name === 'log.appended' || name === 'participation.changed';
  const seat = await hub.subscribe([topics.user(userId)], seatOptions(context, { accepts }));
  return new JoinedStream(seat, async (events) => {
    const added = new Map<string, boolean>();
    for (const event of events)
      if ('conversationId' in event && event.conversationId !== null)
        added.set(event.conversationId, added.get(event.conversationId) || adds(event, userId));
    const present = await conversationReader.participantsOf([...added.keys()]);
    return [...added].map(([conversationId, isNew], index): ListChange => {
      const isThere = present[index]!.some((participant) => participant.userId === userId);
      return { conversationId, change: isThere ? (isNew ? 'ADDED' : 'UPDATED') : 'REMOVED' };
    });
  });
}

function adds(event: BusEvent, userId: string): boolean {
  if (event.name === 'conversation.started') return true;
  return (
    event.name === 'log.appended' &&
    event.kind === 'PARTICIPANT_ADDED' &&
    event.participantId === userId
  );
}
