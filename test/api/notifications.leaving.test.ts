import {
  AddParticipantDocument,
  LeaveConversationDocument,
  NotificationAddedDocument,
  RemoveParticipantDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { inboxOf, notificationsOf } from '../support/inbox';
import { Obstacle } from '../support/locks';
import type { Person } from '../support/person';
import { people } from './people';

describe('notifications of a conversation that somebody leaves', () => {
  let cluster: Cluster;
  let obstacle: Obstacle;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
    obstacle = await Obstacle.open(cluster.databaseUrl);
  });
  afterAll(async () => {
    await obstacle.close();
    await cluster.stop();
  });

  async function group() {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    return { alice, bob, id };
  }

  test('show nothing of it to who has left, nor what was before to who is back', async () => {
    const { alice, bob, id } = await group();
    await sendBy(alice, id);
    await offerBy(alice, id, { recipientId: bob.id });
    const before = await notificationsOf(bob);
    expect(before).toMatchObject([
      { offer: {}, conversation: { id } },
      { message: {}, conversation: { id } },
    ]);
    await bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
    const hidden = { conversation: null, message: null, offer: null };
    const read = { sequence: expect.any(Number), readAt: expect.any(String) };
    expect(await notificationsOf(bob)).toEqual([
      { ...before[0], ...hidden },
      { ...before[1], ...hidden, ...read },
    ]);
    expect(await inboxOf(bob)).toMatchObject({
      unreadNotificationCount: 1,
      unreadConversationCount: 0,
    });

    await sendBy(alice, id);
    await alice.ask(AddParticipantDocument, { input: { conversationId: id, userId: bob.id } });
    const back = (await notificationsOf(bob)).find((one) => one.kind === 'NEW_MESSAGE');
    expect(back).toMatchObject({ count: 1, conversation: { id }, message: null });
    const { id: newest } = await sendBy(alice, id);
    expect(await notificationsOf(bob)).toMatchObject([
      { kind: 'NEW_MESSAGE', count: 1, readAt: null, message: { id: newest } },
      { kind: 'NEW_OFFER' },
      { id: back!.id, ...read, message: null },
    ]);
  });

  test.each([
    [
      'leave',
      (bob: Person, id: string) =>
        bob.ask(LeaveConversationDocument, { input: { conversationId: id } }),
    ],
    [
      'are removed',
      ({ id: userId }: Person, id: string) =>
        cluster.service().ask(RemoveParticipantDocument, { input: { conversationId: id, userId } }),
    ],
  ])('of messages are read when they %s, and their devices are told', async (_what, depart) => {
    const { alice, bob, id } = await group();
    await sendBy(alice, id);
    const [before] = await notificationsOf(bob);
    const stream = cluster
      .device(bob, cluster.nodes[1])
      .subscribe(NotificationAddedDocument, { after: before!.sequence });
    await depart(bob, id);
    expect((await stream.next()).notificationAdded).toMatchObject({
      id: before!.id,
      readAt: expect.any(String),
    });
    expect(await inboxOf(bob)).toMatchObject({ unreadNotificationCount: 0 });
  });

  test('are read in the one order in which inboxes are locked, also when an offer ends with it', async () => {
    const { alice, bob, id } = await group();
    await sendBy(alice, id);
    await offerBy(alice, id, { recipientId: bob.id });
    await obstacle.set('select from inboxes where user_id = $1 for update', [alice.id]);
    const leaving = bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
    await obstacle.waiting(1);
    // It stands before the first of them, and keeps nobody from the others.
    expect(alice.id < bob.id).toBe(true);
    await obstacle.query('select from inboxes where user_id = $1 for update nowait', [bob.id]);
    await obstacle.clear();
    await leaving;
  });
});
