import { eventAttributes } from '../bus/publish.span';
import { type BusEvent, isDurable } from '../events';
import { type GivenParent, type SpanAttributes, type Tracer, within } from '../runtime/span';

/** A topic that pushes an event to all of its seats. */
interface PushingTopic {
  readonly seats: ReadonlySet<unknown>;
  /** The number of events that are known to be in its log, and were not delivered yet. */
  readonly lag?: number;
  pushToSeats(event: BusEvent): void;
}

/** Lets a topic push an event to its seats, within a span. */
export type FanOut = (topic: PushingTopic, event: BusEvent) => void;

/**
 * Makes one span of each delivery of an event to all seats of one topic of this node. It is below
 * the publication, which may be another node's. What a seat reads to render the event is below it.
 *
 * An event that was published in no trace has no span here. The same goes for one that was read
 * from the log because the bus did not bring it: the log does not know who caused it. Metrics count
 * those (`parley_events_healed_total`).
 *
 * @param kind the noun of the topic
 */
export function traceFanOut(tracer: Tracer, kind: string): FanOut {
  const name = `process ${kind}`;
  const fixed: SpanAttributes = {
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.template': `${kind}:{id}`,
    'parley.topic.kind': kind,
  };
  return (topic, event) => {
    const parent = event as unknown as GivenParent;
    const span =
      parent.traceparent === undefined
        ? null
        : tracer.follow(name, { ...fixed, ...described(topic, event) }, parent);
    within(span, () => topic.pushToSeats(event));
    if (span === null) return;
    if (event.name === 'log.appended')
      span.set({ 'parley.commit_to_delivery_ms': Math.max(0, Date.now() - Date.parse(event.at)) });
    span.end();
  };
}

function described({ seats, lag }: PushingTopic, event: BusEvent): SpanAttributes {
  return {
    'parley.seats': seats.size,
    ...(lag !== undefined && isDurable(event) && { 'parley.log.lag_events': lag }),
    ...eventAttributes(event),
  };
}
