import type { OperationDefinitionNode } from 'graphql';
import { ERROR_CODES } from '../graphql/errors';
import { Histogram } from '../runtime/histogram';
import { Tally } from '../runtime/tally';
import { KNOWN_OPERATIONS } from './known.operations';

/** Stands for the name of every operation that is not among the known ones. */
export const OTHER_OPERATION = 'other';

/** The durations of the operations of one type and name. */
export interface OperationDurations {
  /** `query`, `mutation` or `subscription`. */
  type: string;
  name: string;
  durations: Histogram;
}

/** The counts of one node's sockets and operations since its start. */
export class Traffic {
  /** Subscriptions that are under way. */
  subscriptions = 0;
  /** Frames with an event that were written to sockets. */
  deliveries = 0;
  connectionsOpened = 0;
  /** Connections that ended, by the code of the close. */
  readonly connectionsClosed = new Tally();
  /** Connections that were ended because their client read too slowly, by what was full. */
  readonly overflows = new Tally(['events', 'answers']);
  /** Errors that clients were sent, by code. */
  readonly refusals = new Tally(ERROR_CODES);
  /** HTTP requests and upgrades that were refused before GraphQL, by status. */
  readonly httpRefusals = new Tally();
  private readonly byOperation = new Map<string, OperationDurations>();

  /** @param persistedNames the names of operations that are known beside those of the clients */
  constructor(private readonly persistedNames: ReadonlySet<string> = new Set()) {}

  /** The durations of all operations so far, by type and name. */
  get operations(): Iterable<OperationDurations> {
    return this.byOperation.values();
  }

  /**
   * Runs an operation, or the start of a subscription, and notes its duration: with the wait for
   * other operations of its caller, and without the way to the client.
   */
  async timed<T>(operation: OperationDefinitionNode, run: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    try {
      return await run();
    } finally {
      this.durationsOf(operation).observe((performance.now() - startMs) / 1_000);
    }
  }

  private durationsOf({ operation: type, name }: OperationDefinitionNode): Histogram {
    // Clients make names up. Each name that is counted takes memory here and at Prometheus.
    const known = name && this.isKnown(name.value) ? name.value : OTHER_OPERATION;
    const key = `${type} ${known}`;
    let entry = this.byOperation.get(key);
    if (!entry) {
      entry = { type, name: known, durations: new Histogram() };
      this.byOperation.set(key, entry);
    }
    return entry.durations;
  }

  private isKnown(name: string): boolean {
    return KNOWN_OPERATIONS.has(name) || this.persistedNames.has(name);
  }
}
