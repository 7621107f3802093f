import { randomBytes, randomUUID } from 'node:crypto';
import type { Bus } from '../bus/bus';
import { type BusEvent, type FramesCopied, topics } from '../events';
import { FrameOrder } from './frame.order';
import { parseFrame, type TracedFrame } from './traced.frame';

const ASK_INTERVAL_MS = 3_000;
/** Time for which nodes go on without another ask. */
const LEASE_MS = 10_000;
/** A node that has not answered for so long does not follow the user any more. */
const SILENCE_MS = 10_000;
const RELEASE_INTERVAL_MS = 100;
/** Time that the last copies may take to arrive. */
const LAST_COPIES_MS = 300;

/** A line of a frame trace. */
export type TraceNews =
  | { kind: 'frame'; node: string; frame: TracedFrame }
  /** A node has begun to follow the user, who has so many connections there. */
  | { kind: 'following'; node: string; connections: number }
  | { kind: 'left out'; node: string; count: number }
  | { kind: 'refused'; node: string; reason: string }
  /** A node that followed the user does not answer any more. */
  | { kind: 'silent'; node: string }
  /** No node has answered yet. */
  | { kind: 'nobody' }
  | { kind: 'redis'; isConnected: boolean };

/** A node's part in the trace. */
interface Part {
  readonly node: string;
  through: number;
  heardMs: number;
}

/** The command's side of a frame trace: it asks all nodes, and puts what they tell in order. */
export class TraceFollower {
  readonly traceId = randomUUID();
  private readonly key = randomBytes(32).toString('hex');
  private readonly order = new FrameOrder<TraceNews>();
  private readonly parts = new Map<string, Part>();
  private readonly refusals = new Set<string>();
  private asks = 0;
  private timers: NodeJS.Timeout[] = [];
  private unsubscribe: () => Promise<void> = async () => {};

  /** @param tell is called with each line, in order */
  constructor(
    private readonly bus: Bus,
    private readonly wanted: { userId: string; includesPings: boolean; by: string },
    private readonly tell: (news: TraceNews) => void,
  ) {}

  async start(): Promise<void> {
    const topic = topics.frameTrace(this.traceId);
    this.unsubscribe = await this.bus.subscribe(topic, (event) => this.receive(event));
    this.bus.onStateChange((isConnected) => {
      this.add('', null, { kind: 'redis', isConnected });
      if (isConnected) this.ask();
    });
    this.ask();
    this.timers = [
      setInterval(() => this.ask(), ASK_INTERVAL_MS),
      setInterval(() => {
        for (const news of this.order.due(Date.now())) this.tell(news);
      }, RELEASE_INTERVAL_MS),
    ];
  }

  /** Tells what has arrived, and lets the nodes end their part. */
  async stop(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, LAST_COPIES_MS));
    for (const timer of this.timers) clearInterval(timer);
    const event: BusEvent = { name: 'frames.declined', traceId: this.traceId };
    this.bus.publish([{ topic: topics.frameTraces, event }]);
    await this.unsubscribe();
    for (const news of this.order.rest()) this.tell(news);
  }

  private ask(): void {
    const { traceId, key } = this;
    const leaseMs = LEASE_MS;
    const event: BusEvent = { name: 'frames.asked', traceId, key, leaseMs, ...this.wanted };
    this.bus.publish([{ topic: topics.frameTraces, event }]);
    if (++this.asks === 2 && this.parts.size === 0 && this.refusals.size === 0)
      this.add('', null, { kind: 'nobody' });
    for (const [partId, { node, heardMs }] of this.parts) {
      if (Date.now() - heardMs < SILENCE_MS) continue;
      this.parts.delete(partId);
      this.add(node, null, { kind: 'silent', node });
    }
  }

  private receive(event: BusEvent): void {
    if (event.name === 'frames.copied') this.copied(event);
    if (event.name !== 'frames.refused' || this.refusals.has(event.node)) return;
    this.refusals.add(event.node);
    this.add(event.node, null, { kind: 'refused', node: event.node, reason: event.reason });
  }

  private copied({ node, partId, connections, through, frames }: FramesCopied): void {
    let part = this.parts.get(partId);
    if (!part) {
      part = { node, through: 0, heardMs: 0 };
      this.parts.set(partId, part);
      this.add(node, null, { kind: 'following', node, connections });
    }
    part.heardMs = Date.now();
    for (const text of frames) {
      const frame = parseFrame(text);
      if (frame === null || frame.n <= part.through) continue;
      this.noteGap(part, frame.n - 1);
      part.through = frame.n;
      this.add(node, frame.atMs, { kind: 'frame', node, frame });
    }
    this.noteGap(part, through);
  }

  private noteGap(part: Part, through: number): void {
    const count = through - part.through;
    if (count <= 0) return;
    part.through = through;
    this.add(part.node, null, { kind: 'left out', node: part.node, count });
  }

  private add(node: string, atMs: number | null, news: TraceNews): void {
    this.order.add(node, atMs, news, Date.now());
  }
}
