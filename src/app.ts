import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import type { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { Authenticator } from './auth/authenticator';
import { createTokenVerifier } from './auth/token';
import { UserDirectory } from './auth/user.directory';
import { User } from './auth/user.entity';
import type { Config } from './config';
import { ConversationAccess } from './conversation/conversation.access';
import { Conversation } from './conversation/conversation.entity';
import { ConversationService } from './conversation/conversation.service';
import { Participant } from './conversation/participant.entity';
import { DatabaseClaim } from './database/claim';
import { connectDatabase, type Installation, migrate, poolOf, readInstallation } from './database/data-source';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './database/embedded';
import { asDomainError } from './database/failures';
import { Transactions } from './database/transaction';
import type { Bus } from './delivery/bus';
import { MemoryBus } from './delivery/bus.memory';
import { RedisBus } from './delivery/bus.redis';
import { killBeforePublish } from './delivery/failpoint';
import { Heads } from './delivery/heads';
import { Hub } from './delivery/hub';
import { InboxLog } from './delivery/inbox';
import { ConversationLog } from './delivery/log';
import { ConfigError, UnavailableError } from './errors';
import type { Services } from './graphql/context';
import { getSchema } from './graphql/schema';
import type { Logger } from './logger';
import { BlockService } from './membership/block.service';
import { MembershipService } from './membership/membership.service';
import { Message } from './message/message.entity';
import { MessageService } from './message/message.service';
import { CustomEventService } from './notification/custom-event.service';
import { Notification } from './notification/notification.entity';
import { NotificationService } from './notification/notification.service';
import { Offer, OfferTransition } from './offer/offer.entity';
import { OfferExpiry } from './offer/offer.expiry';
import { OfferReader } from './offer/offer.reader';
import { OfferService } from './offer/offer.service';
import { PresenceService } from './presence/presence.service';
import type { PresenceStore } from './presence/presence.store';
import { MemoryPresenceStore } from './presence/presence.store.memory';
import { RedisPresenceStore } from './presence/presence.store.redis';
import { TypingService } from './presence/typing.service';
import { createApollo } from './server/apollo';
import { Connections } from './server/connections';
import { createHttp } from './server/http';
import { Readiness } from './server/readiness';
import { createWebSocket } from './server/websocket';

/** Connections to the database that requests share. */
const REQUEST_CONNECTIONS = 10;
/** How long requests under way may take to finish when the node stops. */
const HTTP_CLOSE_TIMEOUT_MS = 10_000;

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

/** What has been started, so that it can be stopped in reverse, also when the start fails half way. */
class Started {
  private readonly steps: { name: string; stop: () => Promise<unknown> | unknown }[] = [];

  constructor(private readonly logger: Logger) {}

  add(name: string, stop: () => Promise<unknown> | unknown): void {
    this.steps.push({ name, stop });
  }

  /** Stopped last of all: what the others stand on. */
  addBelow(name: string, stop: () => Promise<unknown> | unknown): void {
    this.steps.unshift({ name, stop });
  }

  async stopAll(): Promise<void> {
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step.stop();
      } catch (error) {
        this.logger.error({ err: error, part: step.name }, 'part did not stop cleanly');
      }
    }
  }
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
    if (asDomainError(error) instanceof UnavailableError)
      throw new ConfigError('DATABASE_URL: the database went away during the start');
    throw error;
  }
}

async function startParts(
  config: Config,
  logger: Logger,
  started: Started,
): Promise<{ services: Services; url: string; lost: Promise<void> }> {
  const { dataSource, lost } = await openDatabase(config, logger, started);
  const database = poolOf(dataSource);
  const transactions = new Transactions(dataSource, logger);
  const installation = await readInstallation(database);

  const { bus, store } = createShared(config, installation, logger);
  await bus.start();
  started.add('bus', () => bus.stop());
  await store.start();
  started.add('presence store', () => store.stop());

  const inboxLog = new InboxLog(database, bus);
  const log = new ConversationLog(database, bus, inboxLog);
  const hub = new Hub(bus, new Heads(database), logger);
  hub.start();
  started.add('hub', () => hub.stop());

  const users = new UserDirectory(database);
  const access = new ConversationAccess(database);
  const notifications = new NotificationService(database, transactions, inboxLog);
  const notifyLate = (conversationId: string, userId: string) => notifications.notifyLate(conversationId, userId);
  const presence = new PresenceService(store, users, bus, notifyLate, logger);
  const viewing = (conversationId: string) => presence.viewing(conversationId);
  const conversations = new ConversationService(database, transactions, access, log, inboxLog, bus);
  const offers = new OfferService(database, transactions, access, log, viewing);
  const typing = new TypingService(access, store, bus, logger);
  const expiry = new OfferExpiry(offers, viewing, logger);
  const services: Services = {
    users,
    access,
    conversations,
    messages: new MessageService(database, transactions, access, log, viewing),
    offers,
    offerReader: new OfferReader(database),
    memberships: new MembershipService(database, transactions, access, log, offers, bus, viewing),
    blocks: new BlockService(database, transactions, bus),
    notifications,
    customEvents: new CustomEventService(access, conversations, users, bus),
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
    bus,
    installation,
    readiness: new Readiness(database, bus),
  });
  return { services, url, lost };
}

