import {
  AddParticipantDocument,
  BlockUserDocument,
  MarkNotificationsReadDocument,
  StartConversationDocument,
  type StartConversationInput,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import { Obstacle } from '../support/locks';
import type { Person } from '../support/person';
import { people } from './people';

const USERS = 'select from users where id = any($1) for no key update';

describe('a request about people that is refused', () => {
  let cluster: Cluster;
  let obstacle: Obstacle;

  beforeAll(async () => {
    cluster = await Cluster.start();
    obstacle = await Obstacle.open(cluster.databaseUrl);
  });
  afterEach(() => obstacle.clear());
  afterAll(async () => {
    await obstacle.close();
    await cluster.stop();
  });

  const start = (by: Person, ids: string[], more: Partial<StartConversationInput> = {}) =>
    by.refusal(StartConversationDocument, { input: { participantIds: ids, ...more } });
  const block = (by: Person, { id: userId }: Person) =>
    by.ask(BlockUserDocument, { input: { userId } });

  test.each(['blocker', 'blocked'] as const)(
    'the start of a conversation by a %s waits for nobody',
    async (who) => {
      const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
      await block(...((who === 'blocker' ? [alice, bob] : [bob, alice]) as [Person, Person]));
      await obstacle.set(USERS, [[alice.id, bob.id, carol.id]]);
      expect(await start(alice, [bob.id])).toBe('FORBIDDEN');
      expect(await start(alice, [carol.id, bob.id])).toBe('FORBIDDEN');
      expect(await start(alice, [bob.id, carol.id], { clientConversationId: 'c' })).toBe(
        'FORBIDDEN',
      );
    },
  );

  test('the start of a group in which two others are blocked from one another waits for nobody', async () => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    await block(bob, carol);
    await obstacle.set(USERS, [[alice.id, bob.id, carol.id]]);
    expect(await start(alice, [bob.id, carol.id])).toBe('FORBIDDEN');
  });

  test('the start of a conversation with nobody known waits for nobody', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    await obstacle.set(USERS, [[alice.id, bob.id]]);
    expect(await start(alice, ['unknown'])).toBe('NOT_FOUND');
    expect(await start(alice, [bob.id, 'unknown'])).toBe('NOT_FOUND');
  });

  test('adding somebody across a block, or nobody known, waits for no user', async () => {
    const [alice, bob, carol, dave] = await people(cluster, 'alice', 'bob', 'carol', 'dave');
    const { id: conversationId } = await conversationOf([alice, bob, carol]);
    await block(dave, carol);
    await obstacle.set(USERS, [[alice.id, bob.id, carol.id, dave.id]]);
    const add = (userId: string) =>
      alice.refusal(AddParticipantDocument, { input: { conversationId, userId } });
    expect(await add(dave.id)).toBe('FORBIDDEN');
    expect(await add('unknown')).toBe('NOT_FOUND');
  });

  test('marking the notifications of others as read waits for no inbox', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await cluster.node.services.notifications.notify(
      { kind: 'service' },
      { userId: bob.id, title: 'hello' },
    );
    await obstacle.set('select from inboxes where user_id = any($1) for update', [
      [alice.id, bob.id],
    ]);
    const input = { ids: [id] };
    expect(await alice.refusal(MarkNotificationsReadDocument, { input })).toBe('FORBIDDEN');
  });

  test('a block that is there already waits for nobody', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    await block(alice, bob);
    await obstacle.set('select from conversations where id = $1 for update', [id]);
    await block(alice, bob);
  });
});
