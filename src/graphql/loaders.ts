import DataLoader from 'dataloader';
import type { Two, User } from '../auth/user.entity';
import type { Conversation } from '../conversation/conversation.entity';
import type { Participant } from '../conversation/participant.entity';
import { type Page, type PageArguments, pageRequest } from '../database/page';
import type { LogPosition } from '../delivery/log';
import { ForbiddenError } from '../errors';
import type { LogEvent } from '../events';
import type { Message } from '../message/message.entity';
import { MESSAGES, type ReadingMark, type Visible } from '../message/message.service';
import type { Inbox } from '../notification/notification.entity';
import type { Offer, OfferStatus, OfferTransition } from '../offer/offer.entity';
import type { Services } from './context';
import type { Presence } from './presence.type';

type Loader<V, K = string> = DataLoader<K, V, string>;

/** What a row is to one person; null: to the platform, which sees everything. */
interface Seen {
  viewerId: string | null;
  id: string;
}

/**
 * One statement for all rows of a kind that one operation looks at, or all who are told of one event: who looks is
 * part of the key wherever it makes a difference.
 */
export interface Loaders {
  user: Loader<User>;
  conversation: Loader<Conversation>;
  /** Those present, in the order of joining. */
  participants: Loader<Participant[]>;
  message: Loader<Message>;
  lastMessage: Loader<Message | null, Visible>;
  unreadCount: Loader<number, ReadingMark>;
  offer: Loader<Offer>;
  offerHistory: Loader<OfferTransition[]>;
  presence: Loader<Presence, Seen>;
  /** Ids of those who have the conversation open. */
  viewers: Loader<string[]>;
  /** Badges, by user id. */
  inbox: Loader<Inbox>;
  /** Whether the one blocks the other. */
  blocks: Loader<boolean, Two>;
  /** Whether one of the two blocks the other. */
  blockBetween: Loader<boolean, Two>;
  messages: (scope: Visible, page: PageArguments) => Promise<Page<Message>>;
  events: (position: LogPosition, page: { after: number; first: number }) => Promise<LogEvent[]>;
  offers: (conversationId: string, statuses: OfferStatus[] | null, page: PageArguments) => Promise<Page<Offer>>;
}

export function createLoaders(services: Services): Loaders {
  const messagePages = new Map<string, Loader<Page<Message>, Visible>>();
  const eventPages = new Map<string, Loader<LogEvent[], LogPosition>>();
  const offerPages = new Map<string, Loader<Page<Offer>>>();
  const user: Loader<User> = new DataLoader(async (ids) => found(await services.users.byIds(ids)));
  return {
    user,
    conversation: new DataLoader(async (ids) => found(await services.conversations.byIds(ids))),
    participants: new DataLoader((ids) => services.conversations.participantsOf(ids)),
    message: new DataLoader(async (ids) => found(await services.messages.byIds(ids))),
    lastMessage: new DataLoader((scopes) => services.messages.lastMessages(scopes), byValue()),
    unreadCount: new DataLoader((marks) => services.messages.unreadCounts(marks), byValue()),
    offer: new DataLoader(async (ids) => found(await services.offerReader.byIds(ids))),
    offerHistory: new DataLoader((ids) => services.offerReader.histories(ids)),
    presence: new DataLoader((seen) => presences(services, user, seen), byValue()),
    viewers: new DataLoader((ids) => services.presence.viewers(ids)),
    inbox: new DataLoader((ids) => services.notifications.inboxes(ids)),
    blocks: new DataLoader((pairs) => services.blocks.areBlocking(pairs), byValue()),
    blockBetween: new DataLoader((pairs) => services.blocks.areBetween(pairs), byValue()),
    messages: (scope, page) =>
      pageLoader(messagePages, page, () => {
        const request = pageRequest(MESSAGES, page);
        return new DataLoader((scopes) => services.messages.pages(scopes, request), byValue());
      }).load(scope),
    events: (position, page) =>
      pageLoader(eventPages, page, () => {
        return new DataLoader((positions) => services.log.readMany(positions, page.first), byValue());
      }).load(position),
    offers: (conversationId, statuses, page) =>
      pageLoader(
        offerPages,
        { statuses, ...page },
        () => new DataLoader((ids) => services.offerReader.pages(ids, statuses, page)),
      ).load(conversationId),
  };
}

function byValue<K extends object>(): { cacheKeyFn: (key: K) => string } {
  return { cacheKeyFn: (key) => JSON.stringify(key) };
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

/** As each one may know it: offline and never seen, unless they share a conversation and no block is between them. */
async function presences(services: Services, user: Loader<User>, seen: readonly Seen[]): Promise<Presence[]> {
  const pairs = seen.flatMap(({ viewerId, id }): Two[] => (viewerId === null ? [] : [{ one: viewerId, other: id }]));
  const [sharing, between, online, users] = await Promise.all([
    pairs.length === 0 ? [] : services.conversations.areSharing(pairs),
    pairs.length === 0 ? [] : services.blocks.areBetween(pairs),
    services.presence.online(seen.map(({ id }) => id)),
    user.loadMany(seen.map(({ id }) => id)),
  ]);
  let pair = 0;
  return seen.map(({ viewerId, id }, index) => {
    const at = viewerId === null ? null : pair++;
    const user = users[index]!;
    const shared = (at === null || sharing[at]!) && !(user instanceof Error);
    const visible = shared && !(at !== null && between[at]);
    return {
      id,
      online: visible && online.has(id),
      lastSeenAt: visible ? user.lastSeenAt : null,
      visible,
      shared,
      ...(shared && { user }),
    };
  });
}
