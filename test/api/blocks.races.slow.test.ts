import { randomUUID } from 'node:crypto';
import {
  AcceptOfferDocument,
  AddParticipantDocument,
  BlockUserDocument,
  CreateOfferDocument,
  EditMessageDocument,
  SendMessageDocument,
  StartConversationDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { Obstacle } from '../support/locks';
import type { Person } from '../support/person';
import { people } from './people';

const SENDS = 200;
const AT_ONCE = 20;

describe('a block that races what it forbids', () => {
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

  /** Everything that is written and committed: who is where, and what happened there. */
  const written = () =>
    obstacle.query<{ what: string }>(
      `select conversation_id || ' ' || sequence as what from conversation_events
       union all select conversation_id || ' ' || user_id from participants where left_at is null order by 1`,
    );
  const blocks = (blocker: Person, { id: userId }: Person) =>
    blocker.ask(BlockUserDocument, { input: { userId } });

  interface UnderWay {
    /** What it waits for in its middle. */
    obstacle: [sql: string, parameters: unknown[]];
    begin: () => Promise<string | null>;
  }
  const credits = (giverId: string) => [{ giverId, kind: 'CREDITS' as const, amount: 1 }];
  const inboxOf = ({ id }: Person): UnderWay['obstacle'] => [
    'select from inboxes where user_id = $1 for update',
    [id],
  ];
  const startOf =
    (starter: Person, input: { participantIds: string[]; clientConversationId?: string }) => () =>
      starter.refusal(StartConversationDocument, { input });

  const WRITINGS: [
    name: string,
    prepare: (alice: Person, bob: Person, carol: Person) => Promise<UnderWay>,
  ][] = [
    [
      'a message',
      async (alice, bob) => {
        const { id: conversationId } = await conversationOf([alice, bob]);
        const input = { conversationId, content: 'under way' };
        return {
          obstacle: inboxOf(bob),
          begin: () => alice.refusal(SendMessageDocument, { input }),
        };
      },
    ],
    [
      'an edit',
      async (alice, bob) => {
        const { id: messageId } = await sendBy(alice, (await conversationOf([alice, bob])).id);
        return {
          obstacle: ['select from messages where id = $1 for update', [messageId]],
          begin: () =>
            alice.refusal(EditMessageDocument, { input: { messageId, content: 'under way' } }),
        };
      },
    ],
    [
      'an offer',
      async (alice, bob) => {
        const { id: conversationId } = await conversationOf([alice, bob]);
        const input = { conversationId, items: credits(alice.id) };
        return {
          obstacle: inboxOf(bob),
          begin: () => alice.refusal(CreateOfferDocument, { input }),
        };
      },
    ],
    [
      'an acceptance',
      async (alice, bob) => {
        const { id: offerId } = await offerBy(bob, (await conversationOf([alice, bob])).id);
        const input = { offerId, version: 1 };
        return {
          obstacle: inboxOf(bob),
          begin: () => alice.refusal(AcceptOfferDocument, { input }),
        };
      },
    ],
    [
      'the start of a pair',
      async (alice, bob) => ({
        obstacle: [
          `insert into conversations (id, kind, pair_low, pair_high, creator_id)
           values (gen_random_uuid(), 'PAIR', least($1 collate "C", $2), greatest($1 collate "C", $2), $1)`,
          [alice.id, bob.id],
        ],
        begin: startOf(alice, { participantIds: [bob.id] }),
      }),
    ],
    [
      'the start of a group by somebody else',
      async (alice, bob, carol) => {
        const clientConversationId = randomUUID();
        return {
          obstacle: [
            `insert into conversations (id, kind, creator_id, client_conversation_id, input_hash)
             values (gen_random_uuid(), 'GROUP', $1, $2, '')`,
            [carol.id, clientConversationId],
          ],
          begin: startOf(carol, { participantIds: [alice.id, bob.id], clientConversationId }),
        };
      },
    ],
    [
      'the adding to a group by somebody else',
      async (alice, bob, carol) => {
        const [dave] = await people(cluster, 'dave');
        const { id: conversationId } = await conversationOf([carol, dave, bob]);
        return {
          obstacle: [
            'insert into participants (conversation_id, user_id) values ($1, $2)',
            [conversationId, alice.id],
          ],
          begin: () =>
            carol.refusal(AddParticipantDocument, { input: { conversationId, userId: alice.id } }),
        };
      },
    ],
  ];
  describe.each([
    ['the one', 0],
    ['the other', 1],
  ] as const)('by %s', (_name, side) => {
    test.each(WRITINGS)(
      'is answered after %s that is under way, not before',
      async (_what, prepare) => {
        const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
        const underWay = await prepare(alice, bob, carol);
        await obstacle.set(...underWay.obstacle);
        const writing = underWay.begin();
        await obstacle.waiting(1);
        const blocking = (side === 0 ? blocks(alice, bob) : blocks(bob, alice)).then(written);
        await Promise.race([blocking, obstacle.waiting(2).catch(() => {})]);
        await obstacle.clear();
        const before = await blocking;
        expect(await writing).toBeNull();
        expect(await written()).toEqual(before);
      },
    );
  });

  test(`leaves nothing to be written once it is answered, of ${SENDS} sends from both sides and both nodes`, async () => {
    for (let round = 0; round < 3; round++) {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const { id } = await conversationOf([alice, bob]);
      const senders = [alice, bob].flatMap((person) => [
        person,
        cluster.device(person, cluster.nodes[1]),
      ]);
      const outcomes: { startedAfter: boolean; code: string | null }[] = [];
      let blocking: ReturnType<typeof written> | undefined;
      let answered = false;
      const block = async () => {
        await (round % 2 ? blocks(alice, bob) : blocks(bob, alice));
        answered = true;
        return written();
      };
      let begun = 0;
      const send = async () => {
        while (begun < SENDS) {
          const sender = senders[begun++ % senders.length]!;
          if (begun === SENDS / 4) blocking = block();
          const startedAfter = answered;
          const input = { conversationId: id, content: 'on and on' };
          outcomes.push({
            startedAfter,
            code: await sender.refusal(SendMessageDocument, { input }),
          });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, send));
      const before = await blocking!;
      expect(await written()).toEqual(before);
      const sent = outcomes.filter(({ code }) => code === null);
      expect(before.filter(({ what }) => what.startsWith(`${id} `))).toHaveLength(2 + sent.length);
      expect(sent.length).toBeGreaterThan(0);
      expect(
        outcomes.filter(({ startedAfter, code }) => startedAfter && code !== 'FORBIDDEN'),
      ).toEqual([]);
      expect(outcomes.map(({ code }) => code)).toContain('FORBIDDEN');
    }
  });
});
