/**
 * The frame traces of one node: which users' frames are followed at present, by `npm run trace`.
 *
 * - A command asks all nodes over the bus, and asks again every few seconds. Each ask is a lease:
 *   a trace ends when its lease does, however the command ended. Access to the bus is the
 *   permission: the command knows nothing but Redis and its password.
 * - A node follows four traces at most, each for at most a minute without a further ask.
 * - While nobody follows a user, a connection's frames cost one comparison with null.
 * - The log says who is followed, from when to when, and by which command.
 * - A node of an earlier version does not listen to the topic.
 */
import type { Bus } from '../bus/bus';
import { type BusEvent, type FramesAsked, topics } from '../events';
import type { Logger } from '../logger';
import { FrameTap, type TracedConnection } from './frame.tap';
import { FrameTrace } from './frame.trace';
import type { Vocabulary } from './frame.vocabulary';

const MAX_TRACES = 4;
const MAX_LEASE_MS = 60_000;
const TELL_INTERVAL_MS = 100;
/** The work for all traces in one interval. */
const TELL_BUDGET_MS = 5;
/** The work for the last frames, when a node stops. */
const LAST_BUDGET_MS = 100;

/** The secret of a trace's hashes. */
const KEY = /^[\da-f]{64}$/;

interface Lease {
  readonly trace: FrameTrace;
  timer: NodeJS.Timeout | undefined;
}

/** Finds a user's connections at this node. */
type FindConnections = (userId: string) => Iterable<TracedConnection>;

export class FrameTraces {
  private readonly leases = new Map<string, Lease>();
  private vocabulary: Vocabulary | null = null;
  private node = '';
  private findConnections: FindConnections = () => [];
  private telling: NodeJS.Timeout | undefined;
  private unsubscribe: () => Promise<void> = async () => {};

  /** @param readVocabulary is called when the first trace begins */
  constructor(
    private readonly bus: Bus,
    private readonly logger: Logger,
    private readonly readVocabulary: () => Vocabulary,
  ) {}

  /**
   * Begins to listen for commands.
   *
   * @param node names this node to people, e.g. `host:port`
   */
  async start(node: string, findConnections: FindConnections): Promise<void> {
    this.node = node;
    this.findConnections = findConnections;
    this.unsubscribe = await this.bus.subscribe(topics.frameTraces, (event) => {
      if (event.name === 'frames.asked' && KEY.test(event.key)) this.asked(event);
      if (event.name === 'frames.declined') this.declined(event.traceId);
    });
  }

  /** Tells the frames that wait, and ends all traces. */
  async stop(): Promise<void> {
    await this.unsubscribe();
    for (const lease of this.leases.values()) {
      this.tell(lease, LAST_BUDGET_MS);
      this.end(lease, 'the node stops');
    }
  }

  /** Follows a connection that has just been authenticated, if its user is followed. */
  follow(connection: TracedConnection): void {
    if (this.leases.size === 0) return;
    for (const { trace } of this.leases.values())
      if (trace.userId === connection.userId && !trace.connections.has(connection)) {
        this.attach(connection, trace, 'opened');
        // It came before the node knew whose the connection is. Its payload is never shown.
        const fact = { type: 'connection_init' };
        trace.take({ ...emptyFrame(connection), direction: 'in', fact });
      }
  }

  private declined(traceId: string): void {
    const lease = this.leases.get(traceId);
    if (lease) this.end(lease, 'the command ended');
  }

  private asked(event: FramesAsked): void {
    const known = this.leases.get(event.traceId);
    if (!known && this.leases.size >= MAX_TRACES) {
      const reason = `this node follows ${MAX_TRACES} traces already`;
      this.publish({ name: 'frames.refused', traceId: event.traceId, node: this.node, reason });
      return;
    }
    const lease = known ?? this.begin(event);
    clearTimeout(lease.timer);
    const leaseMs = Math.min(event.leaseMs, MAX_LEASE_MS);
    lease.timer = setTimeout(() => this.end(lease, 'the lease ran out'), leaseMs).unref();
    // Also without frames: the command learns that this node follows the user.
    this.tell(lease, 0);
  }

  private begin(event: FramesAsked): Lease {
    this.vocabulary ??= this.readVocabulary();
    const trace = new FrameTrace(event, this.vocabulary);
    const lease: Lease = { trace, timer: undefined };
    this.leases.set(trace.id, lease);
    for (const connection of this.findConnections(trace.userId))
      this.attach(connection, trace, 'open');
    this.telling ??= setInterval(() => this.tellAll(), TELL_INTERVAL_MS).unref();
    const { id: traceId, userId, by } = trace;
    this.logger.warn({ userId, traceId, by }, "a user's frames are being traced");
    return lease;
  }

  private attach(connection: TracedConnection, trace: FrameTrace, type: 'open' | 'opened'): void {
    trace.connections.add(connection);
    connection.tap = new FrameTap(connection, [...(connection.tap?.traces ?? []), trace]);
    const isOnBehalf = connection.deviceUserId !== connection.userId;
    const shape = {
      since: openedAt(connection.id),
      ...(isOnBehalf && { onBehalf: true }),
    };
    trace.take({ ...emptyFrame(connection), direction: null, fact: { type, shape } });
  }

  private end({ trace, timer }: Lease, cause: string): void {
    clearTimeout(timer);
    this.leases.delete(trace.id);
    for (const connection of trace.connections) {
      const traces = connection.tap?.traces.filter((one) => one !== trace) ?? [];
      connection.tap = traces.length === 0 ? null : new FrameTap(connection, traces);
    }
    if (this.leases.size === 0) {
      clearInterval(this.telling);
      this.telling = undefined;
    }
    const { id: traceId, userId, by, beganMs, through, leftOut } = trace;
    this.logger.warn(
      {
        ...{ userId, traceId, by, cause },
        ...{ from: new Date(beganMs).toISOString(), to: new Date().toISOString() },
        ...{ frames: through, leftOut },
      },
      "a user's frames are no longer traced",
    );
  }

  private tellAll(): void {
    const budgetMs = TELL_BUDGET_MS / this.leases.size;
    for (const lease of this.leases.values()) if (lease.trace.hasFrames) this.tell(lease, budgetMs);
  }

  private tell({ trace }: Lease, budgetMs: number): void {
    const { frames, through } = trace.tell(budgetMs);
    this.publish({
      name: 'frames.copied',
      traceId: trace.id,
      node: this.node,
      partId: trace.partId,
      connections: trace.connections.size,
      through,
      frames,
    });
  }

  private publish(event: Extract<BusEvent, { traceId: string }>): void {
    this.bus.publish([{ topic: topics.frameTrace(event.traceId), event }]);
  }
}

function emptyFrame({ id }: TracedConnection) {
  return { atMs: Date.now(), connectionId: id, start: '', rest: null };
}

/** Returns the time in a UUID of version 7 (RFC 9562, section 5.7). */
function openedAt(id: string): string {
  return new Date(Number.parseInt(id.slice(0, 13).replace('-', ''), 16)).toISOString();
}
