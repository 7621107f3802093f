import {
  AcceptOfferDocument,
  CancelOfferDocument,
  CounterOfferDocument,
  DeclineOfferDocument,
  DeleteMessageDocument,
  InboxDocument,
  MarkReadDocument,
  MessageAddedDocument,
  NotificationAddedDocument,
  NotificationsDocument,
  NotifyUserDocument,
  ViewersDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { block, unblock } from './blocking';
import { people } from './people';

describe('notifications across a block', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  /** What reaches the person from now on. */
  async function inboxOf(person: Person) {
    const { inbox } = await person.ask(InboxDocument, {});
    return person.subscribe(NotificationAddedDocument, { after: inbox.lastNotificationSequence });
  }
  const mark = (person: Person) =>
    cluster.service().ask(NotifyUserDocument, { input: { userId: person.id, title: 'mark' } });
  const listOf = async (person: Person) =>
    (await person.ask(NotificationsDocument, {})).notifications.nodes.map(
      ({ kind, count, actor }) => [kind, count, actor?.id],
    );

  test('neither of a pair is notified of what goes on between them, until the block is taken back', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const message = await sendBy(bob, id);
    const [first, second, third] = [
      await offerBy(bob, id),
      await offerBy(bob, id),
      await offerBy(bob, id),
    ];
    await block(alice, bob);
    const inboxes = [await inboxOf(alice), await inboxOf(bob)];
    await bob.ask(WithdrawOfferDocument, { input: { offerId: first.id, version: 1 } });
    await alice.ask(DeclineOfferDocument, { input: { offerId: second.id, version: 1 } });
    await bob.ask(DeleteMessageDocument, { input: { messageId: message.id } });
    for (const person of [alice, bob]) await mark(person);
    for (const inbox of inboxes)
      expect((await inbox.next()).notificationAdded).toMatchObject({ title: 'mark' });

    await unblock(alice, bob);
    await alice.ask(DeclineOfferDocument, { input: { offerId: third.id, version: 1 } });
    await sendBy(bob, id);
    expect((await inboxes[1]!.next()).notificationAdded).toMatchObject({ kind: 'OFFER_DECLINED' });
    expect((await inboxes[0]!.next()).notificationAdded).toMatchObject({
      kind: 'NEW_MESSAGE',
      count: 2,
    });
  });

  test('both are notified of what the platform does', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const offer = await offerBy(alice, id);
    await bob.ask(AcceptOfferDocument, { input: { offerId: offer.id, version: 1 } });
    await block(alice, bob);
    const inboxes = [await inboxOf(alice), await inboxOf(bob)];
    await cluster.service().ask(CancelOfferDocument, { input: { offerId: offer.id, version: 2 } });
    for (const inbox of inboxes)
      expect((await inbox.next()).notificationAdded).toMatchObject({
        kind: 'OFFER_CANCELLED',
        actor: null,
      });
  });

  /** Alice has blocked Bob; Carol has nothing against anybody. */
  async function group() {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    await block(alice, bob);
    return { alice, bob, carol, id };
  }

  test('in a group neither is notified of the other’s messages and offers, only of everybody else’s', async () => {
    const { alice, bob, carol, id } = await group();
    const inboxes = [await inboxOf(alice), await inboxOf(bob)] as const;
    await sendBy(alice, id);
    await sendBy(bob, id);
    const [toBob, toAlice] = [
      await offerBy(alice, id, { recipientId: bob.id }),
      await offerBy(bob, id, { recipientId: alice.id }),
    ];
    await offerBy(bob, id, { recipientId: carol.id });
    const items = [{ giverId: alice.id, kind: 'CREDITS' as const, amount: 1 }];
    await alice.ask(CounterOfferDocument, { input: { offerId: toAlice.id, version: 1, items } });
    await bob.ask(DeclineOfferDocument, { input: { offerId: toBob.id, version: 1 } });
    const { id: messageId } = await sendBy(carol, id);
    for (const inbox of inboxes)
      expect((await inbox.next()).notificationAdded).toMatchObject({
        kind: 'NEW_MESSAGE',
        count: 1,
        actor: { id: carol.id },
        message: { id: messageId },
      });
    expect(await listOf(carol)).toEqual([
      ['OFFER_DECLINED', 1, bob.id],
      ['OFFER_COUNTERED', 1, alice.id],
      ['NEW_OFFER', 1, bob.id],
      ['NEW_OFFER', 1, bob.id],
      ['NEW_OFFER', 1, alice.id],
      ['NEW_MESSAGE', 2, bob.id],
    ]);
  });

  test('one that is unread already does not grow by what the blocked writes', async () => {
    const { alice, bob, carol, id } = await group();
    await unblock(alice, bob);
    await sendBy(bob, id);
    await block(alice, bob);
    await sendBy(bob, id);
    expect(await listOf(alice)).toEqual([['NEW_MESSAGE', 1, bob.id]]);
    await sendBy(carol, id);
    expect(await listOf(alice)).toEqual([['NEW_MESSAGE', 2, carol.id]]);
    await alice.ask(MarkReadDocument, { input: { conversationId: id, sequence: 3 } });
    await sendBy(bob, id);
    expect((await alice.ask(InboxDocument, {})).inbox.unreadNotificationCount).toBe(0);
  });

  test('whoever went without a word is told late of what others wrote, not of what the blocked did', async () => {
    const { alice, bob, carol, id } = await group();
    await unblock(alice, bob);
    const inbox = await inboxOf(cluster.device(alice));
    const looking = alice.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    const viewers = carol.subscribe(ViewersDocument, { conversationId: id });
    await viewers.next();
    await sendBy(bob, id);
    await offerBy(bob, id, { recipientId: alice.id });
    const { id: messageId } = await sendBy(carol, id);
    await sendBy(bob, id);
    await looking.take(3);
    await block(alice, bob);
    await sendBy(bob, id);
    expect((await looking.next()).messageAdded.sender!.id).toBe(bob.id);
    alice.socket().terminate();
    await viewers.find(({ viewers }) => viewers.state === 'LEFT');
    expect((await inbox.next()).notificationAdded).toMatchObject({
      kind: 'NEW_MESSAGE',
      count: 1,
      actor: { id: carol.id },
      message: { id: messageId },
    });
    await mark(alice);
    expect((await inbox.next()).notificationAdded).toMatchObject({ title: 'mark' });
    expect(await listOf(alice)).toHaveLength(2);
  });
});
