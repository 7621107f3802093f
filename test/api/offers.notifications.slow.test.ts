import { Client } from 'pg';
import {
  BlockUserDocument,
  DeclineOfferDocument,
  MessageAddedDocument,
  NotificationAddedDocument,
  ReviseOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { accountOf } from './offers.account';
import { OFFER_ROWS, type OfferRow, offerFor, type RowScene } from './offers.rows';
import { people } from './people';

describe('the notifications of offers', () => {
  let cluster: Cluster;
  let database: Client;

  beforeAll(async () => {
    cluster = await Cluster.start();
    database = new Client(cluster.databaseUrl);
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  async function sceneOf(kind: 'pair' | 'group'): Promise<RowScene & { everybody: Person[] }> {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const everybody = kind === 'pair' ? [alice, bob] : [alice, bob, carol];
    const { id: conversationId } = await conversationOf(everybody);
    return { cluster, database, conversationId, alice, bob, everybody };
  }

  /** What is notified of a row alone, and all that is to be known of the notifications. */
  async function happened(
    row: OfferRow,
    scene: RowScene,
    before: () => Promise<void> = async () => {},
  ) {
    const offer = await offerFor(row, scene);
    const earlier = offer ? (await accountOf(database, offer.id)).notified.length : 0;
    await before();
    await row.happen(scene, offer?.id ?? '', offer?.version ?? 0);
    const offerId = offer?.id ?? (await newestOffer(scene));
    const account = await eventually(async () => {
      const account = await accountOf(database, offerId);
      expect(account.version).toBe((offer?.version ?? 0) + 1);
      return account;
    });
    const { rows } = await database.query(
      `select user_id as "userId", kind, actor_id as "actorId", conversation_id as "conversationId", count, read_at as "readAt"
       from notifications where offer_id = $1 order by created_at, user_id offset $2`,
      [offerId, earlier],
    );
    return { account, notifications: rows };
  }

  async function newestOffer({ conversationId }: RowScene): Promise<string> {
    const { rows } = await database.query(
      'select id from offers where conversation_id = $1 order by created_at desc limit 1',
      [conversationId],
    );
    return rows[0].id;
  }

  /** Opens the conversation as one who reads it, and waits until that is known. */
  async function view(viewer: Person, conversationId: string): Promise<Person> {
    const device = cluster.device(viewer);
    device.subscribe(MessageAddedDocument, { conversationId });
    await eventually(async () =>
      expect(await cluster.node.services.presence.reader.findViewing(conversationId)).toContain(
        viewer.id,
      ),
    );
    return device;
  }

  /** Everybody but who acts or is gone with it, in the order of their ids. */
  const othersIn = (scene: RowScene & { everybody: Person[] }, { actor, gone }: OfferRow) =>
    scene.everybody.filter((one) =>
      [actor, gone].every((name) => name == null || one !== scene[name]),
    );

  const notification = (row: OfferRow, scene: RowScene, to: Person) => ({
    userId: to.id,
    kind: row.kind,
    actorId: row.actor && scene[row.actor].id,
    conversationId: scene.conversationId,
    count: 1,
    readAt: null,
  });

  describe.each(['pair', 'group'] as const)('in a %s', (kind) => {
    test.each(OFFER_ROWS)('$name reaches everybody else, once: $kind', async (row) => {
      const scene = await sceneOf(kind);
      const { account, notifications } = await happened(row, scene);
      expect(account.history.at(-1)!.slice(1, 3)).toEqual([
        row.action,
        row.actor && scene[row.actor].id,
      ]);
      expect(notifications).toEqual(
        othersIn(scene, row).map((one) => notification(row, scene, one)),
      );
    });

    test.each(OFFER_ROWS)('$name does not reach who has the conversation open', async (row) => {
      const scene = await sceneOf(kind);
      const [viewer, ...others] = othersIn(scene, row).reverse() as [Person, ...Person[]];
      const { notifications } = await happened(row, scene, async () => {
        await view(viewer, scene.conversationId);
      });
      expect(notifications.map(({ userId }) => userId)).toEqual(
        others.map((one) => one.id).reverse(),
      );
    });
  });

  test('say what they are about, in the inbox and live, the newest first', async () => {
    const { alice, bob, conversationId } = await sceneOf('pair');
    const stream = bob.subscribe(NotificationAddedDocument, { after: 0 });
    const offer = await offerBy(alice, conversationId);
    expect((await stream.next()).notificationAdded).toMatchObject({
      sequence: 1,
      kind: 'NEW_OFFER',
      actor: { id: alice.id },
      conversation: { id: conversationId },
      offer: { id: offer.id, status: 'PENDING', version: 1 },
      message: null,
      count: 1,
      readAt: null,
      inbox: { id: bob.id, unreadNotificationCount: 1, lastNotificationSequence: 1 },
    });
  });

  test('reach who listens without having it open', async () => {
    const scene = await sceneOf('pair');
    const { alice, bob, conversationId } = scene;
    await sendBy(alice, conversationId);
    const stream = cluster
      .device(bob)
      .subscribe(MessageAddedDocument, { conversationId, viewing: false, after: 0 });
    await stream.next();
    const { notifications } = await happened(OFFER_ROWS[0]!, scene);
    expect(notifications.map(({ userId }) => userId)).toEqual([bob.id]);
  });

  test('come late, one for each step, to who had it open and was cut off before reading', async () => {
    const { alice, bob, conversationId } = await sceneOf('pair');
    const device = await view(bob, conversationId);
    const { id: offerId } = await offerBy(alice, conversationId);
    const items = [{ giverId: alice.id, kind: 'CREDITS' as const, amount: 3 }];
    await alice.ask(ReviseOfferDocument, { input: { offerId, version: 1, items } });
    expect((await accountOf(database, offerId)).notified).toEqual([]);
    device.socket().terminate();
    await eventually(async () => {
      expect((await accountOf(database, offerId)).notified).toEqual([
        [bob.id, 'NEW_OFFER'],
        [bob.id, 'OFFER_REVISED'],
      ]);
    }, 30_000);
  }, 60_000);

  describe('across a block', () => {
    test('do not reach the other one: not in a group, where the third hears of all', async () => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      const { id } = await conversationOf([alice, bob, carol]);
      await alice.ask(BlockUserDocument, { input: { userId: carol.id } });
      const ofCarol = await offerBy(carol, id, { recipientId: bob.id });
      const ofAlice = await offerBy(alice, id, { recipientId: bob.id });
      expect((await accountOf(database, ofCarol.id)).notified).toEqual([[bob.id, 'NEW_OFFER']]);
      expect((await accountOf(database, ofAlice.id)).notified).toEqual([[bob.id, 'NEW_OFFER']]);
    });

    test('do not reach the other one: not in a pair, where declining goes on', async () => {
      const { alice, bob, conversationId } = await sceneOf('pair');
      const { id: offerId } = await offerBy(alice, conversationId);
      await alice.ask(BlockUserDocument, { input: { userId: bob.id } });
      await bob.ask(DeclineOfferDocument, { input: { offerId, version: 1 } });
      const { status, notified } = await accountOf(database, offerId);
      expect({ status, notified }).toEqual({
        status: 'DECLINED',
        notified: [[bob.id, 'NEW_OFFER']],
      });
    });
  });
});
