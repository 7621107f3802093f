import type { Bus } from '../bus/bus';
import type { LogHeads } from '../log/log.heads';
import type { LogSource } from '../log/log.source';
import type { Logger } from '../logger';
import { type Place, type Replay, Seat, type SeatOptions } from './seat';
import { LiveTopic, LogTopic, type Topic } from './topic';

/** How often the heads of all served logs are compared with what was delivered. */
const SWEEP_INTERVAL_MS = 3_000;

/** A topic that this node serves at present, as long as somebody has a seat at it. */
class Served<T extends Topic> implements Place {
  /** In force: the bus listens, and a log topic knows where it is. */
  readonly ready: Promise<void>;
  private readonly subscribed: Promise<() => Promise<void>>;

  /**
   * @param all the topics of its kind, which it joins and leaves by itself
   * @param open once the bus listens
   */
  constructor(
    private readonly all: Map<string, Served<T>>,
    private readonly key: string,
    readonly topic: T,
    bus: Bus,
    open: () => Promise<void>,
    private readonly logger: Logger,
  ) {
    this.subscribed = bus.subscribe(key, (event) => topic.receive(event));
    this.ready = this.subscribed.then(open);
    all.set(key, this);
  }

  leave(seat: Seat): void {
    const { all, key, topic } = this;
    topic.seats.delete(seat);
    if (topic.seats.size > 0 || all.get(key) !== this) return;
    all.delete(key);
    topic.close();
    this.subscribed
      .then((end) => end())
      .catch((error: unknown) => this.logger.warn({ err: error, key }, 'unsubscribing failed'));
  }
}

/**
 * Brings events to this node's subscribers: one subscription to the bus for each topic, however many
 * seats share it. For a conversation and for an inbox the log is the truth and the bus a hint, so a seat there
 * gets every event in order and once, with the bus or without it: a gap is healed from the log, and every
 * 3 s the heads of all logs served here are compared in one statement.
 */
export class Hub {
  private readonly lives = new Map<string, Served<LiveTopic>>();
  private readonly logs = new Map<string, Served<LogTopic>>();
  private sweepTimer: NodeJS.Timeout | null = null;
  private sweeping = false;

  constructor(
    private readonly bus: Bus,
    private readonly heads: LogHeads,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.sweepTimer = setInterval(() => void this.sweep(), SWEEP_INTERVAL_MS);
    this.sweepTimer.unref();
    this.bus.onStateChange((connected) => {
      if (connected) void this.sweep();
    });
  }

  /** Ends every seat. */
  stop(): void {
    if (this.sweepTimer) clearInterval(this.sweepTimer);
    for (const { topic } of this.served()) for (const seat of [...topic.seats]) seat.end();
  }

  /** Topics and seats on this node, for the metrics and the count of leaks. */
  get size(): { topics: number; seats: number } {
    const served = this.served();
    return {
      topics: served.length,
      seats: served.reduce((sum, { topic }) => sum + topic.seats.size, 0),
    };
  }

  /**
   * Takes one seat at topics without a log: their events from now on, at most once. Resolves when the
   * subscriptions are in force.
   */
  async subscribe(busTopics: readonly string[], options: SeatOptions): Promise<Seat> {
    return this.take(
      busTopics.map((topic) => this.lives.get(topic) ?? this.serveLive(topic)),
      options,
      0,
      null,
    );
  }

  /**
   * Takes a seat at a log: its events in order and once, and what is only live on its topic, from now on or
   * from a position. Resolves when the subscription is in force; whether the viewer may have it must be
   * checked after that, so that no change of it can fall between.
   *
   * @param from every event with a greater sequence, and no other, is for this seat. With `replay` those that
   *   were come first; without it the seat begins with what comes
   */
  async subscribeLog(
    source: LogSource,
    from: { position: number; replay: boolean },
    options: SeatOptions,
  ): Promise<Seat> {
    const served = this.logs.get(source.topic) ?? this.serveLog(source);
    const replay = from.replay ? served.topic.replay() : null;
    return this.take([served], options, from.position, replay);
  }

  private serveLive(key: string): Served<LiveTopic> {
    return new Served(this.lives, key, new LiveTopic(), this.bus, async () => {}, this.logger);
  }

  private serveLog({ topic: key, read }: LogSource): Served<LogTopic> {
    const topic = new LogTopic(read, this.logger);
    const open = async () => {
      // After the acknowledgement: whatever commits from here on is announced or counted in the head.
      const [head] = await this.heads.readMany([key]);
      topic.open(head ?? 0);
    };
    return new Served(this.logs, key, topic, this.bus, open, this.logger);
  }

  private async take<T extends Topic>(
    served: readonly Served<T>[],
    options: SeatOptions,
    position: number,
    replay: Replay | null,
  ): Promise<Seat> {
    const [first, ...others] = served;
    const place = first && others.length === 0 ? first : new Places(served);
    const seat = new Seat(options, position, replay, place);
    for (const { topic } of served) topic.seats.add(seat);
    try {
      await Promise.all(served.map(({ ready }) => ready));
    } catch (error) {
      seat.end();
      throw error;
    }
    return seat;
  }

  /** Heals what the bus lost altogether, the last hint of a log included. */
  private async sweep(): Promise<void> {
    if (this.sweeping || this.logs.size === 0) return;
    this.sweeping = true;
    try {
      const served = [...this.logs.keys()];
      const heads = await this.heads.readMany(served);
      for (const [index, topic] of served.entries())
        this.logs.get(topic)?.topic.reach(heads[index] ?? 0);
    } catch (error) {
      this.logger.warn({ err: error }, 'heads not compared');
    } finally {
      this.sweeping = false;
    }
  }

  private served(): Served<Topic>[] {
    return [...this.lives.values(), ...this.logs.values()];
  }
}

/** Several topics with one seat. */
class Places implements Place {
  constructor(private readonly all: readonly Place[]) {}

  leave(seat: Seat): void {
    for (const place of this.all) place.leave(seat);
  }
}
