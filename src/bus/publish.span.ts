import { type BusEvent, isDurable } from '../events';
import { recordedSpan, type SpanAttributes } from '../runtime/span';
import type { Bus, BusMessage } from './bus';
import { withPublish } from './publish.wrapper';

/**
 * Wraps a bus so that each publication within a recorded span has a span of its own, and its events
 * carry that span as the fields of W3C Trace Context. An event that is published in no trace, or in
 * one that was not sampled, stays as it is. A node wraps its bus only when traces are on.
 *
 * An older node accepts such events, since an event may have fields that it does not know, and an
 * event of an older node belongs to no trace.
 *
 * @param system the name of what carries the events to other nodes
 */
export function tracePublications(bus: Bus, system: string): Bus {
  return withPublish(bus, (messages) => {
    const parent = messages.length === 0 ? null : recordedSpan();
    if (parent === null) {
      bus.publish(messages);
      return;
    }
    const [{ topic, event }] = messages as [BusMessage];
    const kind = kindOf(topic);
    const span = parent.child(`publish ${kind}`, 'producer', {
      'messaging.system': system,
      'messaging.operation.name': 'publish',
      'messaging.operation.type': 'send',
      'messaging.destination.template': `${kind}:{id}`,
      'messaging.batch.message_count': messages.length,
      ...eventAttributes(event),
    });
    bus.publish(marked(messages, span.traceParent));
    span.end();
  });
}

/** Messages that share an event share the copy as well, of which the bus makes one text. */
function marked(messages: readonly BusMessage[], traceParent: object): BusMessage[] {
  const copies = new Map<BusEvent, BusEvent>();
  return messages.map(({ topic, event }) => {
    const copy = copies.get(event) ?? { ...event, ...traceParent };
    copies.set(event, copy);
    return { topic, event: copy };
  });
}

/** Returns the noun of a topic. Its id may be that of a user, and belongs in no span. */
export function kindOf(topic: string): string {
  return topic.split(':', 1)[0]!;
}

/** Describes an event by what it has of neither users nor content. */
export function eventAttributes(event: BusEvent): SpanAttributes {
  return {
    'parley.event': event.name,
    ...(event.name === 'log.appended' && { 'parley.event.kind': event.kind }),
    ...(isDurable(event) && { 'parley.sequence': event.sequence }),
  };
}
