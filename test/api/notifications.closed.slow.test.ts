import { MessageAddedDocument, NotificationAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import { notificationsOf, open, views } from '../support/inbox';
import { Obstacle } from '../support/locks';
import type { Person } from '../support/person';
import { people } from './people';

/** Longer than the seconds in which a message may be on its way. */
const LATE_MS = 20_000;

describe('who closes a conversation while a message is on its way that took them for viewing', () => {
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

  /** Bob has it open on one device, which was given one message. */
  async function viewing([alice, bob]: readonly [Person, Person]) {
    const { id } = await conversationOf([alice, bob]);
    const view = await open(cluster.device(bob, cluster.nodes[1]), id);
    await sendBy(alice, id);
    await view.next();
    return { id, view };
  }

  /** Somebody sends, and before that is written something happens. */
  async function sendWhile(sender: Person, id: string, happens: () => Promise<void>) {
    await obstacle.set('select from conversations where id = $1 for update', [id]);
    const sending = sendBy(sender, id);
    await obstacle.waiting(1);
    await happens();
    await obstacle.clear();
    return sending;
  }

  test('is notified late of what did not reach them, and of nothing that did', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id, view } = await viewing([alice, bob]);
    const message = await sendWhile(alice, id, async () => {
      view.stop();
      await views(bob, id, false);
    });
    const stream = bob.subscribe(NotificationAddedDocument, { after: 0 });
    expect((await stream.next(LATE_MS)).notificationAdded).toMatchObject({
      kind: 'NEW_MESSAGE',
      count: 1,
      message: { id: message.id },
      readAt: null,
    });
    await sendBy(alice, id);
    expect((await stream.next()).notificationAdded).toMatchObject({ count: 2 });
    expect(view.received).toHaveLength(1);
  });

  test('is not notified of what another device of theirs was given, or of what is there when they are back', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const [shared, resumed, lost] = [
      await viewing([alice, bob]),
      await viewing([alice, bob]),
      await viewing([alice, bob]),
    ];
    const laptop = bob.subscribe(MessageAddedDocument, { conversationId: shared.id, after: 1 });
    await views(bob, shared.id, true);
    await sendWhile(alice, shared.id, async () => shared.view.stop());
    await laptop.next();
    laptop.stop();
    await sendWhile(alice, resumed.id, async () => {
      resumed.view.stop();
      await views(bob, resumed.id, false);
    });
    const back = bob.subscribe(MessageAddedDocument, { conversationId: resumed.id, after: 1 });
    await back.next();
    await sendWhile(alice, lost.id, async () => {
      lost.view.stop();
      await views(bob, lost.id, false);
    });
    // The one that was closed last is told of last.
    const stream = bob.subscribe(NotificationAddedDocument, { after: 0 });
    expect((await stream.next(LATE_MS)).notificationAdded).toMatchObject({
      count: 1,
      conversation: { id: lost.id },
    });
    await views(bob, shared.id, false);
    await sendBy(alice, shared.id);
    expect((await stream.next()).notificationAdded).toMatchObject({
      count: 1,
      conversation: { id: shared.id },
    });
    expect(await notificationsOf(bob)).toHaveLength(2);
  });
});
