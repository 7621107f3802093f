/**
 * Brings events to this node's subscribers.
 *
 * The hub holds one subscription to the bus for each topic, however many seats share it: the first
 * seat at a topic opens it, and the last one closes it. Two kinds of topics exist. A log topic
 * (`conversation:`, `inbox:`) has a log behind it, and its seats get every event of the log in
 * order and once, with the bus or without it. A hint topic (`user:`, `presence:`, `sessions:`) has
 * none: what the bus loses is lost.
 *
 * Nothing of a log is lost because the log is the truth and the bus only a hint:
 *
 * - A log topic is open once the bus has acknowledged the subscription and the head was read after
 *   that. Whatever commits later is published to the topic, or counted in that head.
 * - The topic reads the log where the bus skipped a sequence (see `topic`).
 * - The loss of the newest event leaves no gap to see. So every 3 s, and whenever the bus comes
 *   back, the heads of all logs that are served here are read in one statement and compared.
 *
 * The same statement shows that a log went back: the database failed over without its last commits,
 * or was restored. A head below what was delivered before the statement began ends the seats of
 * its topic with RESYNC_REQUIRED. With a new epoch (see `log/log.epoch`) all log topics end so, as
 * the lost sequences may have been given to other events already.
 */
import type { Bus } from '../bus/bus';
import { kindOf } from '../bus/publish.span';
import type { BusEvent } from '../events';
import type { LogEpoch } from '../log/log.epoch';
import type { LogHeads } from '../log/log.heads';
import type { LogSource } from '../log/log.source';
import type { Logger } from '../logger';
import type { Tracer } from '../runtime/span';
import { ChangingTopics } from './changing.topics';
import { DeliveryCounts } from './delivery.counts';
import { type FanOut, traceFanOut } from './fan-out';
import { type Replay, Seat, type SeatOptions } from './seat';
import { ServedTopic, SeveralTopics } from './served.topic';
import type { Reader } from './source';
import { HintTopic, LogTopic, type Topic } from './topic';

/** Interval at which the heads of all served logs are compared with what was delivered. */
const SWEEP_INTERVAL_MS = 3_000;
/** A sweep that is not answered does not keep the next ones from healing a log. */
const MAX_SWEEPS = 4;

export class Hub {
  readonly counts = new DeliveryCounts();
  private readonly hintTopics = new Map<string, ServedTopic<HintTopic>>();
  private readonly logTopics = new Map<string, ServedTopic<LogTopic>>();
  private readonly changing = new Set<ChangingTopics>();
  private readonly serve = (topic: string) => this.hintTopic(topic);
  private readonly forget = (topics: ChangingTopics) => void this.changing.delete(topics);
  private sweepTimer: NodeJS.Timeout | null = null;
  /** The number of sweeps that have begun. */
  private sweeps = 0;
  private sweepsUnderWay = 0;
  /** The number of the newest sweep that was answered. */
  private lastSweep = 0;
  /** The time of that answer, in milliseconds since 1970; null before the first. */
  private comparedMs: number | null = null;

  constructor(
    private readonly bus: Bus,
    private readonly heads: LogHeads,
    private readonly epoch: LogEpoch,
    private readonly logger: Logger,
    /** null while traces are off. */
    private readonly tracer: Tracer | null = null,
  ) {}

  start(): void {
    this.sweepTimer = setInterval(() => void this.sweep(), SWEEP_INTERVAL_MS);
    this.sweepTimer.unref();
    this.bus.onStateChange((connected) => {
      if (!connected) return;
      void this.sweep();
      for (const { onRestored } of this.changing) onRestored();
    });
  }

  /** Ends every seat. */
  stop(): void {
    if (this.sweepTimer) clearInterval(this.sweepTimer);
    for (const { topic } of this.served()) for (const seat of [...topic.seats]) seat.end();
  }

  /** Topics and seats of this node. */
  get size(): { topics: number; seats: number } {
    const served = this.served();
    const seats = served.reduce((sum, { topic }) => sum + topic.seats.size, 0);
    return { topics: served.length, seats };
  }

  /**
   * The distance of this node's logs from what their seats have, in events: of the one that is
   * farthest behind, as far as the node knows. `comparedMs` is the time at which the heads of all
   * logs were last compared, in milliseconds since 1970; null before the first time.
   */
  get lag(): { events: number; comparedMs: number | null } {
    let events = 0;
    for (const { topic } of this.logTopics.values()) events = Math.max(events, topic.lag);
    return { events, comparedMs: this.comparedMs };
  }

  /** Returns the topics of this node that begin with `prefix`. */
  topicsWith(prefix: string): string[] {
    const all = [...this.hintTopics.keys(), ...this.logTopics.keys()];
    return all.filter((topic) => topic.startsWith(prefix));
  }

  /** Delivers a hint to the seats at a topic on this node, past the bus. */
  hint(topic: string, event: BusEvent): void {
    const served = this.hintTopics.get(topic) ?? this.logTopics.get(topic);
    served?.topic.receive(event);
  }

  /**
   * Takes one seat at several topics without a log: their events from now on, each at most once.
   * Resolves when the subscriptions to the bus are in force.
   */
  async subscribe(busTopics: readonly string[], options: SeatOptions): Promise<Seat> {
    return this.takeSeat(
      busTopics.map((topic) => this.hintTopic(topic)),
      options,
      0,
      null,
    );
  }

