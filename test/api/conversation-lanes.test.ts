import {
  AddParticipantDocument,
  EditMessageDocument,
  LeaveConversationDocument,
  MeDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { Obstacle } from '../support/locks';
import { people } from './people';

describe('transactions of one conversation', () => {
  let cluster: Cluster;
  let obstacle: Obstacle;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { DATABASE_POOL_SIZE: '4' } });
    obstacle = await Obstacle.open(cluster.databaseUrl);
  });
  afterAll(async () => {
    await obstacle.close();
    await cluster.stop();
  });

  test('take one connection at a time, whatever they do, and leave the others to everybody', async () => {
    const [alice, bob, carol, dora] = await people(cluster, 'alice', 'bob', 'carol', 'dora');
    const { id } = await conversationOf([alice, bob, carol]);
    const elsewhere = await conversationOf([bob, dora]);
    const message = await sendBy(alice, id);
    const edit = { input: { messageId: message.id, content: 'edited' } };
    await obstacle.set('select from conversations where id = $1 for update', [id]);
    const answers = [
      ...Array.from({ length: 20 }, () => alice.request(EditMessageDocument, edit)),
      bob.request(AddParticipantDocument, { input: { conversationId: id, userId: dora.id } }),
      carol.request(LeaveConversationDocument, { input: { conversationId: id } }),
    ];
    const offer = offerBy(alice, id, { recipientId: bob.id }).catch((error: unknown) => error);
    await obstacle.waiting(1);
    // More of them than the pool has connections wait now, and nobody else waits for a connection.
    await dora.ask(MeDocument, {});
    await sendBy(bob, elsewhere.id);
    const [{ waiting }] = (await obstacle.query<{ waiting: number }>(
      `select count(*)::integer as waiting from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
    )) as [{ waiting: number }];
    expect(waiting).toBeLessThanOrEqual(1);
    await obstacle.clear();
    await Promise.all([...answers, offer]);
    // Nothing is left waiting.
    expect((await alice.request(EditMessageDocument, edit)).errors).toBeUndefined();
  });
});
