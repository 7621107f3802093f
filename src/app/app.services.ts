import type { Bus } from '../bus/bus';
import type { Config } from '../config';
import { ConversationAccess } from '../conversation/conversation.access';
import { ConversationReader } from '../conversation/conversation.reader';
import { ConversationService } from '../conversation/conversation.service';
import { ParticipationService } from '../conversation/participation.service';
import { ReadingMarks } from '../conversation/reading.marks';
import type { Queryable, Transactions } from '../database/transaction';
import { Hub } from '../delivery/hub';
import type { BusEvent } from '../events';
import type {
  ConversationServices,
  DeliveryServices,
  MessageServices,
  OfferServices,
  PeopleServices,
  PresenceServices,
  Services,
} from '../graphql/services';
import { ConversationLog } from '../log/conversation.log';
import { InboxLog } from '../log/inbox.log';
import type { LogEpoch } from '../log/log.epoch';
import { LogHeads } from '../log/log.heads';
import type { Logger } from '../logger';
import { MembershipService } from '../membership/membership.service';
import { MessageReader } from '../message/message.reader';
import { MessageService } from '../message/message.service';
import { Badges } from '../notification/badges';
import { NotificationService } from '../notification/notification.service';
import { OfferReader } from '../offer/offer.reader';
import { OfferService } from '../offer/offer.service';
import { BlockService } from '../people/block.service';
import { RevocationService } from '../people/revocation.service';
import { UserDirectory } from '../people/user.directory';
import { CustomEventService } from '../platform/custom-event.service';
import { PresenceReader } from '../presence/presence.reader';
import { PresenceReview } from '../presence/presence.review';
import { PresenceService } from '../presence/presence.service';
import type { PresenceStore } from '../presence/store/presence.store';
import { TypingService } from '../presence/typing.service';
import type { RateLimit } from '../rate-limit/rate.limit';
import type { RateLimits } from '../rate-limit/rate-limits';
import type { Tracer } from '../runtime/span';
import type { Lifecycle } from './lifecycle';

/** The dependencies of the services. */
export interface Foundations {
  database: Queryable;
  transactions: Transactions;
  epoch: LogEpoch;
  bus: Bus;
  /** null while traces are off. */
  tracer: Tracer | null;
  store: PresenceStore;
  rates: RateLimits;
  limits: Config['limits'];
  attachmentOrigins: Config['attachmentOrigins'];
  logger: Logger;
}

/** The limits of what each user writes. There is one of each, which all services share. */
type WriteLimits = Record<'messages' | 'offers' | 'conversations' | 'writes', RateLimit>;
type Grounds = Foundations & { writeLimits: WriteLimits };

/** Up to this share of the rates of messages, a user's messages are counted only on their node. */
const LOCAL_SHARE_OF_MESSAGES = 0.1;
const MINUTE_S = 60;
const HOUR_S = 3_600;

/** Creates the services of one node. They are not started yet. */
export function createServices(given: Foundations): Services {
  const foundations = { ...given, writeLimits: createWriteLimits(given) };
  const { database, transactions, bus, writeLimits } = foundations;
  const delivery = createDelivery(foundations);
  const people: PeopleServices = {
    users: new UserDirectory(database, transactions),
    blocks: new BlockService(database, transactions, bus, writeLimits.writes),
    revocations: new RevocationService(transactions, bus),
  };
  const access = new ConversationAccess(database, transactions);
  const badges = new Badges(database, transactions, foundations.logger);
  const { inboxLog } = delivery;
  const notifications = new NotificationService(database, transactions, inboxLog, badges);
  const presence = createPresence(foundations, people, access, notifications);
  const offers = createOffers(foundations, delivery, access, presence);
  const conversations = createConversations(foundations, delivery, access, offers, presence);
  return {
    people,
    conversations,
    messages: createMessages(foundations, delivery, access, presence),
    offers,
    notifications,
    presence,
    platform: {
      customEvents: new CustomEventService(access, conversations.reader, people.users, bus),
    },
    delivery,
  };
}

