import type { Redis } from 'ioredis';
import type { RedisConnection } from '../redis/redis.connection';

/** So many channels go into one SUBSCRIBE, lest a node with many blocks Redis. */
const CHANNELS_PER_COMMAND = 1_000;

/**
 * The channels that this node wants, and the subscriber as RedisPubSub may see it.
 *
 * RedisPubSub leaves a rejected SUBSCRIBE or UNSUBSCRIBE unhandled, which ends the process, and
 * knows nothing of a connection that is made anew. So neither ever fails here: what is wanted is
 * remembered, and each fresh connection is brought to it by `restore`. On one connection commands
 * are carried out in the order in which they were given, so Redis always ends up with what was
 * asked for last, however fast the two follow each other.
 */
export class WantedChannels {
  private readonly wanted = new Set<string>();

  /** @param ignores messages that nobody here needs to see, not even parsed */
  constructor(
    private readonly connection: RedisConnection,
    private readonly ignores: (message: string) => boolean,
  ) {}

  /** The four functions of an ioredis subscriber that RedisPubSub calls. */
  asSubscriber(): Redis {
    const face = {
      on: (name: string, listener: (channel: string, message: string) => void) =>
        this.connection.client.on(name, (channel: string, message: string) => {
          if (!this.ignores(message)) listener(channel, message);
        }),
      subscribe: (channel: string, done: (error: null) => void) =>
        void this.subscribe(channel).then(() => done(null)),
      unsubscribe: (channel: string) => this.unsubscribe(channel),
      // RedisPubSub sends it along with every UNSUBSCRIBE; there are no patterns here.
      punsubscribe: () => {},
    };
    return face as unknown as Redis;
  }

  /**
   * Subscribes a fresh connection to all that is wanted. Resolves when Redis has acknowledged
   * everything.
   */
  async restore(): Promise<void> {
    const channels = [...this.wanted];
    const acknowledgements: Promise<unknown>[] = [];
    for (let from = 0; from < channels.length; from += CHANNELS_PER_COMMAND)
      acknowledgements.push(
        this.connection.client.subscribe(...channels.slice(from, from + CHANNELS_PER_COMMAND)),
      );
    await Promise.all(acknowledgements);
  }

  private async subscribe(channel: string): Promise<void> {
    this.wanted.add(channel);
    if (this.connection.isOpen) await this.attempt(this.connection.client.subscribe(channel));
  }

  private unsubscribe(channel: string): void {
    this.wanted.delete(channel);
    if (this.connection.isOpen) void this.attempt(this.connection.client.unsubscribe(channel));
  }

  /** Drops the connection when a command fails: the next one subscribes to what is wanted. */
  private async attempt(command: Promise<unknown>): Promise<void> {
    try {
      await command;
    } catch (error) {
      this.connection.drop(error as Error);
    }
  }
}
