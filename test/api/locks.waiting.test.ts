import { Client } from 'pg';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { Obstacle } from '../support/locks';
import type { Person } from '../support/person';
import { namingMutations, type SchemaMutation } from '../support/schema-mutations';
import { people } from './people';

/** These lock no conversation, or are for service tokens. */
const OTHERS = [
  'archiveConversation',
  'emitEvent',
  'markRead',
  'muteConversation',
  'postSystemMessage',
  'removeParticipant',
  'setTyping',
];
/** In a pair with a block these go on. */
const ACROSS_A_BLOCK = [
  'addParticipant',
  'declineOffer',
  'deleteMessage',
  'leaveConversation',
  'withdrawOffer',
];
const LOCKING = namingMutations().filter(({ name }) => !OTHERS.includes(name));

describe('who loses the right to write while they wait for the lock', () => {
  let cluster: Cluster;
  let holder: Client;
  let obstacle: Obstacle;

  beforeAll(async () => {
    cluster = await Cluster.start();
    obstacle = await Obstacle.open(cluster.databaseUrl);
    holder = new Client(cluster.databaseUrl);
    await holder.connect();
  });
  afterAll(async () => {
    await holder.end();
    await obstacle.close();
    await cluster.stop();
  });

  /** The answer to a mutation of the first one, who waits for the lock while something happens. */
  async function refusalOf(
    { document, inputFor }: SchemaMutation,
    [first, second, ...others]: readonly [Person, Person, ...Person[]],
    happens: (conversationId: string) => Promise<unknown>,
  ): Promise<string | null> {
    const { id } = await conversationOf([first, second, ...others]);
    const message = await sendBy(first, id);
    const offer = await offerBy(first, id, { recipientId: second.id });
    const named = { conversationId: id, messageId: message.id, offerId: offer.id };
    await holder.query('begin');
    await holder.query('select from conversations where id = $1 for update', [id]);
    const refusal = first.refusal(document, { input: inputFor(named, second.id) });
    await obstacle.waiting(1);
    await happens(id);
    await holder.query('commit');
    return refusal;
  }

  test.each(LOCKING)('is refused after a removal: $name', async (mutation) => {
    const group = await people(cluster, 'alice', 'bob', 'carol');
    const refusal = await refusalOf(mutation, group, (id) =>
      holder.query(
        'update participants set left_at = now() where conversation_id = $1 and user_id = $2',
        [id, group[0].id],
      ),
    );
    expect(refusal).toBe('FORBIDDEN');
  });

  test.each(LOCKING)('is refused after a deactivation: $name', async (mutation) => {
    const group = await people(cluster, 'alice', 'bob', 'carol');
    const refusal = await refusalOf(mutation, group, () =>
      holder.query('update users set deactivated_at = now() where id = $1', [group[0].id]),
    );
    expect(refusal).toBe('FORBIDDEN');
  });

  test.each(LOCKING.filter(({ name }) => !ACROSS_A_BLOCK.includes(name)))(
    'is refused after a block: $name',
    async (mutation) => {
      const pair = await people(cluster, 'alice', 'bob');
      const refusal = await refusalOf(mutation, pair, () =>
        holder.query('insert into blocks (blocker_id, blocked_id) values ($1, $2)', [
          pair[1].id,
          pair[0].id,
        ]),
      );
      expect(refusal).toBe('FORBIDDEN');
    },
  );
});
