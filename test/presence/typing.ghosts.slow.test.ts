import { resolve } from 'node:path';
import type { App } from '../../src/app/app';
import type { Bus } from '../../src/bus/bus';
import { people } from '../api/people';
import {
  BlockUserDocument,
  SetTypingDocument,
  TypingDocument,
  type TypingSubscription,
  UnblockUserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import { NodeProcess } from '../support/node-process';
import { Person } from '../support/person';

const TYPING_MS = 6_000;
const REPEAT_MS = 2_000;
const SHIFTED_CLOCK = resolve(__dirname, '../support/shifted-clock.js');
const TIMEOUT_MS = 120_000;

describe('typing', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  async function scene() {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    const type = (person: Person, isTyping = true) =>
      person.ask(SetTypingDocument, { input: { conversationId: id, isTyping } });
    const listen = (person: Person, at = 0) =>
      cluster.device(person, cluster.nodes[at]).subscribe(TypingDocument, { conversationId: id });
    return { id, alice, bob, carol, type, listen };
  }

  const storyOf = ({ received }: EventStream<TypingSubscription>) =>
    received.map(({ typing }) => `${typing.user.id.split('-')[0]} ${typing.isTyping}`);
  const tells = (stream: EventStream<TypingSubscription>, ...story: string[]) =>
    eventually(() => expect(storyOf(stream)).toEqual(story));

  async function processOf(clockShiftMs: number) {
    const node = new NodeProcess({
      DATABASE_URL: cluster.databaseUrl,
      REDIS_URL: process.env.PARLEY_TEST_REDIS_URL!,
      PORT: '0',
      CLOCK_SHIFT_MS: String(clockShiftMs),
      NODE_OPTIONS: `--require ${SHIFTED_CLOCK}`,
    });
    const { url } = await node.ready();
    return { node, there: (person: Person) => new Person({ url } as App, person.id, person.token) };
  }

  test.each([0, 1])('ends for both with a block between them, on any node: %i', async (at) => {
    const { alice, bob, carol, type, listen } = await scene();
    // Bob blocks Alice: neither sees the other type any more. Carol sees both.
    const streams = [listen(alice, at), listen(bob, 1 - at), listen(carol, at)];
    await type(carol);
    await tells(streams[0]!, 'carol true');
    await tells(streams[1]!, 'carol true');
    await type(alice);
    await tells(streams[1]!, 'carol true', 'alice true');
    await type(bob);
    await tells(streams[0]!, 'carol true', 'bob true');
    await bob.ask(BlockUserDocument, { input: { userId: alice.id } });
    await tells(streams[0]!, 'carol true', 'bob true', 'bob false');
    await tells(streams[1]!, 'carol true', 'alice true', 'alice false');
    expect(storyOf(streams[2]!)).toEqual(['alice true', 'bob true']);
    // What ends by itself later is told to nobody else, and the end of the block brings nothing back.
    await bob.ask(UnblockUserDocument, { input: { userId: alice.id } });
    await tells(streams[0]!, 'carol true', 'bob true', 'bob false', 'carol false');
    await type(alice);
    await tells(
      streams[1]!,
      'carol true',
      'alice true',
      'alice false',
      'carol false',
      'alice true',
    );
  });

  test('ends for both although the word of the block is lost', async () => {
    const { alice, bob, type, listen } = await scene();
    const stream = listen(bob);
    await type(bob);
    for (let told = false; !told; told = stream.received.length > 0) {
      await type(alice);
      await new Promise((wait) => setTimeout(wait, 100));
    }
    const { bus } = cluster.node.services.delivery.log as unknown as { bus: Bus };
    const muted = jest.spyOn(bus, 'publish').mockImplementation(() => {});
    await bob.ask(BlockUserDocument, { input: { userId: alice.id } });
    muted.mockRestore();
    await type(alice, false);
    await tells(stream, 'alice true', 'alice false');
  });

  test(
    'that a dead node held is told to nobody who begins to listen after its time',
    async () => {
      const { alice, bob, carol, type, listen } = await scene();
      const { node, there } = await processOf(0);
      const before = listen(bob);
      await type(carol);
      await tells(before, 'carol true');
      await type(there(alice));
      const typedAt = Date.now();
      await tells(before, 'carol true', 'alice true');
      node.kill();
      const within = listen(carol);
      expect((await within.next()).typing).toMatchObject({ user: { id: alice.id } });
      const [{ typing }] = within.received as [TypingSubscription];
      const [, told] = before.received as TypingSubscription[];
      // It goes on for the rest of its time, not anew.
      const apartMs = Date.parse(typing.expiresAt!) - Date.parse(told!.typing.expiresAt!);
      expect(Math.abs(apartMs)).toBeLessThan(1_000);
      // Her time is over, and the node's lease is not.
      await new Promise((wait) => setTimeout(wait, typedAt + TYPING_MS + 100 - Date.now()));
      const after = listen(bob, 1);
      // Announces that the stream is in force.
      for (let told = false; !told; told = after.received.length > 0) {
        await type(carol);
        await new Promise((wait) => setTimeout(wait, 100));
      }
      expect(storyOf(after)).not.toContain('alice true');
      await tells(within, 'alice true', 'alice false');
    },
    TIMEOUT_MS,
  );

  test.each([-7_000, -3_000, 3_000, 7_000])(
    'lasts and repeats by the clock of the node that tells it, when another one’s differs by %i ms',
    async (shiftMs) => {
      const { alice, bob, carol, type, listen } = await scene();
      const { node, there } = await processOf(shiftMs);
      const stream = listen(bob);
      await type(carol);
      await stream.next();
      const [here, shifted] = [alice, there(alice)];
      const ofAlice = () => stream.received.filter(({ typing }) => typing.user.id === alice.id);
      const nextOfAlice = () => stream.find(({ typing }) => typing.user.id === alice.id);
      for (const [first, second] of [
        [here, shifted],
        [shifted, here],
      ] as const) {
        const before = ofAlice().length;
        const startMs = Date.now();
        await type(first);
        await type(second);
        const isQuick = Date.now() - startMs < REPEAT_MS;
        const { typing } = await nextOfAlice();
        expect(typing.isTyping).toBe(true);
        expect(Date.parse(typing.expiresAt!) - Date.now()).toBeLessThanOrEqual(TYPING_MS);
        // After 2 s it is told again, by whichever node.
        await new Promise((wait) => setTimeout(wait, REPEAT_MS + 100));
        if (isQuick) expect(ofAlice()).toHaveLength(before + 1);
        await type(second);
        expect((await nextOfAlice()).typing.isTyping).toBe(true);
        await type(here, false);
        await stream.find(({ typing }) => typing.user.id === alice.id && !typing.isTyping);
      }
      await node.interrupt();
    },
    TIMEOUT_MS,
  );
});
