/**
 * Reads pages of many logs, and lets them share statements.
 *
 * After an outage of the bus thousands of topics find at the same moment that they missed an event,
 * and after a deployment hundreds of clients resume hundreds of logs. Each needs a page of another
 * log. Pages that are asked for while others are read wait, and share the next statement.
 *
 * - A statement reads only so many pages that it returns 5,000 events at most. So the memory is
 *   bounded. Pages are read in the order in which they were asked for. A log asks for 16 at once at
 *   most (delivery/shared-replay), so a long one does not hold up the others.
 * - A page holds everything that its log held when it was asked for.
 * - When a statement fails because of a log that cannot be read, each page is read again alone, so
 *   that this log fails alone. When the database is away, all of them fail.
 */
import { UnavailableError } from '../errors';
import { Batches, isOutage, START_GATHER_MS } from '../runtime/batches';
import type { LogPage } from './log.source';

/** The events of all pages that share a statement, at most. */
const MAX_EVENTS = 5_000;

/** A page that is to be read: the events of a log that follow a position. */
export interface PageQuery {
  /** The id of the conversation, or of the inbox' user. */
  id: string;
  after: number;
}

export class PageReads {
  /** By the number of events in a page: statements read pages of one size. */
  private readonly bySize = new Map<number, Batches<PageQuery, LogPage>>();

  /** @param read reads the pages in one statement, in the order of the queries */
  constructor(
    private readonly read: (queries: readonly PageQuery[], limit: number) => Promise<LogPage[]>,
  ) {}

  /** Reads one log from several positions on; the pages are in the order of the positions. */
  pagesOf(id: string, positions: readonly number[], limit: number): Promise<LogPage[]> {
    const batches = this.bySize.get(limit) ?? this.create(limit);
    return Promise.all(positions.map((after) => batches.submit({ id, after })));
  }

  private create(limit: number): Batches<PageQuery, LogPage> {
    const batches = new Batches<PageQuery, LogPage>({
      work: (queries) => this.read(queries, limit),
      maxSize: Math.max(1, Math.floor(MAX_EVENTS / limit)),
      gatherMs: START_GATHER_MS,
      isSafeToRetry: (error) => !(error instanceof UnavailableError),
      failsWaiting: isOutage,
    });
    this.bySize.set(limit, batches);
    return batches;
  }
}
