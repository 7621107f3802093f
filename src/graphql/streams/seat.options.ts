import type { HintFailure } from '../../delivery/hint.stream';
import type { Seat, SeatOptions } from '../../delivery/seat';
import type { BusEvent } from '../../events';
import type { Context } from '../context';

/** Changes that come within this time are told together. */
export const GATHER_MS = 100;

type Accepts = SeatOptions['accepts'];

/** The seat of a followed stream: a client that reads too slowly has to come back, and resumes. */
export function followedSeat(context: Context, accepts: Accepts): SeatOptions {
  const { connection } = context;
  return {
    accepts,
    queueLimit: connection?.queueLimit,
    onOverflow: () => {
      connection?.overflow();
      return 'end';
    },
  };
}

/**
 * The seat of a hint stream. A full queue drops its oldest hint, unless it is full because the
 * client does not read: such a client has to come back.
 */
export function hintSeat(context: Context, accepts: Accepts): SeatOptions {
  const { connection } = context;
  return {
    accepts,
    queueLimit: connection?.queueLimit,
    onOverflow: () => overflowOfHints(context),
  };
}

export function overflowOfHints({ connection, services }: Context): 'end' | 'drop oldest' {
  if (!connection || connection.keepsUp) {
    services.delivery.hub.counts.hintsDropped++;
    return 'drop oldest';
  }
  connection.overflow();
  return 'end';
}

/** Accepts events of these names. */
export function named(...names: BusEvent['name'][]): Accepts {
  return (event) => names.includes(event.name);
}

/** Logs a hint that is dropped because its lookup failed, and would fail again. */
export function hintFailure(context: Context): HintFailure {
  return (error) => context.log.error({ err: error }, 'hint not told');
}

/** Closes the seat when the work fails. */
export async function closeOnFailure<T>(seat: Seat, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    seat.close();
    throw error;
  }
}
