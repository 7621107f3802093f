import {
  ConversationUpdatedDocument,
  InboxDocument,
  LeaveConversationDocument,
  MuteConversationDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { notificationsOf } from '../support/inbox';
import type { Person } from '../support/person';
import { people } from './people';
import { bearer, post } from './wire';

const HOUR_MS = 3_600_000;

describe('muteConversation', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  const inMs = (leftMs: number) => new Date(Date.now() + leftMs).toISOString();

  async function mute(person: Person, conversationId: string, until: string | null) {
    const input = { conversationId, until };
    return (await person.ask(MuteConversationDocument, { input })).muteConversation.conversation;
  }

  async function stateFor(person: Person, id: string) {
    const query = `{ conversation(id: "${id}") { mutedUntil unreadCount } }`;
    const { body } = await post(cluster.nodes[1]!, { query }, bearer(person.token));
    return body.data!.conversation;
  }

  async function group() {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    return { alice, bob, carol, id: (await conversationOf([alice, bob, carol])).id };
  }

  test('is for its caller alone, and ends when it is taken back', async () => {
    const { alice, bob, carol, id } = await group();
    const until = inMs(HOUR_MS);
    expect(await mute(bob, id, until)).toEqual({ id, mutedUntil: until });
    expect(await stateFor(bob, id)).toMatchObject({ mutedUntil: until });
    expect(await stateFor(carol, id)).toMatchObject({ mutedUntil: null });
    await sendBy(alice, id);
    await offerBy(alice, id, { recipientId: bob.id });
    expect(await notificationsOf(bob)).toEqual([]);
    expect(await notificationsOf(carol)).toHaveLength(2);
    expect(await mute(bob, id, null)).toEqual({ id, mutedUntil: null });
    await sendBy(alice, id);
    expect(await notificationsOf(bob)).toMatchObject([{ kind: 'NEW_MESSAGE', count: 1 }]);
  });

  test('leaves what is unread in the badges', async () => {
    const { alice, bob, id } = await group();
    await mute(bob, id, inMs(HOUR_MS));
    await sendBy(alice, id);
    expect(await stateFor(bob, id)).toMatchObject({ unreadCount: 1 });
    expect((await bob.ask(InboxDocument, {})).inbox).toMatchObject({
      unreadNotificationCount: 0,
      unreadConversationCount: 1,
    });
  });

  test('comes to the caller’s other devices, and to nobody else’s', async () => {
    const { alice, bob, id } = await group();
    const { hub } = cluster.nodes[1]!.services.delivery;
    const { seats } = hub.size;
    const [own, other] = [bob, alice].map((person) =>
      cluster.device(person, cluster.nodes[1]).subscribe(ConversationUpdatedDocument, {}),
    );
    await eventually(() => expect(hub.size.seats).toBe(seats + 2));
    await mute(bob, id, inMs(HOUR_MS));
    expect((await own!.next()).conversationUpdated).toMatchObject({
      change: 'UPDATED',
      conversationId: id,
    });
    // Had the first one come to her as well, it would have come before.
    const { id: begun } = await conversationOf([alice, bob]);
    expect((await other!.next()).conversationUpdated.conversationId).toBe(begun);
  });

  test.each([
    ['the end of time', '9999-12-31T23:59:59.999Z'],
    ['the beginning of the calendar', '0000-01-01T00:00:00.000Z'],
    ['an offset', '2999-01-01T00:00:00+14:00'],
  ])('takes %s', async (_name, until) => {
    const { bob, id } = await group();
    const mutedUntil = new Date(until).toISOString();
    expect(await mute(bob, id, until)).toEqual({ id, mutedUntil });
  });

  test('is FORBIDDEN for whoever is not there', async () => {
    const { alice, bob, id } = await group();
    const [mallory] = await people(cluster, 'mallory');
    const refusal = (person: Person, conversationId: string) =>
      person.refusal(MuteConversationDocument, { input: { conversationId, until: null } });
    await bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
    for (const person of [mallory, bob, cluster.service()])
      expect(await refusal(person, id)).toBe('FORBIDDEN');
    for (const unknown of ['', 'none', '01890000-0000-7000-8000-000000000000'])
      expect(await refusal(alice, unknown)).toBe('FORBIDDEN');
  });
});
