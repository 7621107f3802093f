import { v7 as uuidv7 } from 'uuid';
import { KeyProvider } from '../auth/key.provider';
import { createTokenVerifier } from '../auth/token';
import type { Bus } from '../bus/bus';
import { MemoryBus } from '../bus/bus.memory';
import { RedisBus } from '../bus/bus.redis';
import { killBeforePublish } from '../bus/failpoint';
import { tracePublications } from '../bus/publish.span';
import type { Config } from '../config';
import { Conversation } from '../conversation/conversation.entity';
import { Participant } from '../conversation/participant.entity';
import {
  type Installation,
  isWritable,
  queryableOf,
  readInstallation,
} from '../database/data-source';
import { asDomainError } from '../database/failures';
import { sessionsOf } from '../database/sessions';
import { type Queryable, Transactions } from '../database/transaction';
import { ConfigError, UnavailableError } from '../errors';
import type { Services } from '../graphql/services';
import { LogEpoch } from '../log/log.epoch';
import type { Logger } from '../logger';
import { Message } from '../message/message.entity';
import { Notification } from '../notification/notification.entity';
import { Offer, OfferTransition } from '../offer/offer.entity';
import { OfferExpiry } from '../offer/offer.expiry';
import { User } from '../people/user.entity';
import type { PresenceStore } from '../presence/store/presence.store';
import { MemoryPresenceStore } from '../presence/store/presence.store.memory';
import { RedisPresenceStore } from '../presence/store/presence.store.redis';
import { RateLimits } from '../rate-limit/rate-limits';
import { findUnsuitable } from '../redis/redis.check';
import { RedisHealth } from '../redis/redis.health';
import { unlessAborted } from '../runtime/abort';
import { blame, reasonOf } from '../runtime/blame';
import type { Tracer } from '../runtime/span';
import type { Drain } from '../server/drain';
import { Readiness } from '../server/readiness';
import { databaseSetting, openDatabase } from './app.database';
import { createExecution } from './app.execution';
import { startServers } from './app.servers';
import { createServices, startServices } from './app.services';
import { startTraces } from './app.traces';
import { Lifecycle } from './lifecycle';

const ENTITIES = [User, Conversation, Participant, Message, Offer, OfferTransition, Notification];

/** A running node. */
export interface App {
  /** The URL at which the node listens, e.g. `http://127.0.0.1:3000`. */
  readonly url: string;
  /** The URL of this node's metrics. In production it is on a port of its own. */
  readonly metricsUrl: string;
  readonly services: Services;
  /**
   * Resolves when another node has taken the database that this node had alone. This node must stop
   * then. With Redis it never resolves. It never rejects.
   */
  readonly lost: Promise<void>;
  /**
   * Drains and stops all parts, in the reverse order of their start. May be called repeatedly.
   *
   * @param options.drainFully false to skip the times of `DRAIN_DELAY_S` and `DRAIN_SPREAD_S`
   */
  stop(options?: { drainFully?: boolean }): Promise<void>;
}

/**
 * Starts all parts of a node, in order. When one fails, those that have started are stopped again.
 *
 * @param signal breaks the start off at any moment, also while a part waits. What has started is
 *   stopped then. Once the node has started, the signal has no effect
 * @throws {ConfigError} when the operator has to change something; the message says what, in one
 *   line
 * @throws the signal's reason when it broke the start off
 * @throws any other error with which a part failed
 */
export async function startApp(
  config: Config,
  logger: Logger,
  signal: AbortSignal = new AbortController().signal,
): Promise<App> {
  const lifecycle = new Lifecycle(logger);
  const starting = new AbortController();
  const breakOff = () => starting.abort(signal.reason);
  if (signal.aborted) breakOff();
  signal.addEventListener('abort', breakOff);
  try {
    const parts = await unlessAborted(
      startParts(config, logger, lifecycle, starting.signal),
      starting.signal,
    );
    return appOf(parts, lifecycle);
  } catch (error) {
    await lifecycle.stopAll();
    if (!(error instanceof ConfigError) && asDomainError(error) instanceof UnavailableError)
      throw new ConfigError(
        `${databaseSetting(config)}: the database went away during the start (${reasonOf(error)})`,
        { cause: error },
      );
    throw error;
  } finally {
    signal.removeEventListener('abort', breakOff);
  }
}

type Parts = Omit<App, 'stop'> & { drain: Drain };

function appOf({ services, url, metricsUrl, drain, lost }: Parts, lifecycle: Lifecycle): App {
  let stopping: Promise<void> | null = null;
  return {
    url,
    metricsUrl,
    services,
    lost,
    stop({ drainFully = true } = {}) {
      if (!drainFully) drain.hurry();
      stopping ??= lifecycle.stopAll();
      return stopping;
    },
  };
}

