import DataLoader from 'dataloader';
import type { Conversation } from '../conversation/conversation.entity';
import type { Acquaintance } from '../conversation/conversation.reader';
import type { Participant } from '../conversation/participant.entity';
import { type Page, type PageArguments, pageRequest } from '../database/page';
import { ForbiddenError } from '../errors';
import type { LogEvent } from '../events';
import type { LogPosition } from '../log/conversation.log';
import type { Message } from '../message/message.entity';
import { MESSAGES, type ReadingMark, type VisibleRange } from '../message/message.reader';
import type { Inbox, Notification } from '../notification/notification.entity';
import type { Offer, OfferStatus, OfferTransition } from '../offer/offer.entity';
import type { OfferScope } from '../offer/offer.reader';
import type { User, UserPair } from '../people/user.entity';
import type { Presence } from './presence.type';
import type { Services } from './services';

type Loader<V, K = string> = DataLoader<K, V, string>;

/** A user whose presence is read, and the caller for whom it is read. */
interface PresenceKey {
  /** null for the platform, which sees everything. */
  callerId: string | null;
  /** The id of the user whose presence is read. */
  id: string;
}

/**
 * The batch loaders of one operation, or of one event that is executed for many subscribers. Each
 * loader reads all rows of its kind that are requested together in one statement. Where a row
 * depends on the caller, the caller's id or joined sequence is part of the key, so that callers can
 * share a loader. A loader is created when it is first used.
 *
 * `user`, `conversation`, `message` and `offer` reject with {@link ForbiddenError} for an id that
 * has no row.
 */
export class Loaders {
  private readonly made = new Map<string, unknown>();

  constructor(private readonly services: Services) {}

  get user(): Loader<User> {
    return this.loader('user', () =>
      loaderOf(async (ids) => found(await this.services.people.users.byIds(ids))),
    );
  }

  get conversation(): Loader<Conversation> {
    const read = async (ids: readonly string[]) =>
      found(await this.services.conversations.reader.byIds(ids));
    return this.loader('conversation', () => loaderOf(read));
  }

  /** The present participants of a conversation, in the order of joining. */
  get participants(): Loader<Participant[]> {
    const read = async (ids: readonly string[]) => {
      const present = await this.services.conversations.reader.participantsOf(ids);
      // The users came with the rows, and are usually selected next: this saves their statement.
      for (const { userId, account } of present.flat()) this.user.prime(userId, account);
      return present;
    };
    return this.loader('participants', () => loaderOf(read));
  }

  get message(): Loader<Message> {
    return this.loader('message', () =>
      loaderOf(async (ids) => found(await this.services.messages.reader.byIds(ids))),
    );
  }

  get lastMessage(): Loader<Message | null, VisibleRange> {
    const read = (scopes: readonly VisibleRange[]) =>
      this.services.messages.reader.lastMessages(scopes);
    return this.loader('lastMessage', () => loaderOf(read, byValue()));
  }

  get unreadCount(): Loader<number, ReadingMark> {
    const read = (marks: readonly ReadingMark[]) =>
      this.services.messages.reader.unreadCounts(marks);
    return this.loader('unreadCount', () => loaderOf(read, byValue()));
  }

  get offer(): Loader<Offer> {
    return this.loader('offer', () =>
      loaderOf(async (ids) => found(await this.services.offers.reader.byIds(ids))),
    );
  }

  /** The sequence of the event with which the offer was made. */
  get offerCreatedSequence(): Loader<number> {
    return this.loader('offerCreatedSequence', () =>
      loaderOf((ids) => this.services.offers.reader.createdSequences(ids)),
    );
  }

  /** null for one that is too long to be read together with the others: see `longHistory`. */
  get offerHistory(): Loader<OfferTransition[] | null> {
    return this.loader('offerHistory', () =>
      loaderOf((ids) => this.services.offers.reader.histories(ids)),
    );
  }

  /** Reads each history by itself. */
  get longHistory(): Loader<OfferTransition[] | null> {
    const read = (ids: readonly string[]) => this.services.offers.reader.histories(ids);
    return this.loader('longHistory', () => loaderOf(read, { maxBatchSize: 1 }));
  }

  get presence(): Loader<Presence, PresenceKey> {
    const read = (seen: readonly PresenceKey[]) => presences(this.services, this.user, seen);
    return this.loader('presence', () => loaderOf(read, byValue()));
  }

  /** Ids of the users who are shown to have the conversation open. */
  get viewers(): Loader<string[]> {
    return this.loader('viewers', () =>
      loaderOf((ids) => this.services.presence.reader.viewers(ids)),
    );
  }

  /** Notifications; null for an id that has no row. */
  get notification(): Loader<Notification | null> {
    return this.loader('notification', () =>
      loaderOf((ids) => this.services.notifications.byIds(ids)),
    );
  }

  /** Inboxes (a user's badges), by user id. */
  get inbox(): Loader<Inbox> {
    return this.loader('inbox', () => loaderOf((ids) => this.services.notifications.inboxes(ids)));
  }

