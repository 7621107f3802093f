import type { BusEvent } from '../events';
import type { Seat } from './seat';
import { SourceIterator } from './source.iterator';

/**
 * The source of a subscription that has a position. It never skips an event.
 *
 * An event that cannot be read or rendered now ends the socket with 1013: the client comes back and
 * resumes before it. An event whose rendering fails in any other way would fail again, so its
 * subscriber gets the error in its place, and the stream goes on.
 */
export class FollowedStream<In extends BusEvent = BusEvent, Value = In, Scope = never>
  implements AsyncIterable<Value>
{
  /**
   * @param seat at a log
   * @param map makes the subscription's value of an event; null leaves the event out. Calls for
   *   several events may be under way at once; the values keep the events' order. `scope` is what
   *   the event is rendered with, shared by the events of a page; undefined for an iterator
   */
  constructor(
    readonly seat: Seat,
    readonly map: ((event: In, scope?: Scope) => Promise<Value | null>) | null = null,
  ) {}

  [Symbol.asyncIterator](): AsyncIterator<Value> {
    return new SourceIterator(this.seat, this.map as (event: BusEvent) => Promise<Value | null>);
  }
}