async function startParts(
  config: Config,
  logger: Logger,
  lifecycle: Lifecycle,
  signal: AbortSignal,
): Promise<Parts> {
  // The first part, so that it is stopped last, and sends the spans of the stop as well.
  const tracer = await startTraces(config, logger, lifecycle);
  const execution = await createExecution(config);
  await refuseUnsuitableRedis(config, logger);
  const provider = await startKeyProvider(config, logger, lifecycle);
  const { dataSource, lost } = await openDatabase(config, ENTITIES, { logger, lifecycle, signal });
  const database = queryableOf(dataSource);
  const transactions = new Transactions(dataSource, logger);
  const { installation, epoch } = await readDatabase(config, database, transactions);

  const health = new RedisHealth(logger);
  const shared = createShared(config, installation, logger, health, tracer);
  await startShared(shared, lifecycle, health);

  const { limits, attachmentOrigins } = config;
  const stored = { database, transactions, epoch };
  const foundations = { ...stored, ...shared, tracer, limits, attachmentOrigins, logger };
  const services = createServices(foundations);
  startServices(services, foundations, lifecycle);
  startExpiry(services, logger, lifecycle);

  const { url, metricsUrl, drain } = await startServers({
    config,
    logger,
    lifecycle,
    services,
    execution,
    readiness: new Readiness(
      () => isWritable(dataSource),
      () => [...health.degraded, ...(provider?.degraded ?? [])],
    ),
    verifier: createTokenVerifier(config.auth, provider),
    bus: shared.bus,
    tracer,
    counted: {
      hub: services.delivery.hub,
      bus: shared.bus,
      sessions: sessionsOf(dataSource),
      rates: shared.rates,
      health,
    },
  });
  return { services, url, metricsUrl, drain, lost };
}

function startExpiry({ offers, presence }: Services, logger: Logger, lifecycle: Lifecycle): void {
  const findViewing = (conversationId: string) => presence.reader.findViewing(conversationId);
  const expiry = new OfferExpiry(offers.reader, offers.service, findViewing, logger);
  expiry.start();
  lifecycle.add('expiry', () => expiry.stop());
}

function readDatabase(config: Config, database: Queryable, transactions: Transactions) {
  return blame(databaseSetting(config), 'cannot be used', async () => ({
    installation: await readInstallation(database),
    epoch: await LogEpoch.open(transactions, config.storage.losslessFailover),
  }));
}

/** The parts, beside the database, by which nodes work together. */
interface Shared {
  bus: Bus;
  store: PresenceStore;
  rates: RateLimits;
}

/**
 * Looks at Redis before anything is started or migrated.
 *
 * @throws {ConfigError} when Redis answers, and cannot be used until something is changed
 */
async function refuseUnsuitableRedis({ storage }: Config, logger: Logger): Promise<void> {
  if (storage.redisUrl === null) return;
  const unsuitable = await findUnsuitable(storage.redisUrl, logger);
  if (unsuitable !== null) throw new ConfigError(`REDIS_URL: ${unsuitable}`);
}

/**
 * Requests the keys of tokens, of a provider that publishes them.
 *
 * @throws {ConfigError} when its URL leads to something else
 */
async function startKeyProvider(
  { auth }: Config,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<KeyProvider | null> {
  if (auth.keySetUrl === null) return null;
  const provider = new KeyProvider(auth.keySetUrl, logger);
  lifecycle.add('key provider', () => provider.stop());
  await provider.start();
  return provider;
}

/**
 * Starts them together, so that a Redis that does not answer is waited for once.
 *
 * @throws {ConfigError} when Redis answers, and cannot be used until something is changed
 */
async function startShared(
  { bus, store, rates }: Shared,
  lifecycle: Lifecycle,
  health: RedisHealth,
): Promise<void> {
  lifecycle.add('bus', () => bus.stop());
  lifecycle.add('presence store', () => store.stop());
  lifecycle.add('rate limits', () => rates.stop());
  await Promise.all([bus.start(), store.start(), rates.start()]);
  if (health.unsuitable !== null) throw new ConfigError(`REDIS_URL: ${health.unsuitable}`);
}

function createShared(
  config: Config,
  installation: Installation,
  logger: Logger,
  health: RedisHealth,
  tracer: Tracer | null,
): Shared {
  const { redisUrl: url } = config.storage;
  const prefix = `parley:${installation.id}:`;
  const shared = { logger, health, keyPrefix: prefix };
  const refusedPerMinute = config.limits.writesPerMinute;
  const createRates = () => new RateLimits({ ...shared, redisUrl: url, refusedPerMinute });
  const traced = (bus: Bus, system: string) => (tracer ? tracePublications(bus, system) : bus);
  if (url === null) {
    const bus = traced(new MemoryBus(logger), 'parley');
    return { bus, store: new MemoryPresenceStore(), rates: createRates() };
  }
  // In the order in which `/readyz` names them.
  const bus = traced(new RedisBus({ url, channelPrefix: prefix, logger, health }), 'redis');
  return {
    bus: config.killBeforePublish === null ? bus : killBeforePublish(bus, config.killBeforePublish),
    store: new RedisPresenceStore({ ...shared, url, nodeId: uuidv7() }),
    rates: createRates(),
  };
}
