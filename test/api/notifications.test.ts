import {
  ConversationEventsDocument,
  CounterOfferDocument,
  DeclineOfferDocument,
  MuteConversationDocument,
  NotificationAddedDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { inboxOf, notificationsOf, open, read, views } from '../support/inbox';
import type { Person } from '../support/person';
import { people } from './people';

describe('notifications', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  async function aliceAndBob() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    return { alice, bob, id };
  }

  async function group() {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    return { alice, bob, carol, id };
  }

  async function send(sender: Person, id: string, count: number) {
    const messages = [];
    for (let index = 0; index < count; index++) messages.push(await sendBy(sender, id));
    return messages;
  }

  test('fifty messages to somebody who does not look are one notification of fifty', async () => {
    const { alice, bob, id } = await aliceAndBob();
    const messages = await send(alice, id, 50);
    const [notification, ...others] = await notificationsOf(bob);
    expect(others).toEqual([]);
    const newest = messages.at(-1)!;
    expect(notification).toMatchObject({
      kind: 'NEW_MESSAGE',
      count: 50,
      actor: { id: alice.id },
      conversation: { id },
      message: { id: newest.id, sequence: newest.sequence, content: newest.content },
      offer: null,
      readAt: null,
      createdAt: messages[0]!.createdAt,
    });
    expect(await inboxOf(bob)).toMatchObject({
      unreadNotificationCount: 1,
      unreadConversationCount: 1,
      lastNotificationSequence: notification!.sequence,
    });
    expect(await notificationsOf(alice)).toEqual([]);
  });

  test('one that grows takes a new sequence, and comes again', async () => {
    const { alice, bob, id } = await aliceAndBob();
    const stream = cluster
      .device(bob, cluster.nodes[1])
      .subscribe(NotificationAddedDocument, { after: 0 });
    const received = [];
    for (let count = 1; count <= 5; count++) {
      const message = await sendBy(alice, id);
      const { notificationAdded: notification } = await stream.next();
      expect(notification).toMatchObject({ count, message: { id: message.id } });
      expect(notification.inbox).toMatchObject({
        unreadNotificationCount: 1,
        lastNotificationSequence: notification.sequence,
      });
      received.push(notification);
    }
    expect(new Set(received.map((one) => one.id)).size).toBe(1);
    const sequences = received.map((one) => one.sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((one, other) => one - other));
  });

  test('who has the conversation open is not notified, however they have it open', async () => {
    const { alice, bob, id } = await aliceAndBob();
    await open(cluster.device(bob, cluster.nodes[1]), id);
    await sendBy(alice, id);
    await offerBy(alice, id);
    expect(await notificationsOf(bob)).toEqual([]);
    expect(await inboxOf(bob)).toMatchObject({
      unreadNotificationCount: 0,
      unreadConversationCount: 1,
    });

    const { alice: carol, bob: dave, id: other } = await aliceAndBob();
    dave.subscribe(ConversationEventsDocument, { conversationId: other });
    await views(dave, other, true);
    await sendBy(carol, other);
    expect(await notificationsOf(dave)).toEqual([]);
  });

  test('who listens without viewing, or has closed it again, is notified', async () => {
    const { alice, bob, id } = await aliceAndBob();
    const stream = bob.subscribe(ConversationEventsDocument, {
      conversationId: id,
      after: 0,
      viewing: false,
    });
    const device = cluster.device(bob, cluster.nodes[1]);
    const opened = await open(device, id);
    await sendBy(alice, id);
    await stream.next();
    expect(await notificationsOf(bob)).toEqual([]);
    opened.stop();
    await views(device, id, false);
    await sendBy(alice, id);
    expect(await notificationsOf(bob)).toMatchObject([{ kind: 'NEW_MESSAGE', count: 1 }]);
  });

  test('each step of an offer notifies the others by itself, of what it is', async () => {
    const { alice, bob, carol, id } = await group();
    const offer = await offerBy(alice, id, { recipientId: bob.id });
    const items = [{ giverId: bob.id, kind: 'CREDITS' as const, amount: 3 }];
    await bob.ask(CounterOfferDocument, { input: { offerId: offer.id, version: 1, items } });
    await alice.ask(DeclineOfferDocument, { input: { offerId: offer.id, version: 2 } });
    const seen = async (person: Person) =>
      (await notificationsOf(person)).map(({ kind, count, actor, offer }) => [
        kind,
        count,
        actor!.id,
        offer!.id,
      ]);
    const created = ['NEW_OFFER', 1, alice.id, offer.id];
    const countered = ['OFFER_COUNTERED', 1, bob.id, offer.id];
    const declined = ['OFFER_DECLINED', 1, alice.id, offer.id];
    expect(await seen(bob)).toEqual([declined, created]);
    expect(await seen(alice)).toEqual([countered]);
    expect(await seen(carol)).toEqual([declined, countered, created]);
  });

  test('reading the conversation reads it, on every device, if it stands for nothing newer', async () => {
    const { alice, bob, id } = await aliceAndBob();
    const [, middle, last] = await send(alice, id, 3);
    const [before] = await notificationsOf(bob);
    const stream = cluster
      .device(bob, cluster.nodes[1])
      .subscribe(NotificationAddedDocument, { after: before!.sequence });
    await read(bob, id, middle!.sequence);
    expect(await notificationsOf(bob)).toEqual([before]);
    expect(await inboxOf(bob)).toMatchObject({
      unreadNotificationCount: 1,
      unreadConversationCount: 1,
    });
    await read(bob, id, last!.sequence);
    const { notificationAdded: after } = await stream.next();
    expect(after).toMatchObject({ id: before!.id, count: 3, sequence: before!.sequence + 1 });
    expect(after.readAt).not.toBeNull();
    expect(await inboxOf(bob)).toMatchObject({
      unreadNotificationCount: 0,
      unreadConversationCount: 0,
    });
    // What follows begins anew.
    await sendBy(alice, id);
    const { notificationAdded: fresh } = await stream.next();
    expect(fresh).toMatchObject({ count: 1, readAt: null });
    expect(fresh.id).not.toBe(before!.id);
    expect(stream.received).toHaveLength(2);
  });

  test("sending reads one's own notification of that conversation, and no other", async () => {
    const { alice, bob, id } = await aliceAndBob();
    const other = await conversationOf([alice, bob]);
    await send(alice, id, 2);
    await sendBy(alice, other.id);
    await sendBy(bob, id);
    expect((await notificationsOf(bob, true)).map(({ conversation }) => conversation!.id)).toEqual([
      other.id,
    ]);
    expect(await notificationsOf(bob)).toHaveLength(2);
    expect(await inboxOf(bob)).toMatchObject({
      unreadNotificationCount: 1,
      unreadConversationCount: 1,
    });
  });

  test('who has muted the conversation is not notified, until the time is over', async () => {
    const { alice, bob, carol, id } = await group();
    const mute = (leftMs: number) => {
      const until = new Date(Date.now() + leftMs).toISOString();
      return bob.ask(MuteConversationDocument, { input: { conversationId: id, until } });
    };
    await mute(3_600_000);
    await sendBy(alice, id);
    await offerBy(alice, id, { recipientId: bob.id });
    expect(await notificationsOf(bob)).toEqual([]);
    expect(await notificationsOf(carol)).toHaveLength(2);
    await mute(-1_000);
    await sendBy(alice, id);
    expect(await notificationsOf(bob)).toMatchObject([{ kind: 'NEW_MESSAGE', count: 1 }]);
  });
});