  /** True when `one` blocks `other`. */
  get blocks(): Loader<boolean, UserPair> {
    const read = (pairs: readonly UserPair[]) => this.services.people.blocks.areBlocking(pairs);
    return this.loader('blocks', () => loaderOf(read, byValue()));
  }

  /** True when one of the two blocks the other, in either direction. */
  get blockBetween(): Loader<boolean, UserPair> {
    const read = (pairs: readonly UserPair[]) => this.services.people.blocks.areBetween(pairs);
    return this.loader('blockBetween', () => loaderOf(read, byValue()));
  }

  // The pages and lists below: those with the same arguments share a statement.

  messages(scope: VisibleRange, page: PageArguments): Promise<Page<Message>> {
    return this.loader<Loader<Page<Message>, VisibleRange>>(
      `messages ${JSON.stringify(page)}`,
      () => {
        const request = pageRequest(MESSAGES, page);
        return loaderOf(
          (scopes) => this.services.messages.reader.pages(scopes, request),
          byValue(),
        );
      },
    ).load(scope);
  }

  events(position: LogPosition, first: number): Promise<LogEvent[]> {
    const read = (positions: readonly LogPosition[]) =>
      this.services.delivery.log.readMany(positions, first);
    const create = (): Loader<LogEvent[], LogPosition> => loaderOf(read, byValue());
    return this.loader(`events ${first}`, create).load(position);
  }

  offers(
    scope: OfferScope,
    statuses: OfferStatus[] | null,
    page: PageArguments,
  ): Promise<Page<Offer>> {
    const read = (scopes: readonly OfferScope[]) =>
      this.services.offers.reader.pages(scopes, statuses, page);
    const create = (): Loader<Page<Offer>, OfferScope> => loaderOf(read, byValue());
    return this.loader(`offers ${JSON.stringify([statuses, page])}`, create).load(scope);
  }

  private loader<L>(name: string, create: () => L): L {
    const known = this.made.get(name) as L | undefined;
    if (known) return known;
    const loader = create();
    this.made.set(name, loader);
    return loader;
  }
}

/**
 * Creates a loader that remembers failures as well as rows. DataLoader forgets the keys of a batch
 * that rejects, so a rejection becomes an error for each key instead. An operation that is executed
 * again then fails in the same way, without another statement.
 */
function loaderOf<K, V>(
  read: (keys: readonly K[]) => Promise<readonly (V | Error)[]>,
  options?: { cacheKeyFn?: (key: K) => string; maxBatchSize?: number },
): Loader<V, K> {
  const rows = (keys: readonly K[]) =>
    read(keys).catch((cause: unknown) => {
      const error =
        cause instanceof Error ? cause : new Error('Rows could not be read.', { cause });
      return keys.map(() => error);
    });
  return new DataLoader<K, V, string>(rows, options);
}

function byValue<K extends object>(): { cacheKeyFn: (key: K) => string } {
  return { cacheKeyFn: (key) => JSON.stringify(key) };
}

/**
 * Replaces each null by a {@link ForbiddenError}: a row that does not exist gives the same answer
 * as a row that the caller may not see.
 */
function found<T>(rows: readonly (T | null)[]): (T | Error)[] {
  return rows.map((row) => row ?? new ForbiddenError());
}

/**
 * Reads presence as each caller may see it: offline and never seen, unless the caller and the user
 * share a conversation and neither blocks the other. The platform sees every user's presence.
 *
 * @returns one presence for each key, in the order of `seen`
 */
async function presences(
  services: Services,
  user: Loader<User>,
  seen: readonly PresenceKey[],
): Promise<Presence[]> {
  const ids = seen.map(({ id }) => id);
  const [online, found] = await Promise.all([
    services.presence.reader.onlineAmong(ids),
    acquaintances(services, user, seen),
  ]);
  return found.map(({ relation, account }, index) => {
    const id = ids[index]!;
    const isVisible = relation === 'acquainted' && account !== null;
    return {
      id,
      online: isVisible && online.has(id),
      lastSeenAt: isVisible ? account.lastSeenAt : null,
      shared: relation !== 'strangers' && account !== null,
      ...(relation !== 'strangers' && account && { user: account }),
    };
  });
}

/** The platform is acquainted with every user. */
async function acquaintances(
  { conversations }: Services,
  user: Loader<User>,
  seen: readonly PresenceKey[],
): Promise<Acquaintance[]> {
  const ofCallers = seen.flatMap(({ callerId, id }): UserPair[] =>
    callerId === null ? [] : [{ one: callerId, other: id }],
  );
  const ofPlatform = seen.flatMap(({ callerId, id }) => (callerId === null ? [id] : []));
  const [toCallers, accounts] = await Promise.all([
    conversations.reader.acquaintancesOf.request(ofCallers),
    user.loadMany(ofPlatform),
  ]);
  return seen.map(({ callerId }): Acquaintance => {
    if (callerId !== null) return toCallers.shift()!;
    const account = accounts.shift()!;
    if (!(account instanceof Error)) return { relation: 'acquainted', account };
    if (account instanceof ForbiddenError) return { relation: 'acquainted', account: null };
    throw account;
  });
}
