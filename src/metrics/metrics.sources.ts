import type { Histogram } from '../runtime/histogram';
import type { Tally } from '../runtime/tally';

/** The counts of one node, which are read at each scrape. The composition root names them. */
export interface MetricsSources {
  /** WebSockets that are open now. */
  connections: () => number;
  traffic: {
    readonly subscriptions: number;
    readonly deliveries: number;
    readonly connectionsOpened: number;
    readonly connectionsClosed: Tally;
    readonly overflows: Tally;
    readonly refusals: Tally;
    readonly httpRefusals: Tally;
    readonly operations: Iterable<{ type: string; name: string; durations: Histogram }>;
  };
  hub: {
    readonly size: { topics: number; seats: number };
    readonly lag: { events: number; comparedMs: number | null };
    readonly counts: {
      readonly events: number;
      readonly gapsHealed: number;
      readonly eventsHealed: number;
      readonly hintsDropped: number;
      readonly commitToDelivery: Histogram;
    };
  };
  bus: { readonly connected: boolean; readonly topicCount: number; readonly droppedCount: number };
  sessions: {
    readonly usage: { limit: number; idle: number; lent: number; waiting: number };
    readonly statements: { readonly durations: Histogram; readonly failed: number };
  };
  rates: { readonly accepted: Tally; readonly refused: Tally; readonly countedAlone: Tally };
  health: {
    /** The parts that work through Redis. None without Redis. */
    readonly states: readonly { name: string; isDegraded: boolean }[];
  };
}
