import { UnavailableError } from '../../errors';
import type { Context } from '../context';

/**
 * Does the work that begins a subscription at a position of its client.
 *
 * A client whose subscription is refused as UNAVAILABLE comes back with the same position, on the
 * same socket. When the database failed over meanwhile, that position is worthless, and nothing in
 * the request shows it. So the socket ends: the client learns the new log epoch from the next
 * acknowledgement. A client that resumes after any other loss has a new socket anyway.
 *
 * @param after the position; null when the subscription begins now
 * @throws {UnavailableError} the socket was ended instead, or the work was refused so
 */
export async function atPosition<T>(
  { connection, services }: Context,
  after: number | null,
  work: () => Promise<T>,
): Promise<T> {
  if (after === null || connection === null) return work();
  const { current } = services.delivery.epoch;
  const { epochOfRefusal } = connection;
  if (epochOfRefusal !== null && epochOfRefusal !== current) {
    connection.interrupt();
    throw new UnavailableError();
  }
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnavailableError) connection.epochOfRefusal = current;
    throw error;
  }
}
