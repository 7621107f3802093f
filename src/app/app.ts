import { v7 as uuidv7 } from 'uuid';
import type { Bus } from '../bus/bus';
import { MemoryBus } from '../bus/bus.memory';
import { RedisBus } from '../bus/bus.redis';
import { killBeforePublish } from '../bus/failpoint';
import type { Config } from '../config';
import { ConversationAccess } from '../conversation/conversation.access';
import { Conversation } from '../conversation/conversation.entity';
import { ConversationReader } from '../conversation/conversation.reader';
import { ConversationService } from '../conversation/conversation.service';
import { Participant } from '../conversation/participant.entity';
import { type Installation, poolOf, readInstallation } from '../database/data-source';
import { asDomainError } from '../database/failures';
import { Transactions } from '../database/transaction';
import { Hub } from '../delivery/hub';
import { ConfigError, UnavailableError } from '../errors';
import type { Services } from '../graphql/context';
import { ConversationLog } from '../log/conversation.log';
import { InboxLog } from '../log/inbox.log';
import { Heads } from '../log/log.heads';
import type { Logger } from '../logger';
import { MembershipService } from '../membership/membership.service';
import { Message } from '../message/message.entity';
import { MessageReader } from '../message/message.reader';
import { MessageService } from '../message/message.service';
import { Notification } from '../notification/notification.entity';
import { NotificationService } from '../notification/notification.service';
import { Offer, OfferTransition } from '../offer/offer.entity';
import { OfferExpiry } from '../offer/offer.expiry';
import { OfferReader } from '../offer/offer.reader';
import { OfferService } from '../offer/offer.service';
import { BlockService } from '../people/block.service';
import { UserDirectory } from '../people/user.directory';
import { User } from '../people/user.entity';
import { CustomEventService } from '../platform/custom-event.service';
import { PresenceService } from '../presence/presence.service';
import type { PresenceStore } from '../presence/store/presence.store';
import { MemoryPresenceStore } from '../presence/store/presence.store.memory';
import { RedisPresenceStore } from '../presence/store/presence.store.redis';
import { TypingService } from '../presence/typing.service';
import { RateLimits } from '../rate-limit/rate-limits';
import { Readiness } from '../server/readiness';
import { openDatabase } from './app.database';
import { startServers } from './app.servers';
import { Started } from './lifecycle';

const ENTITIES = [User, Conversation, Participant, Message, Offer, OfferTransition, Notification];

/** A running node. */
export interface App {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly services: Services;
  /** Resolves when it must not go on: another node has taken the database that it had alone. */
  readonly lost: Promise<void>;
  /** Drains and ends everything, in the reverse order of the start. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts a node: every part, in order.
 *
 * @throws {ConfigError} what the operator has to mend, in one line; everything else is stopped again
 */
export async function startApp(config: Config, logger: Logger): Promise<App> {
  const started = new Started(logger);
  let stopping: Promise<void> | null = null;
  try {
    const { services, url, lost } = await startParts(config, logger, started);
    return {
      url,
      services,
      lost,
      stop() {
        stopping ??= started.stopAll();
        return stopping;
      },
    };
  } catch (error) {
    await started.stopAll();
    // One of our own fails for its folder or its processes, and says so itself.
    if (config.storage.databaseUrl !== null && asDomainError(error) instanceof UnavailableError)
      throw new ConfigError(`DATABASE_URL: the database went away during the start (${causeOf(error)})`);
    throw error;
  }
}

/** What an operator can act on. */
function causeOf(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}

async function startParts(
  config: Config,
  logger: Logger,
  started: Started,
): Promise<{ services: Services; url: string; lost: Promise<void> }> {
  const { dataSource, lost } = await openDatabase(config, ENTITIES, logger, started);
  const database = poolOf(dataSource);
  const transactions = new Transactions(dataSource, logger);
  const installation = await readInstallation(database);

  const { bus, store, rates } = createShared(config, installation, logger);
  await bus.start();
  started.add('bus', () => bus.stop());
  await store.start();
  started.add('presence store', () => store.stop());
  await rates.start();
  started.add('rate limits', () => rates.stop());

  const inboxLog = new InboxLog(database, bus);
  const log = new ConversationLog(database, bus, inboxLog);
  const hub = new Hub(bus, new Heads(database), logger);
  hub.start();
  started.add('hub', () => hub.stop());

  const users = new UserDirectory(database);
  const access = new ConversationAccess(database);
  const notifications = new NotificationService(database, transactions, inboxLog);
  const presence = new PresenceService(store, users, bus, (...notice) => notifications.notifyLate(...notice), logger);
  const viewing = (conversationId: string) => presence.viewing(conversationId);
  const conversationReader = new ConversationReader(database);
  const conversations = new ConversationService(database, transactions, access, log, inboxLog, bus);
  const offerReader = new OfferReader(database);
  const offers = new OfferService(database, transactions, access, log, viewing);
  const messageRate = rates.of('messages', [
    { most: config.limits.messagesPerSecond, seconds: 1 },
    { most: config.limits.messagesPerMinute, seconds: 60 },
  ]);
  const typing = new TypingService(access, store, bus, logger);
  const expiry = new OfferExpiry(offerReader, offers, viewing, logger);
  const services: Services = {
    users,
    access,
    conversations,
    conversationReader,
    messages: new MessageService(database, transactions, access, log, messageRate, viewing, (id) =>
      presence.viewingHere(id),
    ),
    messageReader: new MessageReader(database),
    offers,
    offerReader,
    memberships: new MembershipService(database, transactions, access, log, offers, bus, viewing),
    blocks: new BlockService(database, transactions, bus),
    notifications,
    customEvents: new CustomEventService(access, conversationReader, users, bus),
    presence,
    typing,
    hub,
    log,
    inboxLog,
  };
  presence.start();
  started.add('presence', () => presence.stop());
  typing.start();
  started.add('typing', () => typing.stop());
  expiry.start();
  started.add('expiry', () => expiry.stop());

  const url = await startServers({
    config,
    logger,
    started,
    services,
    installation,
    readiness: new Readiness(database, bus),
  });
  return { services, url, lost };
}

/** What all nodes share, beside the database. */
interface Shared {
  bus: Bus;
  store: PresenceStore;
  rates: RateLimits;
}

function createShared(config: Config, installation: Installation, logger: Logger): Shared {
  const { redisUrl: url } = config.storage;
  const prefix = `parley:${installation.id}:`;
  const rates = new RateLimits({ redisUrl: url, keyPrefix: prefix, logger });
  if (url === null) return { bus: new MemoryBus(logger), store: new MemoryPresenceStore(), rates };
  const bus = new RedisBus({ url, channelPrefix: prefix, logger });
  return {
    bus: config.killBeforePublish === null ? bus : killBeforePublish(bus, config.killBeforePublish),
    store: new RedisPresenceStore({ url, keyPrefix: prefix, nodeId: uuidv7(), logger }),
    rates,
  };
}
