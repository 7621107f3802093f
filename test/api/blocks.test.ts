import { randomUUID } from 'node:crypto';
import {
  AcceptOfferDocument,
  AddParticipantDocument,
  CancelOfferDocument,
  ConfirmCompletionDocument,
  ConversationDocument,
  CounterOfferDocument,
  CreateOfferDocument,
  DeclineOfferDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  type OfferAction,
  OfferDocument,
  ReviseOfferDocument,
  SendMessageDocument,
  StartConversationDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { block, unblock } from './blocking';
import { people } from './people';

describe('between two people of whom one blocked the other', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  const lastSequence = async (viewer: Person, id: string) =>
    (await viewer.ask(ConversationDocument, { id })).conversation!.lastSequence;
  const creditsOf = ({ id }: Person) => [{ giverId: id, kind: 'CREDITS' as const, amount: 1 }];
  const start = (starter: Person, participantIds: string[], listingId: string | null = null) =>
    starter.refusal(StartConversationDocument, { input: { participantIds, listingId } });
  const add = (actor: Person, conversationId: string, userId: string) =>
    actor.refusal(AddParticipantDocument, { input: { conversationId, userId } });

  describe.each(['the blocker', 'the blocked'])('in a pair, from %s', (side) => {
    /** The two have written, and negotiate; then one blocks the other. `own` is whose side it is. */
    async function pair() {
      const [own, other] = await people(cluster, 'own', 'other');
      const { id } = await conversationOf([own, other]);
      const sent = { conversationId: id, content: 'sent before', clientMessageId: randomUUID() };
      const { sendMessage } = await own.ask(SendMessageDocument, { input: sent });
      const offered = { conversationId: id, items: creditsOf(own), clientOfferId: randomUUID() };
      const made = (await own.ask(CreateOfferDocument, { input: offered })).createOffer.offer;
      const received = await offerBy(other, id);
      const accepted = await offerBy(other, id);
      const acceptance = { offerId: accepted.id, version: 1 };
      await own.ask(AcceptOfferDocument, { input: acceptance });
      const [blocker, blocked] = side === 'the blocker' ? [own, other] : [other, own];
      await block(blocker, blocked);
      const messageId = sendMessage.message.id;
      return {
        own,
        other,
        blocker,
        blocked,
        id,
        sent,
        messageId,
        offered,
        made,
        received,
        accepted,
        acceptance,
      };
    }
    type Pair = Awaited<ReturnType<typeof pair>>;

    const WRITINGS: [name: string, attempt: (pair: Pair) => Promise<string | null>][] = [
      [
        'a message',
        ({ own, id }) =>
          own.refusal(SendMessageDocument, { input: { conversationId: id, content: 'hi' } }),
      ],
      [
        'a message repeated by its client id',
        ({ own, sent }) => own.refusal(SendMessageDocument, { input: sent }),
      ],
      [
        'an edit',
        ({ own, messageId }) =>
          own.refusal(EditMessageDocument, { input: { messageId, content: 'edited' } }),
      ],
      [
        'an offer',
        ({ own, id }) =>
          own.refusal(CreateOfferDocument, {
            input: { conversationId: id, items: creditsOf(own) },
          }),
      ],
      [
        'an offer repeated by its client id',
        ({ own, offered }) => own.refusal(CreateOfferDocument, { input: offered }),
      ],
      [
        'a counter-offer',
        ({ own, received }) =>
          own.refusal(CounterOfferDocument, {
            input: { offerId: received.id, version: 1, items: creditsOf(own) },
          }),
      ],
      [
        'a revision',
        ({ own, made }) =>
          own.refusal(ReviseOfferDocument, {
            input: { offerId: made.id, version: 1, items: creditsOf(own) },
          }),
      ],
      [
        'an acceptance',
        ({ own, received }) =>
          own.refusal(AcceptOfferDocument, { input: { offerId: received.id, version: 1 } }),
      ],
      [
        'an acceptance repeated',
        ({ own, acceptance }) => own.refusal(AcceptOfferDocument, { input: acceptance }),
      ],
      [
        'a confirmation',
        ({ own, accepted }) =>
          own.refusal(ConfirmCompletionDocument, { input: { offerId: accepted.id, version: 2 } }),
      ],
      [
        'a cancellation',
        ({ own, accepted }) =>
          own.refusal(CancelOfferDocument, { input: { offerId: accepted.id, version: 2 } }),
      ],
    ];
    test.each(WRITINGS)(
      '%s is FORBIDDEN and writes nothing, until the block is taken back',
      async (_name, attempt) => {
        const room = await pair();
        const before = await lastSequence(room.own, room.id);
        expect(await attempt(room)).toBe('FORBIDDEN');
        expect(await lastSequence(room.own, room.id)).toBe(before);
        await unblock(room.blocker, room.blocked);
        expect(await attempt(room)).toBeNull();
      },
    );

    const ENDINGS: [name: string, attempt: (pair: Pair) => Promise<string | null>][] = [
      [
        'declining',
        ({ own, received }) =>
          own.refusal(DeclineOfferDocument, { input: { offerId: received.id, version: 1 } }),
      ],
      [
        'withdrawing',
        ({ own, made }) =>
          own.refusal(WithdrawOfferDocument, { input: { offerId: made.id, version: 1 } }),
      ],
      [
        'deleting',
        ({ own, messageId }) => own.refusal(DeleteMessageDocument, { input: { messageId } }),
      ],
    ];
    test.each(ENDINGS)('%s goes on', async (_name, attempt) => {
      const room = await pair();
      const before = await lastSequence(room.own, room.id);
      expect(await attempt(room)).toBeNull();
      expect(await lastSequence(room.own, room.id)).toBe(before + 1);
    });

    test('what is available of an offer is what goes on, and all of it again without the block', async () => {
      const { own, blocker, blocked, made, received, accepted } = await pair();
      const actions = async () => {
        const offers = await Promise.all(
          [made, received, accepted].map(({ id }) => own.ask(OfferDocument, { id })),
        );
        return offers.map(({ offer }) => offer!.availableActions);
      };
      expect(await actions()).toEqual([['WITHDRAW'], ['DECLINE'], []]);
      await unblock(blocker, blocked);
      const all: OfferAction[][] = [
        ['REVISE', 'WITHDRAW'],
        ['COUNTER', 'ACCEPT', 'DECLINE'],
        ['CONFIRM_COMPLETION', 'CANCEL'],
      ];
      expect(await actions()).toEqual(all);
    });

    test('no conversation of the two is started, nor the one that is there', async () => {
      const { own, other, blocker, blocked } = await pair();
      const listingId = randomUUID();
      await unblock(blocker, blocked);
      await conversationOf([own, other], { listingId });
      await block(blocker, blocked);
      for (const listing of [listingId, randomUUID(), null])
        expect(await start(own, [other.id], listing)).toBe('FORBIDDEN');
      await unblock(blocker, blocked);
      for (const listing of [listingId, randomUUID(), null])
        expect(await start(own, [other.id], listing)).toBeNull();
    });
  });

  test('the platform settles what the two agreed on', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const offer = await offerBy(alice, id);
    await bob.ask(AcceptOfferDocument, { input: { offerId: offer.id, version: 1 } });
    await block(alice, bob);
    const service = cluster.service();
    expect((await service.ask(OfferDocument, { id: offer.id })).offer!.availableActions).toEqual([
      'COMPLETE',
      'CANCEL',
    ]);
    await service.ask(CancelOfferDocument, { input: { offerId: offer.id, version: 2 } });
    expect((await bob.ask(OfferDocument, { id: offer.id })).offer!.status).toBe('CANCELLED');
  });

  describe('in a group', () => {
    async function three() {
      const [alice, bob, carol, dave] = await people(cluster, 'alice', 'bob', 'carol', 'dave');
      const { id } = await conversationOf([alice, bob, carol]);
      return { alice, bob, carol, dave, id };
    }

    test('that is there already everything goes on', async () => {
      const { alice, bob, id } = await three();
      await block(alice, bob);
      for (const [one, other] of [
        [alice, bob],
        [bob, alice],
      ] as const) {
        const { id: messageId } = await sendBy(one, id);
        await one.ask(EditMessageDocument, { input: { messageId, content: 'edited' } });
        const offer = await offerBy(one, id, { recipientId: other.id });
        expect((await other.ask(OfferDocument, { id: offer.id })).offer!.availableActions).toEqual([
          'COUNTER',
          'ACCEPT',
          'DECLINE',
        ]);
        await other.ask(CounterOfferDocument, {
          input: { offerId: offer.id, version: 1, items: creditsOf(other) },
        });
        await one.ask(AcceptOfferDocument, { input: { offerId: offer.id, version: 2 } });
        await other.ask(ConfirmCompletionDocument, { input: { offerId: offer.id, version: 3 } });
        await one.ask(ConfirmCompletionDocument, { input: { offerId: offer.id, version: 4 } });
      }
      expect(await lastSequence(bob, id)).toBe(2 * (2 + 5));
    });

    test('they are not put together, by themselves or by anybody else', async () => {
      const { alice, bob, carol, dave } = await three();
      await block(alice, bob);
      expect(await start(alice, [bob.id, carol.id])).toBe('FORBIDDEN');
      expect(await start(bob, [alice.id, carol.id])).toBe('FORBIDDEN');
      expect(await start(carol, [alice.id, bob.id])).toBe('FORBIDDEN');
      expect(await start(carol, [bob.id, dave.id, alice.id])).toBe('FORBIDDEN');
      expect(await start(carol, [bob.id, dave.id])).toBeNull();
      await unblock(alice, bob);
      expect(await start(carol, [alice.id, bob.id])).toBeNull();
    });

    test('nobody is added across a block with anybody who is present', async () => {
      const { alice, bob, carol, dave } = await three();
      const { id } = await conversationOf([carol, alice, dave]);
      const [erin] = await people(cluster, 'erin');
      await block(alice, bob);
      await block(erin, carol);
      expect(await add(carol, id, bob.id)).toBe('FORBIDDEN');
      expect(await add(alice, id, bob.id)).toBe('FORBIDDEN');
      expect(await add(dave, id, erin.id)).toBe('FORBIDDEN');
      expect(await lastSequence(carol, id)).toBe(0);
      await unblock(alice, bob);
      expect(await add(carol, id, bob.id)).toBeNull();
    });
  });
});
