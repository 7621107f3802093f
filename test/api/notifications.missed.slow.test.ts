import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import {
  LeaveConversationDocument,
  NotificationAddedDocument,
  RemoveParticipantDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { notificationsOf, open, read, views } from '../support/inbox';
import type { Person } from '../support/person';
import { people } from './people';

/** As many events as one notice covers, and not one more. */
const MOST = 1_000;
/** Longer than the seconds until the second look. */
const LATE_MS = 30_000;

/** The looks for what was missed, among the statements. */
function looksIn({ mock }: jest.SpyInstance): number {
  const texts = mock.calls.map(([one]) => String((one as { text?: string }).text ?? one));
  return texts.filter((text) => text.includes('notify_late')).length;
}

describe('what somebody missed while they counted as viewing', () => {
  let cluster: Cluster;
  let session: Client;

  beforeAll(async () => {
    cluster = await Cluster.start();
    session = new Client(cluster.databaseUrl);
    await session.connect();
  });
  afterAll(async () => {
    await session.end();
    await cluster.stop();
  });

  async function pair() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    return { alice, bob, id };
  }

  /** Messages of a sender who took somebody for viewing, as one that has waited long is written. */
  async function sendTaking(viewer: Person, sender: Person, id: string, count = 1) {
    for (let sent = 0; sent < count; sent += 50) {
      const messages = Array.from({ length: Math.min(50, count - sent) }, () => ({
        id: uuidv7(),
        senderId: sender.id,
        content: 'missed',
        attachments: [],
      }));
      await session.query('select outcome from send_messages($1, $2, $3)', [
        id,
        [viewer.id],
        JSON.stringify(messages),
      ]);
    }
  }

  async function naming({ id: userId }: Person, id: string): Promise<number> {
    const { rows } = await session.query(
      `select count(*)::integer as count from conversation_events
       where conversation_id = $1 and viewing @> array[$2]`,
      [id, userId],
    );
    return rows[0].count;
  }

  const notifyLate = ({ id: userId }: Person, id: string, after: number | null = null) =>
    cluster.node.services.notifications.notifyLate(id, userId, after);

  test('is notified of the newest 1,000 events, in portions, and of nothing before', async () => {
    const { alice, bob, id } = await pair();
    await sendTaking(bob, alice, id, MOST + 130);
    const query = jest.spyOn(Client.prototype, 'query');
    await notifyLate(bob, id);
    const calls = looksIn(query);
    query.mockRestore();
    expect(calls).toBeGreaterThan(2);
    expect(await notificationsOf(bob)).toMatchObject([{ kind: 'NEW_MESSAGE', count: MOST }]);
    expect(await naming(bob, id)).toBe(0);
    await notifyLate(bob, id);
    expect(await notificationsOf(bob)).toMatchObject([{ count: MOST }]);
  });

  test('is not kept once it was read, and is kept while it was not', async () => {
    const { alice, bob, id } = await pair();
    await sendTaking(bob, alice, id, 6);
    await read(bob, id, 4);
    await notifyLate(bob, id, 6);
    expect(await naming(bob, id)).toBe(2);
    expect(await notificationsOf(bob)).toEqual([]);
    await notifyLate(bob, id);
    expect(await naming(bob, id)).toBe(0);
    expect(await notificationsOf(bob)).toMatchObject([{ count: 2 }]);
  });

  test('is kept for the others whom the same event names', async () => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    const devices = [cluster.device(bob), cluster.device(carol)];
    for (const device of devices) await open(device, id);
    await sendBy(alice, id);
    await read(bob, id, 1);
    await notifyLate(bob, id);
    expect([await naming(bob, id), await naming(carol, id)]).toEqual([0, 1]);
    await notifyLate(carol, id);
    expect(await notificationsOf(carol)).toMatchObject([{ count: 1 }]);
  });

  test.each([
    [
      'left',
      (bob: Person, conversationId: string) =>
        bob.ask(LeaveConversationDocument, { input: { conversationId } }),
    ],
    [
      'were removed',
      ({ id: userId }: Person, conversationId: string) =>
        cluster.service().ask(RemoveParticipantDocument, { input: { conversationId, userId } }),
    ],
  ])('is not kept of who %s', async (_how, depart) => {
    const { alice, bob, id } = await pair();
    await sendTaking(bob, alice, id, 3);
    await depart(bob, id);
    expect(await naming(bob, id)).toBe(0);
  });

  test('is looked for a second time, for what was written after the first', async () => {
    const { alice, bob, id } = await pair();
    const device = cluster.device(bob);
    const view = await open(device, id);
    await sendBy(alice, id);
    await view.next();
    const query = jest.spyOn(Client.prototype, 'query');
    view.stop();
    await views(bob, id, false);
    await eventually(() => expect(looksIn(query)).toBeGreaterThan(0), LATE_MS);
    query.mockRestore();
    await sendTaking(bob, alice, id);
    const stream = bob.subscribe(NotificationAddedDocument, { after: 0 });
    expect((await stream.next(LATE_MS)).notificationAdded).toMatchObject({
      kind: 'NEW_MESSAGE',
      count: 1,
      readAt: null,
    });
  }, 60_000);
});
