import {
  ActiveUsersDocument,
  ConversationDocument,
  CreateOfferDocument,
  CustomEventDocument,
  EmitEventDocument,
  MessageAddedDocument,
  MessagesDocument,
  NotificationAddedDocument,
  NotificationsDocument,
  NotifyUserDocument,
  PostSystemMessageDocument,
  SendMessageDocument,
  UserDocument,
  UserPresenceDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { Observer } from '../support/observer';
import type { Person } from '../support/person';
import { inForce } from './blocking';
import { expectForbidden, listen, nextOf, openRoom, type Room, type Somebody } from './room';

/** Row by row what the Socket.IO gateway, in whose place Parley is, was to the other modules of the backend. */
describe('what the gateway was to the rest of the backend', () => {
  let cluster: Cluster;
  let services: Person[];

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
    services = cluster.nodes.map((node) => cluster.service(node));
  });
  afterAll(() => cluster.stop());

  const onBehalfOf = ({ id }: Somebody) => ({ 'parley-on-behalf-of': id });
  /** Resolves when the device is connected, and it stays so. */
  const connect = async (device: Person) => {
    device.subscribe(CustomEventDocument, {});
    await eventually(() => expect(device.acknowledged).not.toBeNull());
  };
  const presenceOf = async (viewer: Person, { id }: Somebody) =>
    (await viewer.ask(UserDocument, { id })).user?.presence;

  test('isUserOnline: is answered at any node, for a device at any node, and not to a stranger', async () => {
    const { alice, bob, carol } = await openRoom(cluster);
    for (const service of services) expect((await presenceOf(service, alice))!.online).toBe(false);
    await connect(alice.there);
    for (const viewer of [...services, ...bob.both])
      await eventually(async () => expect((await presenceOf(viewer, alice))!.online).toBe(true));
    for (const device of carol.both)
      expect((await device.ask(UserDocument, { id: alice.id })).user).toBeNull();
  });

  test('getActiveUsers: has everyone once who is connected anywhere; for service tokens only', async () => {
    const { alice, bob, carol } = await openRoom(cluster);
    for (const device of [...alice.both, bob.there]) await connect(device);
    for (const service of services)
      await eventually(async () => {
        const { activeUsers } = await service.ask(ActiveUsersDocument, {});
        const ours = activeUsers
          .map(({ id }) => id)
          .filter((id) => [alice.id, bob.id, carol.id].includes(id));
        expect(ours.sort()).toEqual([alice.id, bob.id].sort());
      });
    await expectForbidden(alice, ActiveUsersDocument, {});
  });

  /** Custom events as everybody gets them, in force: within the room, and without naming it. */
  async function listenToEvents({ id, elsewhere, alice, bob, carol }: Room) {
    const within = listen([alice, bob], CustomEventDocument, { conversationId: id });
    const [ofAlice, ofBob, ofCarol] = [alice, bob, carol].map((one) =>
      listen([one], CustomEventDocument, {}),
    );
    const greet = (conversationId: string) =>
      services[0]!.ask(EmitEventDocument, { input: { conversationId, name: 'greeting' } });
    await inForce([...within, ...ofAlice!, ...ofBob!, ...ofCarol!], () =>
      Promise.all([greet(id), greet(elsewhere)]),
    );
    const expectNext = async (streams: readonly (typeof within)[], event: object) => {
      for (const stream of streams.flat())
        expect(
          (await stream.find(({ customEvent }) => customEvent.name !== 'greeting')).customEvent,
        ).toMatchObject(event);
    };
    return { within, ofAlice: ofAlice!, ofBob: ofBob!, ofCarol: ofCarol!, expectNext };
  }

  test('broadcastToConversation: any event arrives at all in it, words stay in it; for service tokens only', async () => {
    const room = await openRoom(cluster);
    const { id, elsewhere, alice, bob } = room;
    const { within, ofAlice, ofBob, ofCarol, expectNext } = await listenToEvents(room);
    const input = { conversationId: id, name: 'parcel.sent', data: { code: 17 } };
    await expectForbidden(alice, EmitEventDocument, { input: { ...input, name: 'forged' } });
    await services[1]!.ask(EmitEventDocument, { input });
    await services[1]!.ask(EmitEventDocument, {
      input: { conversationId: elsewhere, name: 'mark' },
    });
    await expectNext([within, ofAlice, ofBob], input);
    await expectNext([ofCarol], { name: 'mark', conversationId: elsewhere });

    const words = { input: { conversationId: id, content: 'The parcel is on its way.' } };
    const streams = listen([alice, bob], MessageAddedDocument, { conversationId: id, after: 0 });
    await expectForbidden(alice, PostSystemMessageDocument, words);
    const { message } = (await services[1]!.ask(PostSystemMessageDocument, words))
      .postSystemMessage;
    expect(message).toMatchObject({ sender: null, sequence: 1 });
    for (const { messageAdded } of await nextOf(streams)) expect(messageAdded).toEqual(message);
    for (const device of bob.both)
      expect((await device.ask(MessagesDocument, { id })).conversation!.messages.nodes).toEqual([
        message,
      ]);
  });

  test('sendToUser: any event arrives at them, what must not be missed is kept for them; for service tokens only', async () => {
    const room = await openRoom(cluster);
    const { id, elsewhere, alice, bob, carol } = room;
    const { within, ofAlice, ofBob, ofCarol, expectNext } = await listenToEvents(room);
    const input = { userId: bob.id, name: 'credits.low', data: { left: 3 } };
    await expectForbidden(alice, EmitEventDocument, { input: { ...input, name: 'forged' } });
    await services[1]!.ask(EmitEventDocument, { input });
    for (const conversationId of [id, elsewhere])
      await services[1]!.ask(EmitEventDocument, { input: { conversationId, name: 'mark' } });
    await expectNext([ofBob], { name: 'credits.low', data: { left: 3 }, conversationId: null });
    await expectNext([within, ofAlice, ofBob], { name: 'mark', conversationId: id });
    await expectNext([ofCarol], { name: 'mark', conversationId: elsewhere });

    const notice = { title: 'Credits', body: 'You have three left.', data: { left: 3 } };
    const ofOthers = listen([alice, carol], NotificationAddedDocument, { after: 0 });
    await expectForbidden(alice, NotifyUserDocument, { input: { ...notice, userId: bob.id } });
    const notify = async (userId: string) =>
      (await services[1]!.ask(NotifyUserDocument, { input: { ...notice, userId } })).notifyUser
        .notification;
    const kept = await notify(bob.id);
    for (const { notificationAdded } of await nextOf(
      listen([bob], NotificationAddedDocument, { after: 0 }),
    ))
      expect(notificationAdded).toMatchObject({ kind: 'CUSTOM', ...notice, id: kept.id });
    for (const device of bob.both)
      expect((await device.ask(NotificationsDocument, {})).notifications.nodes).toMatchObject([
        { id: kept.id },
      ]);
    const marks = new Set([(await notify(alice.id)).id, (await notify(carol.id)).id]);
    expect(
      new Set((await nextOf(ofOthers)).map(({ notificationAdded }) => notificationAdded.id)),
    ).toEqual(marks);
  });

  test('REST modules: act for their user with a service token, with every check; a user’s token acts for nobody', async () => {
    const { id, alice, bob, carol } = await openRoom(cluster);
    const message = { input: { conversationId: id, content: 'for Alice' } };
    const items = [{ giverId: alice.id, kind: 'CREDITS' as const, amount: 5 }];
    const offer = { input: { conversationId: id, items } };
    const streams = listen([bob], MessageAddedDocument, { conversationId: id, after: 0 });
    for (const service of services) {
      const sent = (await service.request(SendMessageDocument, message, onBehalfOf(alice))).data!
        .sendMessage.message;
      expect(sent.sender).toMatchObject({ id: alice.id, username: alice.id });
      for (const { messageAdded } of await nextOf(streams)) expect(messageAdded).toEqual(sent);
      const made = (await service.request(CreateOfferDocument, offer, onBehalfOf(alice))).data!
        .createOffer.offer;
      expect(made).toMatchObject({ proposer: { id: alice.id }, recipient: { id: bob.id } });
      for (const headers of [onBehalfOf(carol), {}])
        for (const answer of [
          await service.request(SendMessageDocument, message, headers),
          await service.request(CreateOfferDocument, offer, headers),
        ])
          expect(answer.errors?.[0]?.extensions).toEqual({ code: 'FORBIDDEN' });
    }
    for (const device of carol.both)
      expect(
        (await device.request(SendMessageDocument, message, onBehalfOf(alice))).data ?? null,
      ).toBeNull();
    expect((await alice.here.ask(ConversationDocument, { id })).conversation!.lastSequence).toBe(4);
  });

  test('connections of one user: are one presence over all nodes, cleaned up when they end; lastSeenAt is stored', async () => {
    const { alice, bob, carol, dave } = await openRoom(cluster);
    const { id } = await conversationOf([alice.here, bob.here, dave.here]);
    await sendBy(bob.here, id);
    const watched = [alice.here, dave.here] as const;
    const observers = bob.both.map((device) => new Observer(device, id, watched));
    // Carol shares a conversation with Dave, and none with Alice.
    const strangers = listen([carol], UserPresenceDocument, { userIds: [alice.id, dave.id] });
    await nextOf(strangers);
    for (const observer of observers)
      for (const one of watched) await observer.sees(one, [], ['offline']);
    const comesAtMs = Date.now();
    for (const { both } of [alice, dave])
      for (const device of both)
        await device.subscribe(MessageAddedDocument, { conversationId: id, after: 0 }).next();
    for (const observer of observers)
      for (const one of watched) {
        await observer.sees(one, ['JOINED'], ['offline', 'online']);
        expect(observer.lastSeenOf(one).getTime()).toBeGreaterThanOrEqual(comesAtMs);
      }
    // Alice on one of two devices, Dave on both: once he is gone, the grace is over for her, too.
    alice.here.drop();
    const leavesAtMs = Date.now();
    dave.here.drop();
    await dave.there.disconnect();
    for (const observer of observers) {
      await observer.sees(dave.here, ['JOINED', 'LEFT'], ['offline', 'online', 'offline'], 60_000);
      observer.saw(alice.here, ['JOINED'], ['offline', 'online']);
      expect(observer.lastSeenOf(dave.here).getTime()).toBeGreaterThanOrEqual(leavesAtMs);
      const lastSeenAt = observer.lastSeenOf(dave.here).toISOString();
      for (const viewer of [...services, observer.person]) {
        expect(await presenceOf(viewer, dave)).toEqual({ id: dave.id, online: false, lastSeenAt });
        expect((await presenceOf(viewer, alice))!.online).toBe(true);
      }
    }
    for (const { received, eventErrors } of strangers) {
      await eventually(() =>
        expect(received.map((event) => event.userPresence.online)).toEqual([false, true, false]),
      );
      for (const { userPresence } of received) expect(userPresence.id).toBe(dave.id);
      // Of Alice she is not even told who that is.
      expect(eventErrors).toMatchObject([
        { path: ['userPresence', 'user'], extensions: { code: 'FORBIDDEN' } },
      ]);
    }
  });
});
