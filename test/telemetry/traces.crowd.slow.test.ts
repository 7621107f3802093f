import {
  ConversationDocument,
  ConversationEventsDocument,
  SendMessageDocument,
} from '../generated/graphql';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { callersTrace, spansNamed, startTraced, type TracedCluster } from '../support/traces';

const ROUNDS = 12;

describe('operations that are under way together', () => {
  let traced: TracedCluster;

  beforeAll(async () => {
    traced = await startTraced({ nodes: 2 });
  });
  afterAll(() => traced.stop());

  /** Sends and reads, each in a trace of its own, of which every other one is not sampled. */
  async function work(person: Person, conversationId: string) {
    const done = Array.from({ length: ROUNDS }, async (_, round) => {
      const trace = callersTrace(round % 2 === 0 ? '01' : '00');
      const { traceparent } = trace;
      const input = { conversationId, content: 'hello' };
      const [{ data }] = await Promise.all([
        person.request(SendMessageDocument, { input }, { traceparent }),
        person.request(ConversationDocument, { id: conversationId }, { traceparent }),
      ]);
      const { sequence } = data!.sendMessage.message;
      return { ...trace, conversationId, sequence, isSampled: round % 2 === 0 };
    });
    return Promise.all(done);
  }

  test('have only spans of their own, each', async () => {
    const { cluster, collector } = traced;
    const bob = await cluster.person('bob', cluster.nodes[1]);
    const people = await cluster.persons('alice', 'carol', 'dave');
    const shared = await conversationOf([bob, ...people]);
    const ids = [shared.id, (await conversationOf([people[0]!, bob])).id];
    const streams = ids.map((id) =>
      bob.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 }),
    );
    for (const [at, id] of ids.entries()) {
      await sendBy(people[0]!, id);
      await streams[at]!.next();
    }
    const before = collector.spans.length;

    const done = (
      await Promise.all([
        ...people.map((person) => work(person, ids[0]!)),
        work(people[0]!, ids[1]!),
      ])
    ).flat();
    for (const { traceId, isSampled, sequence } of done.filter((one) => one.isSampled)) {
      expect(isSampled).toBe(true);
      await spansNamed(collector, traceId, [
        'mutation SendMessage',
        'query Conversation',
        'publish conversation',
      ]);
      const of = (kind: string) => collector.trace(traceId).filter((span) => span.kind === kind);
      expect(of('SERVER')).toHaveLength(2);
      expect(of('PRODUCER').map(({ attributes }) => attributes['parley.sequence'])).toEqual([
        sequence,
      ]);
      // The log may have brought an event before the bus, and then it has no fan-out.
      for (const { attributes, parentId } of of('CONSUMER')) {
        expect(attributes['parley.sequence']).toBe(sequence);
        expect(parentId).toBe(of('PRODUCER')[0]!.id);
      }
    }

    const isFanOut = ({ kind }: { kind: string }) => kind === 'CONSUMER';
    await eventually(() => expect(collector.spans.slice(before).some(isFanOut)).toBe(true));

    // Each span has its parent in its own trace, unless that is the caller's.
    const callers = new Map(done.map(({ traceId, spanId }) => [traceId, spanId]));
    const spans = collector.spans.slice(before).filter(({ traceId }) => callers.has(traceId));
    for (const { traceId, parentId } of spans) {
      const ids = [callers.get(traceId), ...collector.trace(traceId).map(({ id }) => id)];
      expect(ids).toContain(parentId);
    }
    const unsampled = done.filter(({ isSampled }) => !isSampled);
    expect(unsampled.flatMap(({ traceId }) => collector.trace(traceId))).toEqual([]);
    for (const stream of streams) stream.stop();
  });
});