async function openDatabase(
  config: Config,
  logger: Logger,
  started: Started,
): Promise<{ dataSource: DataSource; lost: Promise<void> }> {
  const { databaseUrl, redisUrl, directory } = config.storage;
  const embedded = databaseUrl === null ? await startEmbeddedPostgres({ directory, logger }) : null;
  // An adopted one may be another process's, until the claim below says otherwise.
  if (embedded && !embedded.adopted) started.add('embedded database', () => embedded.stop());
  const dataSource = await connectDatabase({
    url: databaseUrl ?? embedded!.url,
    // A claim keeps one for itself.
    poolSize: redisUrl === null ? REQUEST_CONNECTIONS + 1 : REQUEST_CONNECTIONS,
    entities: [User, Conversation, Participant, Message, Offer, OfferTransition, Notification],
    logger,
  }).catch((error: Error) => {
    throw new ConfigError(`DATABASE_URL: the database cannot be reached (${error.message})`);
  });
  started.add('database', () => dataSource.destroy());
  const claimed = redisUrl === null ? await claim(dataSource, embedded, started, logger) : null;
  await migrate(dataSource);
  return { dataSource, lost: claimed?.lost ?? new Promise<void>(() => {}) };
}

/** Without Redis one node has the database alone, and with it an embedded server that an earlier one left behind. */
async function claim(
  dataSource: DataSource,
  embedded: EmbeddedPostgres | null,
  started: Started,
  logger: Logger,
): Promise<{ lost: Promise<void> }> {
  const claimed = await DatabaseClaim.take(dataSource, logger);
  if (claimed === null) {
    embedded?.release();
    throw new ConfigError(
      'REDIS_URL: is not set, and another node uses this database already; nodes need Redis to work together',
    );
  }
  started.add('claim on the database', () => claimed.release());
  if (!embedded?.adopted) return claimed;
  embedded.claim();
  started.addBelow('embedded database', () => embedded.stop());
  return claimed;
}

function createShared(config: Config, installation: Installation, logger: Logger): { bus: Bus; store: PresenceStore } {
  const { redisUrl: url } = config.storage;
  if (url === null) return { bus: new MemoryBus(logger), store: new MemoryPresenceStore() };
  const prefix = `parley:${installation.id}:`;
  const bus = new RedisBus({ url, channelPrefix: prefix, logger });
  return {
    bus: config.killBeforePublish === null ? bus : killBeforePublish(bus, config.killBeforePublish),
    store: new RedisPresenceStore({ url, keyPrefix: prefix, nodeId: uuidv7(), logger }),
  };
}

async function startServers(parts: {
  config: Config;
  logger: Logger;
  started: Started;
  services: Services;
  bus: Bus;
  installation: Installation;
  readiness: Readiness;
}): Promise<string> {
  const { config, logger, started, services, readiness } = parts;
  const { production, limits } = config;
  const { frontendOrigins } = config.http;
  const schema = getSchema();
  const authenticator = new Authenticator(createTokenVerifier(config.auth), services.users, config.auth.provisioning);

  const apollo = createApollo(schema, logger, production);
  await apollo.start();
  started.add('apollo', () => apollo.stop());

  const connections = new Connections(
    services.hub,
    services.users,
    services.presence,
    services.typing,
    logger,
    limits.socketsPerUser,
  );
  await connections.start();
  const http = await createHttp({
    apollo,
    authenticator,
    services,
    readiness,
    logger,
    frontendOrigins,
    bodyLimitBytes: limits.bodyBytes,
    production,
  });
  const { logEpoch } = parts.installation;
  createWebSocket({
    schema,
    authenticator,
    services,
    connections,
    logger,
    frontendOrigins,
    limits,
    logEpoch,
    production,
  }).attach(http.server);

  await listen(http, config);
  started.add('http', () => closeHttp(http));
  started.add('websockets', () => connections.drain());
  started.add('readiness', () => readiness.drain());
  const { port } = http.server.address() as AddressInfo;
  return `http://${urlHost(config.http.host)}:${port}`;
}

/** Waits for what is under way, but not for a peer that never finishes its request. */
async function closeHttp(http: FastifyInstance): Promise<void> {
  const deadline = setTimeout(() => http.server.closeAllConnections(), HTTP_CLOSE_TIMEOUT_MS);
  await http.close();
  clearTimeout(deadline);
}

async function listen(http: FastifyInstance, { http: { host, port } }: Config): Promise<void> {
  try {
    await http.listen({ host, port });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new ConfigError(`PORT: ${port} is taken already`);
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL')
      throw new ConfigError(`PORT, HOST: cannot listen on ${host}:${port} (${code})`);
    throw error;
  }
}

/** An address that a person can open. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
