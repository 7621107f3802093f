import type { Seat, SeatOptions } from '../../delivery/seat';
import type { BusEvent } from '../../events';
import type { Context } from '../context';

/** What the parts of a subscription's source have in common: plain iterators, whose end reaches the seat at once. */
abstract class SeatStream<Out> implements AsyncIterableIterator<Out> {
  constructor(protected readonly seat: Seat) {}

  abstract next(): Promise<IteratorResult<Out>>;

  async return(): Promise<IteratorResult<Out>> {
    await this.seat.return();
    return { value: undefined, done: true };
  }

  async throw(error: unknown): Promise<never> {
    return this.seat.throw(error);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}

/** Each event as `map` makes it, one after the other; those of which it makes null are left out. */
export class MappedStream<In extends BusEvent, Out> extends SeatStream<Out> {
  constructor(
    seat: Seat,
    private readonly map: (event: In) => Promise<Out | null>,
  ) {
    super(seat);
  }

  async next(): Promise<IteratorResult<Out>> {
    for (;;) {
      const step = await this.seat.next();
      if (step.done) return { value: undefined, done: true };
      const value = await this.map(step.value as In);
      if (value !== null) return { value, done: false };
    }
  }
}

/** How long changes are gathered before they are told of together. */
const JOIN_WINDOW_MS = 100;

/** Events that come within 100 ms of each other, as `join` makes fewer of them. */
export class JoinedStream<Out> extends SeatStream<Out> {
  private readonly ready: Out[] = [];

  constructor(
    seat: Seat,
    private readonly join: (events: readonly BusEvent[]) => Promise<readonly Out[]>,
  ) {
    super(seat);
  }

  async next(): Promise<IteratorResult<Out>> {
    while (this.ready.length === 0) {
      const step = await this.seat.next();
      if (step.done) return { value: undefined, done: true };
      await new Promise((resolve) => setTimeout(resolve, JOIN_WINDOW_MS));
      this.ready.push(...(await this.join([step.value, ...this.seat.takeQueued()])));
    }
    return { value: this.ready.shift()!, done: false };
  }
}

/** What the operation's connection adds to a seat: how much may wait, and what happens when it is more. */
export function seatOptions(context: Context, options: SeatOptions): SeatOptions {
  const { connection } = context;
  return {
    ...options,
    queueLimit: connection?.queueLimit,
    onOverflow: () => connection?.overflow(),
  };
}

/** Gives the seat back when the work fails. */
export async function guarded(seat: Seat, work: () => Promise<void>): Promise<Seat> {
  try {
    await work();
    return seat;
  } catch (error) {
    await seat.return();
    throw error;
  }
}

/** Puts the present state before the changes; it is read once the changes are listened to. */
export function prefaced(seat: Seat, present: () => Promise<readonly BusEvent[]>): Promise<Seat> {
  return guarded(seat, async () => seat.preface(await present()));
}
