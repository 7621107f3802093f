import { Histogram } from '../runtime/histogram';

/** The counts of this node's deliveries since its start. The hub's topics and seats add to them. */
export class DeliveryCounts {
  /** Events that topics have handed to their seats: one for each topic, however many seats. */
  events = 0;
  /** Readings of a log that found events which the bus had not brought. */
  gapsHealed = 0;
  /** Events that were delivered from the log, because the bus had not brought them. */
  eventsHealed = 0;
  /** Hints that left a full queue unseen. */
  hintsDropped = 0;
  /**
   * The time from an event's place in its conversation's log, by the database's clock, until it was
   * handed to all of this node's seats, by this node's clock.
   */
  readonly commitToDelivery = new Histogram();
}
