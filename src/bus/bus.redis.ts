import { randomUUID } from 'node:crypto';
import { RedisPubSub } from 'graphql-redis-subscriptions';
import type { BusEvent } from '../events';
import type { Logger } from '../logger';
import { RedisConnection } from '../redis/redis.connection';
import { RedisHealth } from '../redis/redis.health';
import { asError } from '../runtime/as-error';
import { Listeners } from '../runtime/listeners';
import { hasSpans, recordedSpan, type Span, within } from '../runtime/span';
import { Throttle } from '../runtime/throttle';
import { flatString } from '../runtime/v8';
import type { Bus, BusListener, BusMessage } from './bus';
import { MemoryBus } from './bus.memory';
import { WantedChannels } from './bus.redis.channels';
import { isBusEvent } from './bus.validation';

/** More unanswered publishes than this, and Redis is as good as away: what follows is dropped. */
const MAX_UNANSWERED_PUBLISHES = 20_000;
const WARNING_INTERVAL_MS = 60_000;
/**
 * One command for all channels of a message: fifty people who are told of it are fifty channels.
 */
const PUBLISH_TO_ALL = `for i = 2, #ARGV do redis.call('PUBLISH', ARGV[i], ARGV[1]) end`;

export interface RedisBusOptions {
  url: string;
  /** Stands before each topic, so that installations can share one Redis. */
  channelPrefix: string;
  logger: Logger;
  /** The registry in which the bus reports its trouble. Default: one of its own. */
  health?: RedisHealth;
}

/** One event, as it was when it was published, and all the channels on which it is told. */
interface OutgoingMessage {
  text: string;
  channels: string[];
  /** The span in which it was published; null for none. */
  span: Span | null;
}

/** One subscription to Redis. */
interface Subscription {
  listeners: number;
  /** The id by which RedisPubSub knows this subscription. */
  readonly id: Promise<number>;
}

/** Returns the rights that the bus needs, for channels with a prefix. */
export function busRights(channelPrefix: string): string[][] {
  const probe = `${channelPrefix}probe`;
  return [['PUBLISH', probe], ['SUBSCRIBE', probe], ['UNSUBSCRIBE']];
}

/**
 * A bus for any number of nodes, over Redis' PUBLISH and SUBSCRIBE: two connections, because a
 * subscribed one can do nothing else, and one subscription for each topic and node. The bus is
 * connected while both are up; the subscriber counts as up once all topics are subscribed to and
 * acknowledged.
 *
 * What a node publishes reaches its own listeners within the process, with Redis or without it, and
 * other nodes at the end of the event loop's turn, in one write; what comes back of it is not even
 * parsed. All listeners receive the same event, frozen (but not what is nested in it). What comes
 * over a channel and is no event of the catalogue is ignored, and logged once a minute for each
 * channel.
 */
export class RedisBus implements Bus {
  private readonly publisher: RedisConnection;
  private readonly subscriber: RedisConnection;
  private readonly pubSub: RedisPubSub;
  private readonly local: MemoryBus;
  private readonly subscriptions = new Map<string, Subscription>();
  /** Each of this node's messages begins so. */
  private readonly ownStart = `{"from":${JSON.stringify(randomUUID())},`;
  private readonly stateListeners: Listeners<boolean>;
  private readonly warnings = new Throttle(WARNING_INTERVAL_MS);
  private state: 'new' | 'connected' | 'away' | 'stopped' = 'new';
  /** For other nodes, at the end of the event loop's turn: this node's subscribers come first. */
  private outgoing: OutgoingMessage[] = [];
  private unanswered = 0;
  private dropped = 0;

  constructor(private readonly options: RedisBusOptions) {
    this.stateListeners = new Listeners((err) =>
      options.logger.error({ err }, 'bus: a listener of its state failed'),
    );
    this.local = new MemoryBus(options.logger);
    const { url, channelPrefix, logger, health = new RedisHealth(logger) } = options;
    const shared = {
      url,
      part: health.part('bus', 'events are dropped', () => ({ dropped: this.dropped })),
      onUp: () => this.becomeConnected(),
    };
    this.publisher = new RedisConnection({
      ...shared,
      rights: { commands: busRights(channelPrefix), writeKey: null },
      onAway: (trouble) => {
        this.becomeAway();
        // The publisher knows sooner that the server will not do, as when it became a replica.
        if (trouble.kind === 'unsuitable') this.subscriber.drop(new Error(trouble.cause));
      },
    });
    this.subscriber = new RedisConnection({
      ...shared,
      prepare: () => channels.restore(),
      onAway: () => this.becomeAway(),
    });
    const channels = new WantedChannels(this.subscriber, (message) =>
      message.startsWith(this.ownStart),
    );
    this.pubSub = new RedisPubSub({
      publisher: this.publisher.client,
      subscriber: channels.asSubscriber(),
    });
  }

  get connected(): boolean {
    return this.state === 'connected';
  }

  get topicCount(): number {
    return this.subscriptions.size;
  }

  get droppedCount(): number {
    return this.dropped;
  }

  async start(): Promise<void> {
    await Promise.all([this.local.start(), this.publisher.start(), this.subscriber.start()]);
  }

