import {
  DeleteMessageDocument,
  MarkReadDocument,
  MessageAddedDocument,
  MessagesReadDocument,
  MessageUpdatedDocument,
  PresenceInDocument,
  SetTypingDocument,
  TypingDocument,
  UserDocument,
  UserPresenceDocument,
  ViewersDocument,
  ViewersOfDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { block, inForce, unblock } from './blocking';
import { people } from './people';

const HIDDEN = { online: false, lastSeenAt: null };
const ONLINE = { online: true, lastSeenAt: expect.any(String) };

describe('across a block, at two nodes', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  const types = (typist: Person, conversationId: string, isTyping: boolean) =>
    typist.ask(SetTypingDocument, { input: { conversationId, isTyping } });
  const reads = (reader: Person, conversationId: string, sequence = 2 ** 31 - 1) =>
    reader.ask(MarkReadDocument, { input: { conversationId, sequence } });
  const opens = (viewer: Person, conversationId: string) =>
    viewer.subscribe(MessageAddedDocument, { conversationId });
  const viewersSeenBy = async (viewer: Person, id: string) =>
    (await viewer.ask(ViewersOfDocument, { id }))
      .conversation!.viewers.map((user) => user.id)
      .sort();

  /**
   * A group of four: one whom the actor is hidden from because they blocked the actor, one because the actor
   * blocked them, and two whom and whose doings everybody sees. All but the watchers use the other node.
   */
  async function group() {
    const [actor, witness, herald, one, other] = await people(
      cluster,
      'actor',
      'witness',
      'herald',
      'blocker',
      'blocked',
    );
    const watchers = [one, other].map((person) => cluster.device(person, cluster.nodes[1]));
    const { id } = await conversationOf([witness, actor, herald, one, other]);
    await block(one, actor);
    await block(actor, other);
    return { actor, witness, herald, watchers, id };
  }

  describe('in a group', () => {
    test('nobody is told who types, neither at first nor later', async () => {
      const { actor, witness, herald, watchers, id } = await group();
      await types(witness, id, true);
      const watch = (person: Person) => person.subscribe(TypingDocument, { conversationId: id });
      const [early, seen] = [watchers.map(watch), watch(herald)];
      for (const stream of [...early, seen])
        expect((await stream.next()).typing.user.id).toBe(witness.id);
      await types(actor, id, true);
      await seen.find(({ typing }) => typing.user.id === actor.id);
      await types(witness, id, true);
      const [late, seenLate] = [watchers.map(watch), watch(herald)];
      await seenLate.find(({ typing }) => typing.user.id === actor.id);
      for (const stream of late) await stream.next();
      await types(actor, id, false);
      await seen.find(({ typing }) => typing.user.id === actor.id && !typing.isTyping);
      await types(herald, id, true);
      for (const stream of [...early, ...late]) {
        await stream.find(({ typing }) => typing.user.id === herald.id);
        expect(stream.received.map(({ typing }) => typing.user.id)).not.toContain(actor.id);
      }
    });

    test('nobody is told who has it open, neither at first nor later, and nobody finds them', async () => {
      const { actor, witness, watchers, id } = await group();
      const open = opens(witness, id);
      const streams = watchers.map((watcher) =>
        watcher.subscribe(ViewersDocument, { conversationId: id }),
      );
      const seen = witness.subscribe(ViewersDocument, { conversationId: id });
      for (const stream of streams)
        expect((await stream.next()).viewers).toMatchObject({
          state: 'JOINED',
          user: { id: witness.id },
        });
      const hidden = opens(actor, id);
      expect((await seen.next()).viewers).toMatchObject({
        state: 'JOINED',
        user: { id: actor.id },
      });
      expect(await viewersSeenBy(witness, id)).toEqual([actor.id, witness.id].sort());
      expect(await viewersSeenBy(actor, id)).toEqual([actor.id, witness.id].sort());
      for (const watcher of watchers)
        expect(await viewersSeenBy(watcher, id)).toEqual([witness.id]);

      const later = watchers.map((watcher) =>
        watcher.subscribe(ViewersDocument, { conversationId: id }),
      );
      for (const stream of later) expect((await stream.next()).viewers.user.id).toBe(witness.id);
      hidden.stop();
      expect((await seen.next()).viewers).toMatchObject({ state: 'LEFT', user: { id: actor.id } });
      open.stop();
      for (const stream of [...streams, ...later]) {
        expect((await stream.next()).viewers).toMatchObject({
          state: 'LEFT',
          user: { id: witness.id },
        });
        expect(stream.received).toHaveLength(2);
      }
    });

    test('nobody gets a receipt, of reading or of writing', async () => {
      const { actor, witness, watchers, id } = await group();
      const streams = watchers.flatMap((watcher) => [
        watcher.subscribe(MessagesReadDocument, { conversationId: id }),
        watcher.subscribe(MessagesReadDocument, {}),
      ]);
      const seen = witness.subscribe(MessagesReadDocument, { conversationId: id });
      const own = cluster.device(actor, cluster.nodes[1]).subscribe(MessagesReadDocument, {});
      await inForce([...streams, seen, own], () => sendBy(witness, id));
      await reads(actor, id);
      const { sequence } = await sendBy(actor, id);
      for (const stream of [seen, own])
        await stream.find(
          ({ messagesRead }) =>
            messagesRead.user.id === actor.id && messagesRead.lastReadSequence === sequence,
        );
      await reads(witness, id, sequence);
      for (const stream of streams) {
        await stream.find(({ messagesRead }) => messagesRead.lastReadSequence === sequence);
        expect(
          stream.received.filter(({ messagesRead }) => messagesRead.user.id !== witness.id),
        ).toEqual([]);
      }
    });

    test('everybody is offline and was never seen, from the block until it is taken back', async () => {
      const { actor, witness, watchers, id } = await group();
      const [one, other] = watchers as [Person, Person];
      const hide = async () => {
        await block(one, actor);
        await block(actor, other);
      };
      const show = async () => {
        await unblock(one, actor);
        await unblock(actor, other);
      };
      const seen = witness.subscribe(UserPresenceDocument, { userIds: [actor.id] });
      const userIds = [actor.id, witness.id];
      const streams = watchers.map((watcher) =>
        watcher.subscribe(UserPresenceDocument, { userIds }),
      );
      const nextOf = async (stream: (typeof streams)[number]) => (await stream.next()).userPresence;
      for (const stream of streams) {
        const states = [await nextOf(stream), await nextOf(stream)];
        expect(states.find((state) => state.id === actor.id)).toMatchObject(HIDDEN);
        expect(states.find((state) => state.id === witness.id)).toMatchObject(ONLINE);
      }
      // What follows the block of somebody else in a watcher's stream is shown: what went before it was not.
      const mark = async () => {
        for (const [index, stream] of streams.entries()) {
          await block(watchers[index]!, witness);
          expect(await nextOf(stream)).toMatchObject({ id: witness.id, ...HIDDEN });
          await unblock(watchers[index]!, witness);
          expect(await nextOf(stream)).toMatchObject({ id: witness.id, ...ONLINE });
        }
      };

      opens(actor, id);
      await seen.find(({ userPresence }) => userPresence.online);
      await mark();
      await show();
      for (const stream of streams)
        expect(await nextOf(stream)).toMatchObject({ id: actor.id, ...ONLINE });
      await hide();
      for (const stream of streams)
        expect(await nextOf(stream)).toMatchObject({ id: actor.id, ...HIDDEN });
      for (const watcher of watchers) {
        expect((await watcher.ask(UserDocument, { id: actor.id })).user!.presence).toMatchObject(
          HIDDEN,
        );
        const { participants } = (await watcher.ask(PresenceInDocument, { id })).conversation!;
        expect(participants.find(({ user }) => user.id === actor.id)!.user.presence).toEqual(
          HIDDEN,
        );
      }

      await actor.disconnect();
      const { userPresence: last } = await seen.find(({ userPresence }) => !userPresence.online);
      expect(last.lastSeenAt).not.toBeNull();
      await mark();
      await show();
      for (const stream of streams) expect(await nextOf(stream)).toEqual(last);
    }, 60_000);
  });

  test('a stranger who blocks somebody is told to nobody', async () => {
    const [watcher, stranger, friend] = await people(cluster, 'watcher', 'stranger', 'friend');
    await conversationOf([watcher, friend]);
    const stream = watcher.subscribe(UserPresenceDocument, { userIds: [stranger.id, friend.id] });
    expect((await stream.next()).userPresence.id).toBe(friend.id);
    // Whose profile a stranger is not shown.
    expect(stream.eventErrors).toHaveLength(1);
    await block(stranger, watcher);
    await block(friend, watcher);
    expect((await stream.next()).userPresence).toMatchObject({ id: friend.id, ...HIDDEN });
    expect(stream.eventErrors).toHaveLength(1);
  });

  describe.each(['the blocker', 'the blocked'])('in a pair, %s', (side) => {
    test('is not told that the other types, looks or reads', async () => {
      const [own, other] = await people(cluster, 'own', 'other');
      const watcher = cluster.device(own, cluster.nodes[1]);
      const { id } = await conversationOf([own, other]);
      const { id: messageId } = await sendBy(other, id);
      const watching = (person: Person) => ({
        typing: person.subscribe(TypingDocument, { conversationId: id }),
        viewers: person.subscribe(ViewersDocument, { conversationId: id }),
        receipts: person.subscribe(MessagesReadDocument, { conversationId: id }),
      });
      // The platform sees everything, at the same node.
      const [streams, seen] = [watching(watcher), watching(cluster.service(cluster.nodes[1]))];
      const changes = watcher.subscribe(MessageUpdatedDocument, { conversationId: id, after: 1 });
      await inForce([streams.receipts, seen.receipts], () => sendBy(other, id));
      await types(other, id, true);
      const view = opens(other, id);
      for (const { typing, viewers } of [streams, seen]) {
        await typing.find(({ typing }) => typing.isTyping);
        await viewers.find(({ viewers }) => viewers.user.id === other.id);
      }
      const { sequence } = await sendBy(own, id);
      await streams.receipts.find(({ messagesRead }) => messagesRead.user.id === own.id);

      await (side === 'the blocker' ? block(own, other) : block(other, own));
      await streams.viewers.find(
        ({ viewers }) => viewers.user.id === other.id && viewers.state === 'LEFT',
      );
      const before = Object.values(streams).map(({ received }) => received.length);
      await types(other, id, false);
      await reads(other, id);
      view.stop();
      await seen.typing.find(({ typing }) => !typing.isTyping);
      await seen.viewers.find(({ viewers }) => viewers.state === 'LEFT');
      await seen.receipts.find(
        ({ messagesRead: read }) => read.user.id === other.id && read.lastReadSequence === sequence,
      );
      await other.ask(DeleteMessageDocument, { input: { messageId } });
      expect((await changes.next()).messageUpdated.kind).toBe('MESSAGE_DELETED');
      expect(Object.values(streams).map(({ received }) => received.length)).toEqual(before);
    });
  });
});
