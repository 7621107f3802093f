import { people } from '../api/people';
import {
  InboxUpdatedDocument,
  LeaveConversationDocument,
  SetTypingDocument,
  TypingDocument,
  type TypingSubscription,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';

const PLACES: [at: number, other: number][] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
];

/**
 * A witness begins to type before alice does, at the same node, and says nothing more. So whatever is told before the
 * witness' typing lapses did not wait for alice's to.
 */
describe('typing', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  async function scene() {
    const [alice, witness, bob, carol] = await people(cluster, 'alice', 'witness', 'bob', 'carol');
    const { id } = await conversationOf([alice, witness, bob, carol]);
    const streams = [bob, carol].map((person, at) =>
      cluster.device(person, cluster.nodes[at]).subscribe(TypingDocument, { conversationId: id }),
    );
    const storyOf = (stream: EventStream<TypingSubscription>) =>
      stream.received.map(({ typing }) => `${typing.user.id.split('-')[0]} ${typing.isTyping}`);
    const told = async (...story: string[]) => {
      for (const stream of streams) await eventually(() => expect(storyOf(stream)).toEqual(story));
    };
    /** A request to the node; the person needs no socket there. */
    const type = (person: Person, at: number, isTyping = true) =>
      cluster
        .device(person, cluster.nodes[at])
        .ask(SetTypingDocument, { input: { conversationId: id, isTyping } });
    const connect = async (person: Person, at: number) => {
      const device = cluster.device(person, cluster.nodes[at]);
      device.subscribe(InboxUpdatedDocument, {});
      await eventually(() => expect(device.acknowledged).not.toBeNull());
      return device;
    };
    return { id, alice, witness, streams, told, type, connect };
  }

  async function typingScene(at: number) {
    const all = await scene();
    // Nothing announces that a stream of typing is in force, but who types when it begins.
    await all.type(all.witness, at);
    await all.told('witness true');
    await all.type(all.alice, at);
    await all.told('witness true', 'alice true');
    return all;
  }

  const BEGUN = ['witness true', 'alice true'];

  test('lapses by itself after 6 s, each in its turn', async () => {
    const begunAt = Date.now();
    const { told, streams } = await typingScene(0);
    await told(...BEGUN, 'witness false', 'alice false');
    expect(Date.now() - begunAt).toBeGreaterThanOrEqual(6_000);
    for (const { received } of streams)
      expect(received.map(({ typing }) => typing.expiresAt !== null)).toEqual([
        true,
        true,
        false,
        false,
      ]);
  });

  test('goes on while it is renewed, and is told again at most every 2 s', async () => {
    const { alice, witness, streams, type } = await typingScene(0);
    const [stream] = streams;
    for (
      let lapsed = false;
      !lapsed;
      lapsed = stream!.received.some(({ typing }) => isEndOf(typing, witness))
    ) {
      await type(alice, 0);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
    expect(expectApart(stream!, alice)).toBeGreaterThan(2);
  });

  test('that is repeated at several nodes is told again at most every 2 s, and ended once', async () => {
    const { alice, streams, type } = await typingScene(0);
    await type(alice, 1);
    await type(alice, 0);
    await type(alice, 0, false);
    for (const stream of streams) {
      await stream.find(({ typing }) => isEndOf(typing, alice));
      expectApart(stream, alice);
    }
    await type(alice, 1);
    for (const stream of streams)
      expect((await stream.next()).typing).toMatchObject({ isTyping: true });
  });

  describe.each(PLACES)(
    'that node %i was told of, and what ends it is at node %i:',
    (at, other) => {
      test('the typist says so', async () => {
        const { alice, told, type } = await typingScene(at);
        await type(alice, other, false);
        await told(...BEGUN, 'alice false');
      });

      test('the typist sends', async () => {
        const { id, alice, told } = await typingScene(at);
        await sendBy(cluster.device(alice, cluster.nodes[other]), id);
        await told(...BEGUN, 'alice false');
      });

      test('the typist leaves', async () => {
        const { id, alice, told } = await typingScene(at);
        const device = cluster.device(alice, cluster.nodes[other]);
        await device.ask(LeaveConversationDocument, { input: { conversationId: id } });
        await told(...BEGUN, 'alice false');
      });

      test('the last device is gone', async () => {
        const { alice, told, connect } = await typingScene(at);
        const device = await connect(alice, other);
        device.drop();
        await told(...BEGUN, 'alice false');
      });
    },
  );

  test('does not end with a device that is not the last, wherever they are', async () => {
    await Promise.all(
      PLACES.map(async ([at, other]) => {
        const { alice, told, connect } = await typingScene(at);
        await connect(alice, 1 - other);
        const device = await connect(alice, other);
        device.drop();
        await told(...BEGUN, 'witness false', 'alice false');
      }),
    );
  });
});

function isEndOf({ user, isTyping }: TypingSubscription['typing'], person: Person): boolean {
  return user.id === person.id && !isTyping;
}

/** The person was told to type at times that are 2 s apart; returns how often. */
function expectApart({ received }: EventStream<TypingSubscription>, person: Person): number {
  const told = received
    .map(({ typing }) => typing)
    .filter(({ user, isTyping }) => user.id === person.id && isTyping);
  const times = told.map(({ expiresAt }) => Date.parse(expiresAt!));
  for (const [index, time] of times.slice(1).entries())
    expect(time - times[index]!).toBeGreaterThanOrEqual(2_000);
  return times.length;
}
