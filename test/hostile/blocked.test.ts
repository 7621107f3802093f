import { block, inForce, unblock } from '../api/blocking';
import { people } from '../api/people';
import { MarkReadDocument, MessageAddedDocument, SetTypingDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { document, WIDE } from './attempts';
import { operations, variablesOf } from './schema';
import type { Target } from './table/arguments';

type Node = Record<string, unknown>;

/** One of the two: the streams of everything that they can hear, by operation, and the other. */
interface Side {
  streams: Map<string, EventStream<Node>>;
  actor: Person;
}

/** Subscriptions of which there is nothing to hear before the block. */
const QUIET = /customEvent|messageUpdated|offerUpdated/;
/** Followed on, across the block. */
const GOING_ON = ['conversationEvents', 'messageAdded', 'messageAdded of all'];
/** Tell of what a third one writes. */
const TOLD = [...GOING_ON, 'notificationAdded', 'conversationUpdated'];

/** Every object in an event, itself included. */
function nodesIn(value: unknown): Node[] {
  if (typeof value !== 'object' || value === null) return [];
  const below = Object.values(value).flatMap(nodesIn);
  return Array.isArray(value) ? below : [value as Node, ...below];
}

/** What an object shows of the person that is hidden across a block; null for nothing. */
function shownOf(node: Node, { id }: Person, since = 0): string | null {
  const isTheirs = (node.user as Node | undefined)?.id === id;
  switch (node.__typename) {
    case 'User':
      return node.id === id && (node.presence as Node | undefined)?.online ? 'is online' : null;
    case 'Presence':
      return isTheirs && node.online ? 'is online' : null;
    case 'TypingEvent':
      return isTheirs && node.isTyping ? 'types' : null;
    case 'ViewerEvent':
      return isTheirs && node.state === 'JOINED' ? 'has it open' : null;
    case 'Conversation':
      return nodesIn(node.viewers).some((viewer) => viewer.id === id) ? 'has it open' : null;
    case 'ReadReceipt':
      return isTheirs && Number(node.lastReadSequence) >= since ? 'has read' : null;
    case 'Notification':
      return (node.message as Node | null)?.content === `${id} after` ? 'wrote' : null;
    default:
      return null;
  }
}

describe('those between whom a block comes while both listen', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2, env: WIDE });
  });
  afterAll(() => cluster.stop());

  /** One of everything that others can hear of a person. */
  async function act(actor: Person, id: string, aside: string, content: string) {
    const text = { content: `${actor.id} ${content}` };
    const { sequence } = await sendBy(actor, id, text);
    await sendBy(actor, aside, text);
    await actor.ask(MarkReadDocument, { input: { conversationId: id, sequence } });
    await actor.ask(SetTypingDocument, { input: { conversationId: id, isTyping: true } });
    const open = actor.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    await open.next();
    return () => open.stop();
  }

  function listen(listener: Person, conversation: string, user: string): Side['streams'] {
    return new Map(
      operations('subscription').map((operation) => [
        operation.name,
        listener.subscribe(
          document(operation, 2),
          variablesOf(operation, { conversation, user } as Target),
        ),
      ]),
    );
  }

  /** Where the listener has heard of what the other does, and what of it. */
  function heard({ streams, actor }: Side, from: Map<string, number>, since: number): string[] {
    return [...streams].flatMap(([name, { received }]) =>
      nodesIn(received.slice(from.get(name))).flatMap((node) => {
        const shown = shownOf(node, actor, since);
        return shown === null ? [] : [`${name}: ${shown}`];
      }),
    );
  }

  async function untilHeard({ streams }: Side, names: readonly string[], text: string) {
    await eventually(() => {
      for (const name of names)
        expect([name, JSON.stringify(streams.get(`Subscription.${name}`)!.received)]).toEqual([
          name,
          expect.stringContaining(text),
        ]);
    });
  }

  /** A block tells that the other has gone offline, left and stopped typing. */
  async function untilGone({ streams, actor }: Side) {
    const newest = (name: string) =>
      streams
        .get(`Subscription.${name}`)!
        .received.map((event) => event[name] as Node)
        .findLast(({ user }) => (user as Node).id === actor.id);
    await eventually(() => {
      expect(newest('userPresence')).toMatchObject({ online: false, lastSeenAt: null });
      expect(newest('typing')).toMatchObject({ isTyping: false });
      expect(newest('viewers')).toMatchObject({ state: 'LEFT' });
    });
  }

  test('hear nothing of each other that a block hides, and go on with all else', async () => {
    const [one, witness, second] = await people(cluster, 'one', 'witness', 'second');
    const other = cluster.device(second, cluster.nodes[1]);
    const { id } = await conversationOf([witness, one, other]);
    const { id: aside } = await conversationOf([witness, one, other]);
    const both: Side[] = [
      { actor: other, streams: listen(one, id, other.id) },
      { actor: one, streams: listen(other, id, one.id) },
    ];
    const live = both.flatMap(({ streams }) =>
      [...streams].flatMap(([name, stream]) => (QUIET.test(name) ? [] : [stream])),
    );
    const leave: (() => void)[] = [];
    await inForce(live, async () => {
      for (const { actor } of both) leave.push(await act(actor, id, aside, 'before'));
    });
    for (const side of both) {
      const shown = heard(side, new Map(), 1).map((one) => one.split(': ')[1]);
      expect(new Set(shown)).toEqual(new Set(['is online', 'types', 'has it open', 'has read']));
    }

    await block(one, other);
    for (const side of both) await untilGone(side);
    // What was on its way before the block has come when this has.
    leave.push(await act(witness, id, aside, 'between'));
    for (const side of both) {
      await untilHeard(side, TOLD, 'between');
      await untilHeard(side, ['typing', 'viewers', 'messagesRead'], witness.id);
    }
    const [firstFrom, secondFrom] = both.map(
      ({ streams }) => new Map([...streams].map(([name, one]) => [name, one.received.length])),
    );

    const { sequence } = await sendBy(witness, id, { content: 'from here' });
    for (const { actor } of both) {
      leave.push(await act(actor, id, aside, 'after'));
      await offerBy(actor, id, { note: 'after', recipientId: witness.id });
    }
    leave.push(await act(witness, id, aside, 'witnessed'));
    for (const side of both) {
      await untilHeard(side, GOING_ON, `${side.actor.id} after`);
      await untilHeard(side, ['offerUpdated'], '"after"');
      await untilHeard(side, TOLD, 'witnessed');
    }
    expect(heard(both[0]!, firstFrom!, sequence)).toEqual([]);
    expect(heard(both[1]!, secondFrom!, sequence)).toEqual([]);
    for (const { streams } of both)
      for (const [name, { eventErrors }] of streams)
        expect([name, eventErrors]).toEqual([name, []]);

    await unblock(one, other);
    for (const { streams, actor } of both)
      await streams
        .get('Subscription.userPresence')!
        .find((event) => nodesIn(event).some((node) => shownOf(node, actor) === 'is online'));
    for (const stop of leave) stop();
  });
});
