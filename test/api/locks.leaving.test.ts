import {
  ConversationEventsDocument,
  LeaveConversationDocument,
  NotificationAddedDocument,
  RemoveParticipantDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { open } from '../support/inbox';
import { Obstacle } from '../support/locks';
import { people } from './people';

const OFFERS = 15;

describe('leaving with pending offers', () => {
  let cluster: Cluster;
  let obstacle: Obstacle;

  beforeAll(async () => {
    cluster = await Cluster.start();
    obstacle = await Obstacle.open(cluster.databaseUrl);
  });
  afterAll(async () => {
    await obstacle.close();
    await cluster.stop();
  });

  async function group() {
    const [alice, bob, carol, dave] = await people(cluster, 'alice', 'bob', 'carol', 'dave');
    const { id } = await conversationOf([alice, bob, carol, dave]);
    const offers: string[] = [];
    for (let count = 0; count < OFFERS; count++) {
      const [from, to] = count % 2 === 0 ? [alice, bob] : [bob, alice];
      offers.push((await offerBy(from, id, { recipientId: to.id })).id);
    }
    return { alice, bob, carol, dave, id, offers };
  }

  test('locks the offers before the participant, and that before any inbox', async () => {
    const { alice, bob, carol, id, offers } = await group();
    await sendBy(carol, id);
    const free = (sql: string, parameters: unknown[]) =>
      obstacle.query(`${sql} for update nowait`, parameters);
    const participant = 'select from participants where conversation_id = $1 and user_id = $2';
    const inboxes = 'select from inboxes where user_id = any($1)';

    await obstacle.set('select from offers where id = $1 for update', [offers[0]]);
    const leaving = bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
    await obstacle.waiting(1);
    await free(participant, [id, bob.id]);
    await free(inboxes, [[alice.id, bob.id, carol.id]]);
    await obstacle.clear();
    await leaving;
  });

  test('writes one event for each, in order, and notifies once of each', async () => {
    const { alice, bob, carol, dave, id, offers } = await group();
    const [after, before] = [OFFERS, OFFERS];
    await open(cluster.device(dave), id);
    const log = carol.subscribe(ConversationEventsDocument, { conversationId: id, after });
    const inbox = carol.subscribe(NotificationAddedDocument, { after: before });
    await bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
    const events = (await log.take(OFFERS + 1)).map((one) => one.conversationEvents);
    expect(events.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: OFFERS + 1 }, (_, index) => after + index + 1),
    );
    expect(events.at(-1)).toMatchObject({ kind: 'PARTICIPANT_REMOVED', actor: { id: bob.id } });
    const ended = events.slice(0, -1).map(({ offer, offerAction, actor }) => {
      expect(actor).toMatchObject({ id: bob.id });
      return [offer!.id, offerAction, offer!.status];
    });
    expect(ended).toEqual(
      [...offers]
        .sort()
        .map((offer) =>
          offers.indexOf(offer) % 2 === 0
            ? [offer, 'DECLINE', 'DECLINED']
            : [offer, 'WITHDRAW', 'WITHDRAWN'],
        ),
    );
    const notifications = (await inbox.take(OFFERS)).map((one) => one.notificationAdded);
    expect(notifications.map(({ sequence, offer }) => [sequence, offer?.id])).toEqual(
      ended.map(([offer], index) => [before + index + 1, offer]),
    );
    // One of them has it open, and is named by each event instead.
    const [row] = await obstacle.query(
      `select (select count(*)::integer from conversation_events
           where conversation_id = $1 and sequence > $2 and viewing = array[$3]) as viewing,
         (select count(*)::integer from notifications
           where conversation_id = $1 and event_sequence > $2 and user_id = $3) as dave,
         (select count(*)::integer from notifications
           where conversation_id = $1 and event_sequence > $2 and user_id = $4) as bob,
         (select count(*)::integer from notifications
           where conversation_id = $1 and event_sequence > $2 and user_id = $5) as alice`,
      [id, after, dave.id, bob.id, alice.id],
    );
    expect(row).toEqual({ viewing: OFFERS, dave: 0, bob: 0, alice: OFFERS });
  });

  test('through the platform names nobody as the actor of what ends', async () => {
    const { bob, carol, id } = await group();
    const log = carol.subscribe(ConversationEventsDocument, { conversationId: id, after: OFFERS });
    await cluster.service().ask(RemoveParticipantDocument, {
      input: { conversationId: id, userId: bob.id },
    });
    const events = (await log.take(OFFERS + 1)).map((one) => one.conversationEvents);
    expect(events.map(({ actor }) => actor)).toEqual(events.map(() => null));
    const [{ count }] = (await obstacle.query(
      'select count(*)::integer as count from notifications where user_id = $1 and event_sequence > $2',
      [bob.id, OFFERS],
    )) as [{ count: number }];
    expect(count).toBe(0);
  });
});