  /**
   * Calls `listener` for each event of several topics without a log from now on, for as long as the
   * hub runs. For this node itself: its seat has a reader from the start, which is always ready, so
   * no queue can overflow and end it. Resolves when the subscriptions to the bus are in force.
   */
  async listen(busTopics: readonly string[], listener: (event: BusEvent) => void): Promise<void> {
    const served = busTopics.map((topic) => this.hintTopic(topic));
    const reader = { isReady: true, underWay: [], push: listener, ended() {} };
    await this.takeSeat(served, { accepts: () => true }, 0, null, reader);
  }

  /**
   * Takes a seat without topics. Topics without a log are added to it, and dropped, at any time.
   *
   * @param onRestored called whenever the bus is back, which may have lost events of the topics
   */
  subscribeChanging(options: SeatOptions, onRestored: () => void): ChangingTopics {
    const changing = new ChangingTopics(options, this.serve, onRestored, this.forget);
    this.changing.add(changing);
    return changing;
  }

  /**
   * Takes a seat at a log: its events in order and once, and the hints of its topic. Resolves when
   * the subscription to the bus is in force. The caller must check access after that, so that no
   * change of it falls between the check and the seat.
   *
   * @param from the seat gets every event with a greater sequence than `position`. With `replay`
   *   the events that exist come first; without it the seat begins with the next event
   */
  async subscribeLog(
    source: LogSource,
    from: { position: number; replay: boolean },
    options: SeatOptions,
  ): Promise<Seat> {
    const served = this.logTopics.get(source.topic) ?? this.serveLog(source);
    const replay = from.replay ? served.topic.replay() : null;
    return this.takeSeat([served], options, from.position, replay);
  }

  private hintTopic(key: string): ServedTopic<HintTopic> {
    const known = this.hintTopics.get(key);
    if (known) return known;
    const open = async () => {};
    return new ServedTopic(
      this.hintTopics,
      key,
      new HintTopic(this.logger, this.counts, this.fanOutOf(key)),
      this.bus,
      open,
      this.logger,
    );
  }

  private fanOutOf(key: string): FanOut | null {
    return this.tracer && traceFanOut(this.tracer, kindOf(key));
  }

  private serveLog({ topic: key, read }: LogSource): ServedTopic<LogTopic> {
    const topic = new LogTopic(read, this.logger, this.counts, this.fanOutOf(key));
    const open = async () => {
      const [head] = await this.heads.readMany([key]);
      topic.open(head ?? 0);
    };
    return new ServedTopic(this.logTopics, key, topic, this.bus, open, this.logger);
  }

  private async takeSeat<T extends Topic>(
    served: readonly ServedTopic<T>[],
    options: SeatOptions,
    position: number,
    replay: Replay | null,
    reader: Reader<BusEvent> | null = null,
  ): Promise<Seat> {
    const [first, ...others] = served;
    const registry = first && others.length === 0 ? first : new SeveralTopics(served);
    const seat = new Seat(options, position, replay, registry);
    if (reader) seat.readBy(reader);
    for (const { topic } of served) topic.seats.add(seat);
    try {
      await Promise.all(served.map(({ ready }) => ready));
    } catch (error) {
      seat.end();
      throw error;
    }
    return seat;
  }

  private async sweep(): Promise<void> {
    if (this.sweepsUnderWay >= MAX_SWEEPS) return;
    this.sweepsUnderWay++;
    try {
      await this.compareHeads(++this.sweeps);
    } catch (error) {
      this.logger.warn({ err: error }, 'heads not compared');
    } finally {
      this.sweepsUnderWay--;
    }
  }

  /** @param sweep the number of this sweep; an answer that is older than the last one is dropped */
  private async compareHeads(sweep: number): Promise<void> {
    // An event that was delivered before the statement begins is in the heads that it reads.
    const followed = [...this.logTopics].map(([key, { topic }]) => ({
      key,
      topic,
      delivered: topic.reached,
    }));
    const survey = await this.heads.survey(followed.map(({ key }) => key));
    if (sweep < this.lastSweep) return;
    this.lastSweep = sweep;
    this.comparedMs = Date.now();
    const epoch = survey.isNewTimeline ? await this.epoch.noteTimeline() : survey.epoch;
    const heads = new Map(followed.map(({ key }, index) => [key, survey.heads[index] ?? 0]));
    if (epoch !== this.epoch.current) {
      this.beginEpoch(epoch, heads);
      return;
    }
    for (const { key, topic, delivered } of followed) {
      const head = heads.get(key)!;
      if (head >= delivered) topic.noteHead(head);
      else {
        this.logger.warn({ topic: key, delivered, head }, 'log went back');
        topic.abandon(head);
      }
    }
  }

  /**
   * Tells new connections the epoch from now on, and ends the seats of all logs, also of those that
   * opened since the heads were read: their seats may have positions of before.
   */
  private beginEpoch(epoch: string, heads: ReadonlyMap<string, number>): void {
    const topics = [...this.logTopics];
    this.logger.warn({ epoch, former: this.epoch.current, topics: topics.length }, 'new log epoch');
    this.epoch.current = epoch;
    for (const [key, { topic, ready }] of topics) {
      const head = heads.get(key);
      if (head !== undefined) topic.abandon(head);
      else
        ready.then(
          () => topic.abandon(topic.reached),
          () => {},
        );
    }
  }

  private served(): ServedTopic<Topic>[] {
    return [...this.hintTopics.values(), ...this.logTopics.values()];
  }
}