/** Starts the services in order, and adds each to the lifecycle, which stops it. */
export function startServices(
  { delivery, presence }: Services,
  { store, bus, logger }: Foundations,
  lifecycle: Lifecycle,
): void {
  delivery.hub.start();
  lifecycle.add('hub', () => delivery.hub.stop());
  presence.service.start();
  lifecycle.add('presence', () => presence.service.stop());
  const subscribers = {
    topics: (prefix: string) => delivery.hub.topicsWith(prefix),
    tell: (topic: string, event: BusEvent) => delivery.hub.hint(topic, event),
  };
  const review = new PresenceReview(store, presence.reader, bus, subscribers, logger);
  review.start();
  lifecycle.add('presence review', () => review.stop());
  presence.typing.start();
  lifecycle.add('typing', () => presence.typing.stop());
}

function createWriteLimits({ rates, limits }: Foundations): WriteLimits {
  const messages = [
    { limit: limits.messagesPerSecond, seconds: 1 },
    { limit: limits.messagesPerMinute, seconds: MINUTE_S },
  ];
  const conversations = [{ limit: limits.conversationsPerHour, seconds: HOUR_S }];
  return {
    messages: rates.of('messages', messages, LOCAL_SHARE_OF_MESSAGES),
    offers: rates.of('offers', [{ limit: limits.offersPerMinute, seconds: MINUTE_S }]),
    conversations: rates.of('conversations', conversations),
    writes: rates.of('writes', [{ limit: limits.writesPerMinute, seconds: MINUTE_S }]),
  };
}

function createDelivery({ database, epoch, bus, tracer, logger }: Foundations): DeliveryServices {
  const inboxLog = new InboxLog(database, bus);
  const log = new ConversationLog(database, bus, inboxLog);
  const hub = new Hub(bus, new LogHeads(database), epoch, logger, tracer);
  return { hub, log, inboxLog, epoch };
}

function createPresence(
  { store, bus, logger }: Foundations,
  { users }: PeopleServices,
  access: ConversationAccess,
  notifications: NotificationService,
): PresenceServices {
  const notifyLate = (...notice: Parameters<NotificationService['notifyLate']>) =>
    notifications.notifyLate(...notice);
  return {
    service: new PresenceService(store, users, bus, notifyLate, logger),
    reader: new PresenceReader(store),
    typing: new TypingService(access, store, bus, logger),
  };
}

function createOffers(
  { database, transactions, limits, writeLimits }: Grounds,
  { log }: DeliveryServices,
  access: ConversationAccess,
  presence: PresenceServices,
): OfferServices {
  const findViewing = (conversationId: string) => presence.reader.findViewing(conversationId);
  return {
    service: new OfferService(
      database,
      transactions,
      access,
      log,
      findViewing,
      limits.pendingOffers,
      writeLimits.offers,
    ),
    reader: new OfferReader(database),
  };
}

function createConversations(
  { database, transactions, bus, writeLimits }: Grounds,
  { log, inboxLog }: DeliveryServices,
  access: ConversationAccess,
  offers: OfferServices,
  presence: PresenceServices,
): ConversationServices {
  const findViewing = (conversationId: string) => presence.reader.findViewing(conversationId);
  return {
    access,
    service: new ConversationService(database, transactions, access, log, bus, writeLimits),
    participations: new ParticipationService(transactions, access, inboxLog, bus),
    reader: new ConversationReader(database),
    marks: new ReadingMarks(),
    memberships: new MembershipService(
      database,
      transactions,
      access,
      log,
      offers.service,
      bus,
      findViewing,
    ),
  };
}

function createMessages(
  { database, transactions, writeLimits, attachmentOrigins }: Grounds,
  { log }: DeliveryServices,
  access: ConversationAccess,
  presence: PresenceServices,
): MessageServices {
  const findViewing = (conversationId: string) => presence.reader.findViewing(conversationId);
  return {
    service: new MessageService(
      database,
      transactions,
      access,
      log,
      writeLimits.messages,
      writeLimits.writes,
      findViewing,
      attachmentOrigins,
    ),
    reader: new MessageReader(database),
  };
}
