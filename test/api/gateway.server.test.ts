import {
  AcceptOfferDocument,
  MarkReadDocument,
  MeDocument,
  MessageAddedDocument,
  MessagesReadDocument,
  NotificationAddedDocument,
  NotifyUserDocument,
  OfferUpdatedDocument,
  SetTypingDocument,
  TypingDocument,
  ViewersDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { inForce } from './blocking';
import { expectDeaf, listen, nextOf, openRoom, type Somebody } from './room';
import { WireSocket } from './wire';

/** Row by row what the Socket.IO gateway, in whose place Parley is, sent to its clients. */
describe('what the gateway sent to clients', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  /** All that notifies them, the same on each device, up to a notice of their own that is sent now. */
  async function notifiedOf(somebody: Somebody) {
    const streams = listen([somebody], NotificationAddedDocument, { after: 0 });
    const input = { userId: somebody.id, title: 'mark', body: 'mark' };
    await cluster.service().ask(NotifyUserDocument, { input });
    for (const stream of streams)
      await stream.find(({ notificationAdded }) => notificationAdded.kind === 'CUSTOM');
    // Not their badges: those are as they were when each was sent.
    const [first, second] = streams.map(({ received }) =>
      received.map(({ notificationAdded: { kind, actor, conversation } }) => ({
        kind,
        actor,
        conversation,
      })),
    );
    expect(second).toEqual(first);
    return first!.slice(0, -1);
  }

  test('connected: is the acknowledgement, with the user’s id, to that device alone', async () => {
    const { alice } = await openRoom(cluster);
    const acknowledged: Record<string, unknown>[] = [];
    const sockets: WireSocket[] = [];
    for (const node of cluster.nodes) {
      const socket = await WireSocket.init(node, { token: alice.here.token! });
      const { type, payload } = await socket.next();
      expect(type).toBe('connection_ack');
      acknowledged.push(payload as Record<string, unknown>);
      sockets.push(socket);
    }
    expect(acknowledged.map(({ userId }) => userId)).toEqual([alice.id, alice.id]);
    expect(new Set(acknowledged.map(({ connectionId }) => connectionId)).size).toBe(2);
    for (const socket of sockets) {
      socket.send({ type: 'ping' });
      expect(await socket.next()).toMatchObject({ type: 'pong' });
      await socket.close();
    }
  });

  test('message: is told to the room, its sender’s devices too, and to nobody else', async () => {
    const { id, elsewhere, alice, bob, carol, dave } = await openRoom(cluster);
    const room = listen([alice, bob], MessageAddedDocument, { conversationId: id, after: 0 });
    const others = listen([carol, dave], MessageAddedDocument, {
      conversationId: elsewhere,
      after: 0,
    });
    await expectDeaf(carol, MessageAddedDocument, { conversationId: id, after: 0 });
    const sent = [await sendBy(alice.here, id), await sendBy(bob.there, id)];
    const mark = await sendBy(dave.here, elsewhere);
    for (const stream of room)
      expect((await stream.take(2)).map(({ messageAdded }) => messageAdded)).toEqual(sent);
    for (const { messageAdded } of await nextOf(others)) expect(messageAdded).toEqual(mark);
  });

  test('new-message: is told to whoever is not in the room, on all their devices; not to its sender or a stranger', async () => {
    const { id, elsewhere, alice, bob, carol, dave } = await openRoom(cluster);
    const anywhere = listen([bob], MessageAddedDocument, {});
    const strangers = listen([carol], MessageAddedDocument, {});
    await inForce([...anywhere, ...strangers], async () => {
      await sendBy(bob.here, id, { content: 'greeting' });
      await sendBy(carol.here, elsewhere, { content: 'greeting' });
    });
    const notified = listen([bob], NotificationAddedDocument, { after: 0 });
    const sent = await sendBy(alice.here, id);
    for (const { notificationAdded } of await nextOf(notified))
      expect(notificationAdded).toMatchObject({
        kind: 'NEW_MESSAGE',
        count: 1,
        actor: { id: alice.id },
        conversation: { id },
        message: { id: sent.id },
      });
    const mark = await sendBy(dave.there, elsewhere);
    const next = ({ messageAdded }: { messageAdded: { content: string } }) =>
      messageAdded.content !== 'greeting';
    for (const stream of anywhere) expect((await stream.find(next)).messageAdded).toEqual(sent);
    for (const stream of strangers) expect((await stream.find(next)).messageAdded).toEqual(mark);
    // Of Bob's greetings she was.
    expect((await notifiedOf(alice)).map(({ actor }) => actor!.id)).toEqual([bob.id]);
    expect((await notifiedOf(carol)).map(({ conversation }) => conversation!.id)).toEqual([
      elsewhere,
    ]);
  });

  test('typing: is told to the room but its sender, on none of their devices', async () => {
    const { id, alice, bob, carol } = await openRoom(cluster);
    const own = listen([alice], TypingDocument, { conversationId: id });
    const streams = listen([bob], TypingDocument, { conversationId: id });
    await expectDeaf(carol, TypingDocument, { conversationId: id });
    const type = (person: Somebody) =>
      person.here.ask(SetTypingDocument, { input: { conversationId: id, isTyping: true } });
    await type(alice);
    for (const { typing } of await nextOf(streams))
      expect(typing).toMatchObject({ user: { id: alice.id } });
    await type(bob);
    for (const { typing } of await nextOf(own))
      expect(typing).toMatchObject({ user: { id: bob.id }, isTyping: true });
  });

  test('read: is told to the room, the reader’s other devices too, and to nobody else', async () => {
    const { id, elsewhere, alice, bob, carol, dave } = await openRoom(cluster);
    const room = listen([alice, bob], MessagesReadDocument, { conversationId: id });
    const strangers = listen([carol], MessagesReadDocument, {});
    await expectDeaf(carol, MessagesReadDocument, { conversationId: id });
    // Writing is reading, too.
    await inForce([...room, ...strangers], () =>
      Promise.all([sendBy(alice.here, id), sendBy(carol.here, elsewhere)]),
    );
    const { sequence } = await sendBy(alice.there, id);
    await bob.there.ask(MarkReadDocument, { input: { conversationId: id, sequence } });
    const mark = await sendBy(dave.here, elsewhere);
    for (const stream of room) {
      const { messagesRead } = await stream.find((event) => event.messagesRead.user.id === bob.id);
      expect(messagesRead).toMatchObject({ conversationId: id, lastReadSequence: sequence });
    }
    for (const stream of strangers) {
      await stream.find(({ messagesRead }) => messagesRead.lastReadSequence === mark.sequence);
      for (const { messagesRead } of stream.received)
        expect(messagesRead.conversationId).toBe(elsewhere);
    }
  });

  test('user-joined, user-left: are told to the room with somebody’s first device and last, never to themselves', async () => {
    const { alice, bob, carol, dave } = await openRoom(cluster);
    const { id } = await conversationOf([alice.here, bob.here, dave.here]);
    await sendBy(bob.here, id);
    const open = async (device: Person) => {
      const stream = device.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      await stream.next();
      return stream;
    };
    const own = listen([alice], ViewersDocument, { conversationId: id });
    const streams = listen([bob], ViewersDocument, { conversationId: id });
    await expectDeaf(carol, ViewersDocument, { conversationId: id });
    const expectNext = async (
      listening: typeof streams,
      state: string,
      { id: userId }: Somebody,
    ) => {
      for (const { viewers } of await nextOf(listening))
        expect(viewers).toMatchObject({ conversationId: id, state, user: { id: userId } });
    };
    const first = await open(alice.here);
    await expectNext(streams, 'JOINED', alice);
    const last = await open(alice.there);
    first.stop();
    await alice.here.askSocket(MeDocument, {});
    await open(dave.there);
    await expectNext(streams, 'JOINED', dave);
    await expectNext(own, 'JOINED', dave);
    last.stop();
    await expectNext(streams, 'LEFT', alice);
  });

  test('offer-created: is told to the room, and to the recipient wherever they are', async () => {
    const { id, elsewhere, alice, bob, carol, dave } = await openRoom(cluster);
    const anywhere = listen([bob], OfferUpdatedDocument, {});
    const strangers = listen([carol], OfferUpdatedDocument, {});
    await expectDeaf(carol, OfferUpdatedDocument, { conversationId: id });
    const greet = { note: 'greeting' };
    await inForce([...anywhere, ...strangers], () =>
      Promise.all([offerBy(bob.here, id, greet), offerBy(carol.here, elsewhere, greet)]),
    );
    const room = listen([alice, bob], OfferUpdatedDocument, { conversationId: id, after: 0 });
    const offer = await offerBy(alice.here, id);
    const mark = await offerBy(dave.there, elsewhere);
    const next = ({ offerUpdated }: { offerUpdated: { offer: { note?: string | null } } }) =>
      offerUpdated.offer.note !== 'greeting';
    for (const stream of [...room, ...anywhere])
      expect((await stream.find(next)).offerUpdated).toMatchObject({
        action: 'CREATE',
        actor: { id: alice.id },
        conversation: { id },
        offer: { id: offer.id, status: 'PENDING', recipient: { id: bob.id } },
      });
    for (const stream of strangers)
      expect((await stream.find(next)).offerUpdated.offer.id).toBe(mark.id);
  });

  test('offer-update: is told to the whole room, whether a party or not, and to no stranger', async () => {
    const { elsewhere, alice, bob, carol, dave } = await openRoom(cluster);
    const { id } = await conversationOf([alice.here, bob.here, dave.here]);
    const room = listen([alice, bob, dave], OfferUpdatedDocument, { conversationId: id, after: 0 });
    const others = listen([carol], OfferUpdatedDocument, { conversationId: elsewhere, after: 0 });
    await expectDeaf(carol, OfferUpdatedDocument, { conversationId: id, after: 0 });
    const { id: offerId } = await offerBy(alice.here, id, { recipientId: bob.id });
    for (const { offerUpdated } of await nextOf(room))
      expect(offerUpdated).toMatchObject({ action: 'CREATE' });
    await bob.there.ask(AcceptOfferDocument, { input: { offerId, version: 1 } });
    for (const { offerUpdated } of await nextOf(room))
      expect(offerUpdated).toMatchObject({
        action: 'ACCEPT',
        actor: { id: bob.id },
        offer: { id: offerId, status: 'ACCEPTED', version: 2 },
      });
    const mark = await offerBy(dave.here, elsewhere);
    for (const { offerUpdated } of await nextOf(others))
      expect(offerUpdated.offer.id).toBe(mark.id);
  });

  test('offer-accepted: notifies the proposer, who has not opened the conversation, and nobody else', async () => {
    const { id, alice, bob, carol } = await openRoom(cluster);
    const streams = listen([alice], NotificationAddedDocument, { after: 0 });
    const offer = await offerBy(alice.here, id);
    await bob.there.ask(AcceptOfferDocument, { input: { offerId: offer.id, version: 1 } });
    for (const { notificationAdded } of await nextOf(streams))
      expect(notificationAdded).toMatchObject({
        kind: 'OFFER_ACCEPTED',
        actor: { id: bob.id },
        conversation: { id },
        offer: { id: offer.id, status: 'ACCEPTED' },
      });
    expect((await notifiedOf(bob)).map(({ kind }) => kind)).toEqual(['NEW_OFFER']);
    expect(await notifiedOf(carol)).toEqual([]);
  });

  test('new-offer: notifies the recipient, who has not opened the conversation, and nobody else', async () => {
    const { id, alice, bob, carol } = await openRoom(cluster);
    const streams = listen([bob], NotificationAddedDocument, { after: 0 });
    const offer = await offerBy(alice.here, id);
    for (const { notificationAdded } of await nextOf(streams))
      expect(notificationAdded).toMatchObject({
        kind: 'NEW_OFFER',
        actor: { id: alice.id },
        conversation: { id },
        offer: { id: offer.id, status: 'PENDING' },
      });
    for (const other of [alice, carol]) expect(await notifiedOf(other)).toEqual([]);
  });
});
