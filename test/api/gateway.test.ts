import { randomUUID } from 'node:crypto';
import type { App } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import {
  AcceptOfferDocument,
  CancelOfferDocument,
  ConfirmCompletionDocument,
  ConversationDocument,
  ConversationEventsDocument,
  CounterOfferDocument,
  DeclineOfferDocument,
  MarkReadDocument,
  MessageAddedDocument,
  MessagesDocument,
  OfferUpdatedDocument,
  ReviseOfferDocument,
  SendMessageDocument,
  SetTypingDocument,
  TypingDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { deed } from '../support/deeds';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { views } from '../support/inbox';
import { expectDeaf, expectForbidden, listen, nextOf, openRoom } from './room';
import { WireSocket } from './wire';

const attachment = {
  url: 'https://files.example.com/plan.pdf',
  name: 'plan.pdf',
  contentType: 'application/pdf',
};

/** Row by row what clients sent to the Socket.IO gateway in whose place Parley is. */
describe('what clients sent to the gateway', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  test('(connect with a token): a user is let in at any node; an invalid token or an unknown user is sent away', async () => {
    const { alice } = await openRoom(cluster);
    const forged = signToken('a-secret-that-parley-never-heard-of', { sub: alice.id });
    const ofNobody = signToken(DEVELOPMENT_SECRET, { sub: randomUUID() });
    for (const node of cluster.nodes) {
      const socket = await WireSocket.init(node, { token: alice.here.token! });
      expect(await socket.next()).toMatchObject({
        type: 'connection_ack',
        payload: { userId: alice.id },
      });
      await socket.close();
      for (const token of ['nonsense', forged, ofNobody])
        expect(await (await WireSocket.init(node, { token })).closed).toMatchObject({ code: 4401 });
    }
  });

  test('join-conversation: whoever subscribes is in the room, as messages or as the whole log; participants only', async () => {
    const { id, alice, bob, carol } = await openRoom(cluster);
    const messages = listen([alice], MessageAddedDocument, { conversationId: id, after: 0 });
    const logs = listen([bob], ConversationEventsDocument, { conversationId: id, after: 0 });
    for (const { both } of [alice, bob]) for (const device of both) await views(device, id, true);
    const sent = await sendBy(bob.there, id);
    for (const { messageAdded } of await nextOf(messages)) expect(messageAdded).toEqual(sent);
    for (const { conversationEvents } of await nextOf(logs))
      expect(conversationEvents).toMatchObject({ kind: 'MESSAGE_ADDED', message: sent });
    for (const conversationId of [id, randomUUID()]) {
      await expectDeaf(carol, MessageAddedDocument, { conversationId });
      await expectDeaf(carol, ConversationEventsDocument, { conversationId, after: 0 });
    }
    await views(carol.here, id, false);
  });

  test('leave-conversation: whoever completes hears no more of it, and on the last device has left', async () => {
    const { id, alice, bob } = await openRoom(cluster);
    const open = (node: App) => WireSocket.init(node, { token: alice.here.token! });
    const [here, there] = (await Promise.all(cluster.nodes.map(open))) as [WireSocket, WireSocket];
    const room = `subscription { messageAdded(conversationId: "${id}", after: 0) { content } }`;
    const inbox = 'subscription { notificationAdded(after: 0) { count } }';
    const next = (id: string, data: object) => ({ type: 'next', id, payload: { data } });
    const heard = (content: string) => next('room', { messageAdded: { content } });
    for (const socket of [here, there]) {
      expect(await socket.next()).toMatchObject({ type: 'connection_ack' });
      socket.send({ type: 'subscribe', id: 'room', payload: { query: room } });
    }
    await views(alice.here, id, true);
    await sendBy(bob.here, id, { content: 'to both' });
    for (const socket of [here, there]) expect(await socket.next()).toEqual(heard('to both'));
    here.send({ type: 'complete', id: 'room' });
    here.send({ type: 'ping' });
    expect(await here.next()).toMatchObject({ type: 'pong' });
    await views(alice.here, id, true);
    await sendBy(bob.here, id, { content: 'to one' });
    expect(await there.next()).toEqual(heard('to one'));
    there.send({ type: 'complete', id: 'room' });
    await views(alice.here, id, false);
    for (const socket of [here, there])
      socket.send({ type: 'subscribe', id: 'inbox', payload: { query: inbox } });
    for (const count of [1, 2]) {
      await sendBy(bob.here, id, { content: 'to nobody who is here' });
      for (const socket of [here, there])
        expect(await socket.next()).toEqual(next('inbox', { notificationAdded: { count } }));
    }
    await Promise.all([here, there].map((socket) => socket.close()));
  });

  test('message: is stored, and answered with the message, over HTTP and the socket; participants only', async () => {
    const { id, alice, bob, carol } = await openRoom(cluster);
    const streams = listen([bob], MessageAddedDocument, { conversationId: id, after: 0 });
    const input = { conversationId: id, content: 'by HTTP', attachments: [attachment] };
    const byHttp = (await alice.here.ask(SendMessageDocument, { input })).sendMessage.message;
    expect(byHttp).toMatchObject({ sender: { id: alice.id }, sequence: 1, content: 'by HTTP' });
    expect(byHttp.attachments).toEqual([{ ...attachment, sizeBytes: null }]);
    const answer = await alice.there.askSocket(SendMessageDocument, {
      input: { ...input, content: 'by socket' },
    });
    const bySocket = answer.data!.sendMessage.message;
    expect(bySocket).toMatchObject({ sender: { id: alice.id }, sequence: 2, content: 'by socket' });
    await expectForbidden(carol, SendMessageDocument, { input });
    for (const stream of streams)
      expect((await stream.take(2)).map(({ messageAdded }) => messageAdded)).toEqual([
        byHttp,
        bySocket,
      ]);
    for (const device of bob.both) {
      const { conversation } = await device.ask(MessagesDocument, { id });
      expect(conversation!.messages.nodes).toEqual([byHttp, bySocket]);
    }
  });

  test('typing: is told, from any device, and so is its end; participants only', async () => {
    const { id, alice, bob, carol } = await openRoom(cluster);
    const streams = listen([bob], TypingDocument, { conversationId: id });
    const input = (isTyping: boolean) => ({ input: { conversationId: id, isTyping } });
    await alice.here.ask(SetTypingDocument, input(true));
    for (const { typing } of await nextOf(streams))
      expect(typing).toMatchObject({ user: { id: alice.id }, isTyping: true });
    await expectForbidden(carol, SetTypingDocument, input(true));
    await alice.there.ask(SetTypingDocument, input(false));
    for (const { typing } of await nextOf(streams))
      expect(typing).toMatchObject({ user: { id: alice.id }, isTyping: false });
  });

  test('read: is stored, for all devices; participants only', async () => {
    const { id, alice, bob, carol } = await openRoom(cluster);
    await sendBy(alice.here, id);
    const input = { conversationId: id, sequence: 1 };
    const stateOn = async (device: typeof bob.here) =>
      (await device.ask(ConversationDocument, { id })).conversation!;
    for (const device of bob.both) expect((await stateOn(device)).unreadCount).toBe(1);
    await expectForbidden(carol, MarkReadDocument, { input });
    const { markRead } = await bob.there.ask(MarkReadDocument, { input });
    expect(markRead.receipt).toMatchObject({ user: { id: bob.id }, lastReadSequence: 1 });
    for (const device of bob.both) expect((await stateOn(device)).unreadCount).toBe(0);
    for (const device of [...alice.both, ...bob.both])
      expect(
        (await stateOn(device)).participants.find(({ user }) => user.id === bob.id)!
          .lastReadSequence,
      ).toBe(1);
  });

  test('offer-update: each step is a mutation of its own, and the offer’s parties’ only', async () => {
    const { alice, bob, carol, dave } = await openRoom(cluster);
    const { id } = await conversationOf([alice.here, bob.here, dave.here]);
    const items = [{ giverId: alice.id, kind: 'CREDITS' as const, amount: 7 }];
    type Input = { offerId: string; version: number };
    const steps = [
      [
        alice,
        'REVISE',
        'PENDING',
        'PENDING',
        (input: Input) => deed(ReviseOfferDocument, { ...input, items }),
      ],
      [
        bob,
        'COUNTER',
        'PENDING',
        'PENDING',
        (input: Input) => deed(CounterOfferDocument, { ...input, items }),
      ],
      [bob, 'ACCEPT', 'PENDING', 'ACCEPTED', (input: Input) => deed(AcceptOfferDocument, input)],
      [bob, 'DECLINE', 'PENDING', 'DECLINED', (input: Input) => deed(DeclineOfferDocument, input)],
      [
        alice,
        'WITHDRAW',
        'PENDING',
        'WITHDRAWN',
        (input: Input) => deed(WithdrawOfferDocument, input),
      ],
      [
        bob,
        'CONFIRM_COMPLETION',
        'ACCEPTED',
        'ACCEPTED',
        (input: Input) => deed(ConfirmCompletionDocument, input),
      ],
      [
        alice,
        'CANCEL',
        'ACCEPTED',
        'CANCELLED',
        (input: Input) => deed(CancelOfferDocument, input),
      ],
    ] as const;
    const streams = listen([alice, bob], OfferUpdatedDocument, { conversationId: id, after: 0 });
    for (const [actor, action, from, status, deedOf] of steps) {
      const { id: offerId } = await offerBy(alice.here, id, { recipientId: bob.id });
      if (from === 'ACCEPTED')
        await bob.here.ask(AcceptOfferDocument, { input: { offerId, version: 1 } });
      const version = from === 'ACCEPTED' ? 2 : 1;
      const { document, input } = deedOf({ offerId, version });
      // Dave is in the conversation, and no party; Carol is not even there.
      for (const other of [dave, carol]) await expectForbidden(other, document, { input });
      expect(await actor.there.refusal(document, { input })).toBeNull();
      for (const stream of streams) {
        const { offerUpdated } = await stream.find(
          ({ offerUpdated }) => offerUpdated.action === action && offerUpdated.offer.id === offerId,
        );
        expect(offerUpdated).toMatchObject({
          actor: { id: actor.id },
          offer: { version: version + 1, status },
        });
      }
    }
  });
});
