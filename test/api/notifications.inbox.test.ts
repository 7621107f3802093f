import { randomUUID } from 'node:crypto';
import {
  InboxUpdatedDocument,
  MarkNotificationsReadDocument,
  type MarkNotificationsReadInput,
  NotificationAddedDocument,
  type NotificationPartsFragment,
  NotificationsDocument,
  NotifyUserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { inboxOf, notificationsOf, read } from '../support/inbox';
import type { Person } from '../support/person';
import { people } from './people';

type Three = [NotificationPartsFragment, NotificationPartsFragment, NotificationPartsFragment];

describe('an inbox', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  /** Bob has unread notifications, the oldest first: of two messages, of an offer, and of the platform's words. */
  async function bobWithThree() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    await sendBy(alice, id);
    await sendBy(alice, id);
    await offerBy(alice, id);
    await notify(bob.id);
    const own = (await notificationsOf(bob)).reverse();
    return { alice, bob, id, own: own as Three };
  }

  async function notify(
    userId: string,
    more: { deduplicationKey?: string; body?: string; data?: unknown } = {},
  ) {
    const input = { userId, title: 'News', ...more };
    return (await cluster.service().ask(NotifyUserDocument, { input })).notifyUser.notification;
  }

  const mark = async (person: Person, input: MarkNotificationsReadInput) =>
    (await person.ask(MarkNotificationsReadDocument, { input })).markNotificationsRead;

  /** The same notifications without the badges. */
  const bare = ({
    inbox: _inbox,
    ...notification
  }: NotificationPartsFragment & { inbox?: unknown }) => notification;

  describe('as it is followed', () => {
    test('gives each notification once, in its newest state and in order, then goes on live', async () => {
      const { alice, bob, id, own } = await bobWithThree();
      await sendBy(alice, id);
      await read(bob, id, 1_000);
      await sendBy(alice, id);
      const now = (await notificationsOf(bob)).sort((one, other) => one.sequence - other.sequence);
      expect(now.map((one) => one.kind)).toEqual([
        'NEW_OFFER',
        'CUSTOM',
        'NEW_MESSAGE',
        'NEW_MESSAGE',
      ]);
      expect(now[2]).toMatchObject({ id: own[0].id, count: 3 });
      const device = cluster.device(bob, cluster.nodes[1]);
      const stream = device.subscribe(NotificationAddedDocument, { after: 0 });
      const replayed = (await stream.take(4)).map(({ notificationAdded }) =>
        bare(notificationAdded),
      );
      expect(replayed).toEqual(now);
      const live = await notify(bob.id);
      expect(bare((await stream.next()).notificationAdded)).toEqual(live);
      const rest = device.subscribe(NotificationAddedDocument, { after: now[1]!.sequence });
      expect((await rest.take(3)).map(({ notificationAdded }) => bare(notificationAdded))).toEqual([
        now[2],
        now[3],
        live,
      ]);
    });

    test('gives nothing that was, without a position', async () => {
      const { bob } = await bobWithThree();
      const stream = cluster.device(bob, cluster.nodes[1]).subscribe(NotificationAddedDocument, {});
      // It begins when it is in force, which nothing announces: so say it until it is heard.
      const said: NotificationPartsFragment[] = [];
      await eventually(async () => {
        said.push(await notify(bob.id));
        expect(stream.received).not.toEqual([]);
      });
      const [first] = stream.received;
      expect(said.map(({ id }) => id)).toContain(first!.notificationAdded.id);
    });

    test('refuses a position beyond its end, and says where that is', async () => {
      const { bob } = await bobWithThree();
      const { lastNotificationSequence: end } = await inboxOf(bob);
      const beyond = bob.subscribe(NotificationAddedDocument, { after: end + 1 });
      expect(await beyond.ended()).toMatchObject({
        errors: [{ extensions: { code: 'RESYNC_REQUIRED', lastSequence: end } }],
      });
      expect(await bob.subscribe(NotificationAddedDocument, { after: -1 }).refusal()).toBe(
        'BAD_USER_INPUT',
      );
      const stream = bob.subscribe(NotificationAddedDocument, { after: end });
      const next = await notify(bob.id);
      expect((await stream.next()).notificationAdded.id).toBe(next.id);
    });

    test('is listed from where it is followed', async () => {
      const { bob, own } = await bobWithThree();
      const page = async (after?: string | null) =>
        (await bob.ask(NotificationsDocument, { first: 2, after })).notifications;
      const first = await page();
      expect(first).toMatchObject({ unreadCount: 3, lastSequence: own[2].sequence });
      const second = await page(first.pageInfo.endCursor);
      expect([...first.nodes, ...second.nodes]).toEqual([...own].reverse());
      expect(second.pageInfo.hasNextPage).toBe(false);
    });
  });

  describe('marked as read', () => {
    test('by ids: those alone, in order, once', async () => {
      const { bob, own } = await bobWithThree();
      const { lastNotificationSequence: end } = await inboxOf(bob);
      const answer = await mark(bob, { ids: [own[2].id, own[0].id, own[0].id] });
      expect(answer).toMatchObject({
        unreadCount: 1,
        inbox: {
          unreadNotificationCount: 1,
          unreadConversationCount: 1,
          lastNotificationSequence: end + 2,
        },
        notifications: [
          { id: own[0].id, sequence: end + 1 },
          { id: own[2].id, sequence: end + 2 },
        ],
      });
      for (const { readAt } of answer.notifications) expect(readAt).not.toBeNull();
      expect(await notificationsOf(bob, true)).toEqual([own[1]]);
      expect(await mark(bob, { ids: [own[0].id] })).toEqual({ ...answer, notifications: [] });
      // Reading moves nothing in the list.
      expect((await notificationsOf(bob)).map(({ id }) => id)).toEqual(
        own.map(({ id }) => id).reverse(),
      );
    });

    test('by a sequence: all up to it; by both: what either names', async () => {
      const { bob, own } = await bobWithThree();
      const answer = await mark(bob, { throughSequence: own[1].sequence });
      expect(answer.notifications.map(({ id }) => id)).toEqual([own[0].id, own[1].id]);
      expect(answer.unreadCount).toBe(1);
      const later = await notify(bob.id);
      await notify(bob.id);
      const both = await mark(bob, { throughSequence: own[2].sequence, ids: [later.id] });
      expect(both.notifications.map(({ id }) => id)).toEqual([own[2].id, later.id]);
      expect(both.unreadCount).toBe(1);
      expect((await mark(bob, { throughSequence: 2 ** 31 - 1 })).unreadCount).toBe(0);
    });

    test("somebody else's id, and nobody's, are refused alike, and nothing is written", async () => {
      const { bob, own } = await bobWithThree();
      const { own: foreign } = await bobWithThree();
      for (const stranger of [foreign[0].id, randomUUID(), 'nonsense', '']) {
        const input = { ids: [own[0].id, stranger], throughSequence: own[2].sequence };
        expect(await bob.refusal(MarkNotificationsReadDocument, { input })).toBe('FORBIDDEN');
      }
      expect((await notificationsOf(bob)).reverse()).toEqual(own);
      expect(await bob.refusal(MarkNotificationsReadDocument, { input: {} })).toBe(
        'BAD_USER_INPUT',
      );
      expect(
        await cluster.service().refusal(MarkNotificationsReadDocument, { input: { ids: [] } }),
      ).toBe('FORBIDDEN');
    });

    test('is seen by the other devices: the notifications, and the badges', async () => {
      const { bob, own } = await bobWithThree();
      const { lastNotificationSequence: after } = await inboxOf(bob);
      const device = cluster.device(bob, cluster.nodes[1]);
      const stream = device.subscribe(NotificationAddedDocument, { after });
      const badges = device.subscribe(InboxUpdatedDocument, {});
      const { notifications, inbox } = await mark(bob, { throughSequence: own[2].sequence });
      expect(
        (await stream.take(3)).map(({ notificationAdded }) => bare(notificationAdded)),
      ).toEqual(notifications);
      // The badges are live only, from a moment that nothing announces: so something more happens until they come.
      await eventually(async () => {
        await notify(bob.id);
        expect(badges.received).not.toEqual([]);
      });
      await mark(bob, { throughSequence: 2 ** 31 - 1 });
      const end = await inboxOf(bob);
      expect(end.lastNotificationSequence).toBeGreaterThan(inbox.lastNotificationSequence);
      await badges.find(({ inboxUpdated }) => JSON.stringify(inboxUpdated) === JSON.stringify(end));
    });
  });

  describe("the platform's words", () => {
    test('reach their user, with whatever was put in', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const stream = cluster
        .device(bob, cluster.nodes[1])
        .subscribe(NotificationAddedDocument, { after: 0 });
      const made = await notify(bob.id, {
        body: 'You were paid.',
        data: { cents: 250, to: [bob.id, null] },
      });
      expect(made).toMatchObject({
        kind: 'CUSTOM',
        title: 'News',
        body: 'You were paid.',
        data: { cents: 250, to: [bob.id, null] },
        count: 1,
        actor: null,
        conversation: null,
        message: null,
        offer: null,
        readAt: null,
      });
      expect(bare((await stream.next()).notificationAdded)).toEqual(made);
      expect(await notificationsOf(alice)).toEqual([]);
    });

    test('with the same key for the same user are the same notification, also when it has been read', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const key = { deduplicationKey: 'payout 1' };
      const [first, ...repeats] = await Promise.all([1, 2, 3].map(() => notify(bob.id, key)));
      for (const repeat of repeats) expect(repeat).toEqual(first);
      const [{ sequence }] = (await mark(bob, { ids: [first!.id] })).notifications as [
        NotificationPartsFragment,
      ];
      expect(await notify(bob.id, { ...key, body: 'other words' })).toMatchObject({
        id: first!.id,
        sequence,
        body: null,
      });
      expect(await notificationsOf(bob)).toHaveLength(1);
      expect((await notify(alice.id, key)).id).not.toBe(first!.id);
      expect((await notify(bob.id, { deduplicationKey: 'payout 2' })).id).not.toBe(first!.id);
      expect((await notify(bob.id)).id).not.toBe((await notify(bob.id)).id);
    });

    test('are for service tokens to say, to somebody who is there', async () => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const input = { userId: bob.id, title: 'News' };
      expect(await alice.refusal(NotifyUserDocument, { input })).toBe('FORBIDDEN');
      for (const userId of [randomUUID(), '', 'a\0b'])
        expect(
          await cluster.service().refusal(NotifyUserDocument, { input: { ...input, userId } }),
        ).toBe('NOT_FOUND');
      expect(
        await cluster.service().refusal(NotifyUserDocument, { input: { ...input, title: '' } }),
      ).toBe('BAD_USER_INPUT');
      expect(await notificationsOf(bob)).toEqual([]);
    });
  });
});
