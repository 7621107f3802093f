/**
 * Pages of one log, shared by all seats that replay it at the same time.
 *
 * After a deployment all devices reconnect at once, each from a position of its own, and ask for
 * much the same events. Three rules make most of them get the same pages at the same moment, so
 * that each event is read, executed and serialised once for many:
 *
 * - Pages start at multiples of their size, not at a seat's position. A seat ignores what it has.
 * - A seat that asks for a page while pages are being read, or shortly after, waits for the next
 *   reading. The wait grows with the number of seats, up to 25 ms; a seat that replays alone never
 *   waits.
 * - Up to 16 pages share one statement.
 *
 * A page holds everything that the log held when the seat asked for it, since its reading begins
 * later. When a reading fails at once, each of its pages is read again alone. When the database is
 * away, all seats that wait get the error.
 */
import type { LogPage, ReplaySource } from '../log/log.source';
import { Batches, isOutage, READ_LANES } from '../runtime/batches';
import { REPLAY_PAGE_SIZE } from './seat';

/** Pages that share one statement at most. */
const MAX_PAGES = 16;
/** Pause after a reading, for each seat that it was for; none for a seat that is alone. */
const PAUSE_PER_SEAT_MS = 3;
const MAX_PAUSE_MS = 25;
/**
 * Time after which seats that wait for a reading are read for beside it. A large page takes its
 * time, and the more seats share the next one, the less it costs.
 */
const LANE_AFTER_MS = 1_000;

/** A page that seats wait for: it holds what follows the sequence `start`. */
interface ReplayPage {
  start: number;
  seats: number;
}

export class SharedReplay {
  /** Pages whose reading has not begun, by their start: seats may still join them. */
  private readonly pending = new Map<number, { page: ReplayPage; read: Promise<LogPage> }>();
  private readonly batches: Batches<ReplayPage, LogPage>;

  /** @param onIdle called when no seat waits for a page any more */
  constructor(
    private readonly read: ReplaySource,
    onIdle: () => void,
  ) {
    this.batches = new Batches({
      work: (pages) => this.readAll(pages),
      maxSize: MAX_PAGES,
      lanes: READ_LANES,
      laneAfterMs: LANE_AFTER_MS,
      pauseMs: (pages) => pauseAfter(pages.reduce((seats, page) => seats + page.seats, 0)),
      isSafeToRetry: (error, tookMs) => !isOutage(error, tookMs),
      failsWaiting: isOutage,
      onIdle,
    });
  }

  /** Reads a page that holds what follows `after`. It begins up to a page before that. */
  pageAfter(after: number): Promise<LogPage> {
    const start = after - (after % REPLAY_PAGE_SIZE);
    const known = this.pending.get(start);
    if (known) {
      known.page.seats++;
      return known.read;
    }
    const page = { start, seats: 1 };
    const read = this.batches.submit(page);
    this.pending.set(start, { page, read });
    // A page that failed together with others before its own reading must not be joined any more.
    read.catch(() => this.forget(page));
    return read;
  }

  private readAll(pages: readonly ReplayPage[]): Promise<LogPage[]> {
    for (const page of pages) this.forget(page);
    return this.read(
      pages.map(({ start }) => start),
      REPLAY_PAGE_SIZE,
    );
  }

  private forget(page: ReplayPage): void {
    if (this.pending.get(page.start)?.page === page) this.pending.delete(page.start);
  }
}

function pauseAfter(seats: number): number {
  return seats === 1 ? 0 : Math.min(seats * PAUSE_PER_SEAT_MS, MAX_PAUSE_MS);
}
