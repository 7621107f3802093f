import type { LogPage, ReplaySource } from '../log/log.source';
import { Batches, isOutage } from '../runtime/batches';
import { REPLAY_PAGE_SIZE } from './seat';

/** Pages that share one statement at most. */
const MAX_PAGES = 16;
/** The more seats replay at once, the longer others are waited for; somebody who is alone with it is never made to wait. */
const PAUSE_MS_A_SEAT = 3;
const MAX_PAUSE_MS = 25;

/** A page that somebody waits for. */
interface ReplayPage {
  /** It holds what follows this sequence. */
  start: number;
  seats: number;
}

/**
 * Pages of one log for all who replay it at present. When everybody comes back at once, they ask for much the same. Pages
 * start at multiples of their size, and who asks while some are being read, or shortly after, waits for the next ones: so
 * most get the same events, at the same moment, and what is made of them is made once.
 */
export class SharedReplay {
  /** Those that are not being read yet: what is read later than it was asked for holds all that was there by then. */
  private readonly pending = new Map<number, { page: ReplayPage; read: Promise<LogPage> }>();
  private readonly batches: Batches<ReplayPage, LogPage>;

  /** @param onIdle nobody waits for a page any more */
  constructor(
    private readonly read: ReplaySource,
    onIdle: () => void,
  ) {
    this.batches = new Batches({
      work: (pages) => this.readAll(pages),
      maxSize: MAX_PAGES,
      pauseMs: (pages) => pauseAfter(pages.reduce((seats, page) => seats + page.seats, 0)),
      // A connection that was lost: the pages are read once more, each by itself.
      isSafeToRetry: (error, tookMs) => !isOutage(error, tookMs),
      failsWaiting: isOutage,
      onIdle,
    });
  }

  /** A page that holds what follows `after`, and begins up to a page before it. */
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
    // Refused with others before its turn came: whoever asks from now on has it read.
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

  /** Nobody is to join it any more. */
  private forget(page: ReplayPage): void {
    if (this.pending.get(page.start)?.page === page) this.pending.delete(page.start);
  }
}

function pauseAfter(seats: number): number {
  return seats === 1 ? 0 : Math.min(seats * PAUSE_MS_A_SEAT, MAX_PAUSE_MS);
}
