import DataLoader from 'dataloader';
import type { User } from '../auth/user.entity';
import { userIdOf } from '../auth/viewer';
import type { Conversation } from '../conversation/conversation.entity';
import type { Participant } from '../conversation/participant.entity';
import { type Page, type PageArguments, pageRequest } from '../database/page';
import type { LogPosition } from '../delivery/log';
import { ForbiddenError } from '../errors';
import type { LogEvent } from '../events';
import type { Two } from '../membership/block.service';
import type { Message } from '../message/message.entity';
import { MESSAGES, type Visible } from '../message/message.service';
import type { Inbox } from '../notification/notification.entity';
import type { Offer, OfferStatus, OfferTransition } from '../offer/offer.entity';
import type { Context } from './context';
import type { Presence } from './presence.type';

type Loader<V, K = string> = DataLoader<K, V, string>;

/** One statement for all rows of a kind that one operation, or one event, looks at. */
export interface Loaders {
  user: Loader<User>;
  conversation: Loader<Conversation>;
  /** Those present, in the order of joining. */
  participants: Loader<Participant[]>;
  message: Loader<Message>;
  lastMessage: Loader<Message | null, Visible>;
  unreadCount: Loader<number, { conversationId: string; sequence: number }>;
  offer: Loader<Offer>;
  offerHistory: Loader<OfferTransition[]>;
  /** As the viewer may know it: offline and never seen, unless they share a conversation and no block is between them. */
  presence: Loader<Presence>;
  /** Ids of those who have the conversation open. */
  viewers: Loader<string[]>;
  /** Badges, by user id. */
  inbox: Loader<Inbox>;
  /** Whether the viewer blocks this user. */
  blockedByViewer: Loader<boolean>;
  /** Whether one of the two blocks the other. */
  blockBetween: Loader<boolean, Two>;
  messages: (scope: Visible, page: PageArguments) => Promise<Page<Message>>;
  events: (position: LogPosition, page: { after: number; first: number }) => Promise<LogEvent[]>;
  offers: (conversationId: string, statuses: OfferStatus[] | null, page: PageArguments) => Promise<Page<Offer>>;
}

export function createLoaders(context: Context): Loaders {
  const { services } = context;
  const messagePages = new Map<string, Loader<Page<Message>, Visible>>();
  const eventPages = new Map<string, Loader<LogEvent[], LogPosition>>();
  const offerPages = new Map<string, Loader<Page<Offer>>>();
  return {
    user: new DataLoader(async (ids) => found(await services.users.byIds(ids))),
    conversation: new DataLoader(async (ids) => found(await services.conversations.byIds(ids))),
    participants: new DataLoader((ids) => services.conversations.participantsOf(ids)),
    message: new DataLoader(async (ids) => found(await services.messages.byIds(ids))),
    lastMessage: new DataLoader((scopes) => services.messages.lastMessages(scopes), byConversation()),
    unreadCount: new DataLoader((marks) => services.messages.unreadCounts(context.viewer, marks), byConversation()),
    offer: new DataLoader(async (ids) => found(await services.offerReader.byIds(ids))),
    offerHistory: new DataLoader((ids) => services.offerReader.histories(ids)),
    presence: new DataLoader((ids) => presences(context, ids)),
    viewers: new DataLoader((ids) => services.presence.viewers(ids)),
    inbox: new DataLoader((ids) => services.notifications.inboxes(ids)),
    blockedByViewer: new DataLoader((ids) => blockedByViewer(context, ids)),
    blockBetween: new DataLoader((pairs) => services.blocks.areBetween(pairs), {
      cacheKeyFn: ({ one, other }) => JSON.stringify([one, other]),
    }),
    messages: (scope, page) =>
      pageLoader(messagePages, page, () => {
        const request = pageRequest(MESSAGES, page);
        return new DataLoader((scopes) => services.messages.pages(scopes, request), byConversation());
      }).load(scope),
    events: (position, page) =>
      pageLoader(eventPages, page, () => {
        return new DataLoader((positions) => services.log.readMany(positions, page.first), byConversation());
      }).load(position),
    offers: (conversationId, statuses, page) =>
      pageLoader(
        offerPages,
        { statuses, ...page },
        () => new DataLoader((ids) => services.offerReader.pages(ids, statuses, page)),
      ).load(conversationId),
  };
}

function byConversation<K extends { conversationId: string }>(): { cacheKeyFn: (key: K) => string } {
  return { cacheKeyFn: (key) => key.conversationId };
}

/** Lists with the same arguments share a statement. */
function pageLoader<L>(loaders: Map<string, L>, key: object, create: () => L): L {
  const text = JSON.stringify(key);
  const known = loaders.get(text);
  if (known) return known;
  const loader = create();
  loaders.set(text, loader);
  return loader;
}

/** What is not there and what is not the viewer's are the same answer. */
function found<T>(rows: readonly (T | null)[]): (T | Error)[] {
  return rows.map((row) => row ?? new ForbiddenError());
}

async function blockedByViewer({ services, viewer }: Context, ids: readonly string[]): Promise<boolean[]> {
  const viewerId = userIdOf(viewer);
  const blocked = viewerId === null ? new Set() : await services.blocks.blockedAmong(viewerId, ids);
  return ids.map((id) => blocked.has(id));
}

async function presences(context: Context, ids: readonly string[]): Promise<Presence[]> {
  const { services, viewer } = context;
  const viewerId = userIdOf(viewer);
  const [shared, hidden, online, users] = await Promise.all([
    viewerId === null ? new Set(ids) : services.conversations.sharing(viewerId, ids),
    viewerId === null ? [] : services.blocks.areBetween(ids.map((other) => ({ one: viewerId, other }))),
    services.presence.online(ids),
    context.loaders.user.loadMany(ids),
  ]);
  return ids.map((id, index) => {
    const user = users[index]!;
    const known = shared.has(id) && !hidden[index] && !(user instanceof Error);
    const lastSeenAt = known ? user.lastSeenAt : null;
    const isShared = shared.has(id) && !(user instanceof Error);
    return {
      id,
      online: known && online.has(id),
      lastSeenAt,
      visible: known,
      shared: isShared,
      ...(isShared && { user }),
    };
  });
}
