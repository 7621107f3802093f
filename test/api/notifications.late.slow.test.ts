import type WebSocket from 'ws';
import {
  DeleteMessageDocument,
  NotificationAddedDocument,
  ReviseOfferDocument,
  ViewersDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { inboxOf, notificationsOf, open, read, views } from '../support/inbox';
import type { Person } from '../support/person';
import { people } from './people';

/** Longer than the seconds in which somebody may come back. */
const LATE_MS = 20_000;

describe('who had a conversation open, and whose socket has gone without a word', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  /** Bob has the conversations with Alice open on a device whose socket can be cut. */
  async function viewing(conversations = 1) {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const device = cluster.device(bob, cluster.nodes[1]);
    let socket: WebSocket;
    device.socket().on('opened', (opened) => {
      socket = opened as WebSocket;
    });
    const ids: string[] = [];
    const streams: Awaited<ReturnType<typeof open>>[] = [];
    for (let index = 0; index < conversations; index++) {
      const { id } = await conversationOf([alice, bob]);
      ids.push(id);
      streams.push(await open(device, id));
    }
    return {
      alice,
      bob,
      device,
      ids: ids as [string, ...string[]],
      streams,
      /** Resolves when nobody takes Bob for viewing any more; they may be back within a few seconds. */
      async cut() {
        socket.terminate();
        for (const id of ids) await views(device, id, false);
      },
    };
  }

  /** Listens from the inbox's beginning. */
  const follow = (person: Person) => person.subscribe(NotificationAddedDocument, { after: 0 });

  test('is notified late of what they have not read: of the messages once, of each step of an offer', async () => {
    const { alice, bob, ids, streams, cut } = await viewing();
    const [id] = ids;
    const sent = [];
    for (let index = 0; index < 4; index++) sent.push(await sendBy(alice, id));
    const offer = await offerBy(alice, id);
    const items = [{ giverId: alice.id, kind: 'CREDITS' as const, amount: 3 }];
    await alice.ask(ReviseOfferDocument, { input: { offerId: offer.id, version: 1, items } });
    await streams[0]!.take(4);
    await read(bob, id, sent[0]!.sequence);
    await alice.ask(DeleteMessageDocument, { input: { messageId: sent[1]!.id } });
    expect(await notificationsOf(bob)).toEqual([]);
    await cut();
    const stream = follow(bob);
    const late = (await stream.take(3, LATE_MS)).map(({ notificationAdded }) => notificationAdded);
    expect(late).toMatchObject([
      {
        kind: 'NEW_MESSAGE',
        count: 2,
        message: { id: sent[3]!.id },
        actor: { id: alice.id },
        readAt: null,
      },
      { kind: 'NEW_OFFER', count: 1, offer: { id: offer.id } },
      { kind: 'OFFER_REVISED', count: 1, offer: { id: offer.id } },
    ]);
    expect(await inboxOf(bob)).toMatchObject({
      unreadNotificationCount: 3,
      unreadConversationCount: 1,
    });
    // They were told once, and go on as if it had been in time.
    await sendBy(alice, id);
    expect((await stream.next()).notificationAdded).toMatchObject({ id: late[0]!.id, count: 3 });
    expect(await notificationsOf(bob)).toHaveLength(3);
  });

  test('is notified at once of what comes after that, and late of what was before, as one', async () => {
    const { alice, bob, ids, cut } = await viewing();
    const [id] = ids;
    const before = await sendBy(alice, id);
    await cut();
    const after = await sendBy(alice, id);
    expect(await notificationsOf(bob)).toMatchObject([{ message: { id: after.id } }]);
    const whole = await follow(bob).find(
      ({ notificationAdded }) => notificationAdded.count === 2,
      LATE_MS,
    );
    expect(whole.notificationAdded).toMatchObject({
      message: { id: after.id },
      actor: { id: alice.id },
    });
    expect(await notificationsOf(bob)).toHaveLength(1);
    // It stands for the newer one, whenever the older one was added.
    await read(bob, id, before.sequence);
    expect(await inboxOf(bob)).toMatchObject({ unreadNotificationCount: 1 });
    await read(bob, id, after.sequence);
    expect(await inboxOf(bob)).toMatchObject({ unreadNotificationCount: 0 });
  });

  test('is not notified of what they have read, have closed, or have open again within a few seconds', async () => {
    const { alice, bob, ids, streams, cut } = await viewing(4);
    const [finished, closed, reopened, gone] = ids as [string, string, string, string];
    for (const id of ids) await sendBy(alice, id);
    for (const stream of streams) await stream.next();
    await read(bob, finished, 1);
    streams[1]!.stop();
    await views(bob, closed, false);
    const left = await Promise.all(
      [finished, gone].map((id) =>
        leaving(alice.subscribe(ViewersDocument, { conversationId: id }), bob),
      ),
    );
    await cut();
    await open(bob, reopened);
    const stream = follow(bob);
    expect((await stream.next(LATE_MS)).notificationAdded).toMatchObject({
      count: 1,
      conversation: { id: gone },
    });
    await Promise.all(left.map((one) => one()));
    // What comes next tells that nothing came between, and of what it would count.
    for (const id of [finished, closed]) await sendBy(alice, id);
    await sendBy(alice, reopened);
    expect((await stream.next()).notificationAdded).toMatchObject({
      count: 1,
      conversation: { id: finished },
    });
    expect((await stream.next()).notificationAdded).toMatchObject({
      count: 1,
      conversation: { id: closed },
    });
    expect(await notificationsOf(bob)).toHaveLength(3);
  });

  /** Waits until somebody is shown to view; gives what waits until they are not. */
  async function leaving(
    stream: EventStream<{ viewers: { state: string; user: { id: string } } }>,
    person: Person,
  ) {
    await stream.find(({ viewers }) => viewers.state === 'JOINED' && viewers.user.id === person.id);
    return () =>
      stream.find(
        ({ viewers }) => viewers.state === 'LEFT' && viewers.user.id === person.id,
        LATE_MS,
      );
  }
});