  async stop(): Promise<void> {
    const wasConnected = this.connected;
    this.flush();
    this.state = 'stopped';
    this.subscriptions.clear();
    await this.local.stop();
    if (wasConnected) this.stateListeners.deliver(false);
    await Promise.all([this.publisher.stop(), this.subscriber.stop()]);
  }

  publish(messages: readonly BusMessage[]): void {
    if (messages.length === 0 || this.state === 'stopped') return;
    this.local.publish(messages);
    if (!this.publisher.isOpen || this.unanswered >= MAX_UNANSWERED_PUBLISHES) {
      this.dropped += messages.length;
      return;
    }
    if (this.outgoing.length === 0) setImmediate(() => this.flush());
    this.enqueue(messages);
  }

  private flush(): void {
    const due = this.outgoing;
    this.outgoing = [];
    this.publisher.writeTogether(() => {
      for (const message of due) this.publishInSpan(message);
    });
  }

  /** The turn ends in the span of whichever work published first, so each message names its own. */
  private publishInSpan(message: OutgoingMessage): void {
    if (hasSpans()) within(message.span, () => this.publishMessage(message));
    else this.publishMessage(message);
  }

  /** Never throws, because other messages of the turn follow. */
  private publishMessage({ text, channels }: OutgoingMessage): void {
    const { client } = this.publisher;
    try {
      const answer =
        channels.length === 1
          ? client.publish(channels[0]!, text)
          : client.eval(PUBLISH_TO_ALL, 0, text, ...channels);
      answer.then(
        () => this.countAnswer(channels.length, null),
        (error: Error) => this.countAnswer(channels.length, error),
      );
    } catch (error) {
      this.unanswered -= channels.length;
      this.drop(channels.length, error);
    }
  }

  async subscribe(topic: string, listener: BusListener): Promise<() => Promise<void>> {
    if (this.state === 'stopped') return async () => {};
    const end = await this.local.subscribe(topic, listener);
    const entry = this.subscriptions.get(topic) ?? this.subscribeChannel(topic);
    entry.listeners++;
    const id = await entry.id;
    let ended = false;
    return async () => {
      if (ended) return;
      ended = true;
      void end();
      if (--entry.listeners > 0 || this.subscriptions.get(topic) !== entry) return;
      // In this same turn, so that whoever subscribes next finds either this subscription or none.
      this.subscriptions.delete(topic);
      this.pubSub.unsubscribe(id);
    };
  }

  onStateChange(listener: (connected: boolean) => void): void {
    this.stateListeners.add(listener);
  }

  private channelOf(topic: string): string {
    return flatString(this.options.channelPrefix, topic);
  }

  /**
   * Messages of one event stand together in `messages`, and share one text. An event that cannot be
   * encoded is dropped, and the others are sent.
   */
  private enqueue(messages: readonly BusMessage[]): void {
    let last: BusEvent | null = null;
    let message: OutgoingMessage | null = null;
    for (const { topic, event } of messages) {
      if (event !== last) {
        message = this.encode(event);
        if (message) this.outgoing.push(message);
      }
      last = event;
      if (message) {
        message.channels.push(this.channelOf(topic));
        this.unanswered++;
      } else this.dropped++;
    }
  }

  private encode(event: BusEvent): OutgoingMessage | null {
    try {
      return { text: this.textOf(event), channels: [], span: recordedSpan() };
    } catch (error) {
      this.drop(0, error);
      return null;
    }
  }

  private drop(count: number, error: unknown): void {
    this.dropped += count;
    if (this.warnings.pass('unsent'))
      this.options.logger.warn(
        { cause: asError(error).message },
        'bus: an event could not be sent',
      );
  }

  private textOf(event: BusEvent): string {
    return this.ownStart + JSON.stringify(event).slice(1);
  }

  private subscribeChannel(topic: string): Subscription {
    const { logger } = this.options;
    const channel = this.channelOf(topic);
    const receive = (message: unknown) => {
      if (isBusEvent(message)) this.local.deliver(topic, Object.freeze(message));
      else if (this.warnings.pass(channel))
        logger.warn({ channel }, 'bus: ignored a message that is no event of ours');
    };
    const entry: Subscription = { listeners: 0, id: this.pubSub.subscribe(channel, receive) };
    this.subscriptions.set(topic, entry);
    return entry;
  }

  private countAnswer(count: number, error: Error | null): void {
    this.unanswered -= count;
    if (!error) return;
    this.dropped += count;
    // A failed connection has a line of its own; what Redis answered has not.
    if (error.name === 'ReplyError' && this.warnings.pass('publish'))
      this.options.logger.warn({ cause: error.message }, 'bus: Redis refused events');
  }

  private becomeConnected(): void {
    if (this.state === 'stopped' || !this.publisher.isUp || !this.subscriber.isUp) return;
    this.state = 'connected';
    this.stateListeners.deliver(true);
  }

  private becomeAway(): void {
    if (this.state === 'stopped' || this.state === 'away') return;
    const wasConnected = this.connected;
    this.state = 'away';
    if (wasConnected) this.stateListeners.deliver(false);
  }
}
