import { Client } from 'pg';
import {
  AcceptOfferDocument,
  CancelOfferDocument,
  ConfirmCompletionDocument,
  ConversationDocument,
  CounterOfferDocument,
  DeclineOfferDocument,
  LeaveConversationDocument,
  OfferDocument,
  type OfferPartsFragment,
  OffersDocument,
  OfferUpdatedDocument,
  ReviseAndWithdrawDocument,
  ReviseOfferDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

const LAST_VERSION = 20;

const credits = (giver: Person, amount: number) => [
  { giverId: giver.id, kind: 'CREDITS' as const, amount },
];

describe('the course of an offer', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  async function offered() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const offer = await offerBy(alice, id, { items: credits(alice, 1), note: 'first' });
    return { alice, bob, id, offer, offerId: offer.id };
  }

  async function accepted() {
    const scene = await offered();
    await scene.bob.ask(AcceptOfferDocument, { input: { offerId: scene.offerId, version: 1 } });
    return scene;
  }

  const read = async (viewer: Person, id: string) =>
    (await viewer.ask(OfferDocument, { id })).offer!;
  const confirm = async (actor: Person, offerId: string, version: number) =>
    (await actor.ask(ConfirmCompletionDocument, { input: { offerId, version } })).confirmCompletion
      .offer;

  test('countering replaces the terms, and the two change places', async () => {
    const { alice, bob, offerId } = await offered();
    const input = { offerId, version: 1, items: credits(bob, 2) };
    const { offer: countered } = (await bob.ask(CounterOfferDocument, { input })).counterOffer;
    expect(countered).toMatchObject({
      id: offerId,
      initiator: { id: alice.id },
      proposer: { id: bob.id },
      recipient: { id: alice.id },
      items: [{ giver: { id: bob.id }, amount: 2 }],
      note: null,
      status: 'PENDING',
      version: 2,
    });
    const { offer: back } = (
      await alice.ask(CounterOfferDocument, { input: { ...input, version: 2 } })
    ).counterOffer;
    expect(back).toMatchObject({
      proposer: { id: alice.id },
      recipient: { id: bob.id },
      version: 3,
    });
    expect(await alice.refusal(AcceptOfferDocument, { input: { offerId, version: 3 } })).toBe(
      'FORBIDDEN',
    );
    expect(await bob.refusal(AcceptOfferDocument, { input: { offerId, version: 3 } })).toBeNull();
  });

  test('revising replaces the terms, and leaves the two where they are', async () => {
    const { alice, bob, offerId } = await offered();
    const input = { offerId, version: 1, items: credits(alice, 3), note: 'better' };
    const { offer } = (await alice.ask(ReviseOfferDocument, { input })).reviseOffer;
    expect(offer).toMatchObject({
      proposer: { id: alice.id },
      recipient: { id: bob.id },
      note: 'better',
      version: 2,
    });
    expect(offer.items).toMatchObject([{ amount: 3 }]);
  });

  test('its history has one row a version, each as it was then', async () => {
    const { alice, bob, id, offer, offerId } = await offered();
    const stream = bob.subscribe(OfferUpdatedDocument, { conversationId: id, after: 0 });
    const states = [offer];
    const did = ({ offer }: { offer: OfferPartsFragment }) => states.push(offer);
    did(
      (
        await alice.ask(ReviseOfferDocument, {
          input: { offerId, version: 1, items: credits(alice, 2), note: 'second' },
        })
      ).reviseOffer,
    );
    did(
      (
        await bob.ask(CounterOfferDocument, {
          input: { offerId, version: 2, items: credits(bob, 3) },
        })
      ).counterOffer,
    );
    did(
      (await alice.ask(AcceptOfferDocument, { input: { offerId, version: 3, note: 'gladly' } }))
        .acceptOffer,
    );
    did(
      (await bob.ask(ConfirmCompletionDocument, { input: { offerId, version: 4 } }))
        .confirmCompletion,
    );
    did(
      (await alice.ask(ConfirmCompletionDocument, { input: { offerId, version: 5 } }))
        .confirmCompletion,
    );
    const course = [
      ['CREATE', alice.id, 'PENDING', 1],
      ['REVISE', alice.id, 'PENDING', 2],
      ['COUNTER', bob.id, 'PENDING', 3],
      ['ACCEPT', alice.id, 'ACCEPTED', 3],
      ['CONFIRM_COMPLETION', bob.id, 'ACCEPTED', 3],
      ['COMPLETE', alice.id, 'COMPLETED', 3],
    ] as const;
    const { history } = await read(bob, offerId);
    expect(history).toMatchObject(
      course.map(([action, actor, status, amount], index) => ({
        version: index + 1,
        action,
        actor: { id: actor },
        status,
        items: [{ amount }],
        expiresAt: states[index]!.expiresAt,
        at: states[index]!.updatedAt,
      })),
    );
    expect(history.map(({ note }) => note)).toEqual([
      'first',
      'second',
      null,
      'gladly',
      null,
      null,
    ]);
    const events = await stream.take(course.length);
    expect(
      events.map(({ offerUpdated }) => [
        offerUpdated.sequence,
        offerUpdated.action,
        offerUpdated.actor?.id,
      ]),
    ).toEqual(course.map(([action, actor], index) => [index + 1, action, actor]));
  });

  test('two steps in one request each answer with the state that they made', async () => {
    const { alice, offerId } = await offered();
    const revise = { offerId, version: 1, items: credits(alice, 2) };
    const answer = await alice.ask(ReviseAndWithdrawDocument, {
      revise,
      withdraw: { offerId, version: 2 },
    });
    const versions = ({
      offer,
    }: {
      offer: { version: number; history: { version: number }[] };
    }) => [offer.version, ...offer.history.map(({ version }) => version)];
    expect(versions(answer.reviseOffer)).toEqual([2, 1, 2]);
    expect(versions(answer.withdrawOffer)).toEqual([3, 1, 2, 3]);
  });

  describe('at version 20', () => {
    async function longNegotiation() {
      const { alice, bob, offerId } = await offered();
      const terms = (version: number) => ({ offerId, version, items: credits(alice, version + 1) });
      for (let version = 1; version < LAST_VERSION; version++)
        await alice.ask(ReviseOfferDocument, { input: terms(version) });
      return { alice, bob, offerId, input: terms(LAST_VERSION) };
    }

    test('new terms are CONFLICT, from either side, and available to neither', async () => {
      const { alice, bob, offerId, input } = await longNegotiation();
      const expected = { code: 'CONFLICT', currentVersion: LAST_VERSION, currentStatus: 'PENDING' };
      const revised = await alice.request(ReviseOfferDocument, { input });
      const countered = await bob.request(CounterOfferDocument, { input });
      expect([revised, countered].map(({ errors }) => errors?.[0]?.extensions)).toEqual([
        expected,
        expected,
      ]);
      expect((await read(alice, offerId)).availableActions).toEqual(['WITHDRAW']);
      expect([...(await read(bob, offerId)).availableActions].sort()).toEqual([
        'ACCEPT',
        'DECLINE',
      ]);
    });

    test('ending it is possible: declined, withdrawn, or accepted and completed', async () => {
      const [first, second, third] = [
        await longNegotiation(),
        await longNegotiation(),
        await longNegotiation(),
      ];
      const end = ({ offerId }: { offerId: string }) => ({
        input: { offerId, version: LAST_VERSION },
      });
      expect(await first.bob.refusal(DeclineOfferDocument, end(first))).toBeNull();
      expect(await second.alice.refusal(WithdrawOfferDocument, end(second))).toBeNull();
      expect(await third.bob.refusal(AcceptOfferDocument, end(third))).toBeNull();
      await confirm(third.alice, third.offerId, LAST_VERSION + 1);
      const completed = await confirm(third.bob, third.offerId, LAST_VERSION + 2);
      expect(completed).toMatchObject({ status: 'COMPLETED', version: LAST_VERSION + 3 });
    });
  });

  test('past its time it cannot be accepted, and nobody is offered to', async () => {
    const { alice, bob, offerId } = await offered();
    const database = new Client(cluster.databaseUrl);
    await database.connect();
    try {
      await database.query(
        `update offers set expires_at = clock_timestamp() - interval '1 ms' where id = $1`,
        [offerId],
      );
    } finally {
      await database.end();
    }
    expect((await read(bob, offerId)).availableActions).not.toContain('ACCEPT');
    const { errors } = await bob.request(AcceptOfferDocument, { input: { offerId, version: 1 } });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'CONFLICT',
      currentVersion: expect.any(Number),
    });
    expect((await read(alice, offerId)).status).not.toBe('ACCEPTED');
  });

  test('both confirm, and it is completed', async () => {
    const { alice, bob, offerId } = await accepted();
    const first = await confirm(alice, offerId, 2);
    expect(first).toMatchObject({
      status: 'ACCEPTED',
      version: 3,
      completionConfirmedBy: [{ id: alice.id }],
    });
    const second = await confirm(bob, offerId, 3);
    expect(second).toMatchObject({ status: 'COMPLETED', version: 4 });
    expect(second.completionConfirmedBy.map(({ id }) => id).sort()).toEqual(
      [alice.id, bob.id].sort(),
    );
    expect(second.availableActions).toEqual([]);
  });

  test('both confirm at once: one of them is first, the other sees again and completes', async () => {
    const { alice, bob, offerId } = await accepted();
    const input = { offerId, version: 2 };
    const codes = await Promise.all(
      [alice, bob].map((person) => person.refusal(ConfirmCompletionDocument, { input })),
    );
    expect([...codes].sort()).toEqual(['CONFLICT', null].sort());
    const loser = codes[0] === null ? bob : alice;
    expect((await confirm(loser, offerId, 3)).status).toBe('COMPLETED');
  });

  describe('the platform', () => {
    test.each([
      ['completes', 'COMPLETE', 'COMPLETED', ConfirmCompletionDocument],
      ['cancels', 'CANCEL', 'CANCELLED', CancelOfferDocument],
    ] as const)('%s what was accepted, as nobody', async (_name, action, status, document) => {
      const { alice, bob, id, offerId } = await accepted();
      await confirm(alice, offerId, 2);
      const stream = bob.subscribe(OfferUpdatedDocument, { conversationId: id, after: 3 });
      const service = cluster.service();
      const input = { offerId, version: 3 };
      expect(
        await service.refusal<object, { input: typeof input }>(document, { input }),
      ).toBeNull();
      const offer = await read(service, offerId);
      expect(offer).toMatchObject({
        status,
        version: 4,
        completionConfirmedBy: [{ id: alice.id }],
        availableActions: [],
      });
      expect(offer.history.at(-1)).toMatchObject({ action, status, actor: null });
      expect((await stream.next()).offerUpdated).toMatchObject({
        action,
        actor: null,
        offer: { status },
      });
    });
  });

  test('a party still reads it after leaving, without its conversation; nobody else does', async () => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    const ended = await offerBy(alice, id, { recipientId: bob.id });
    await bob.ask(DeclineOfferDocument, { input: { offerId: ended.id, version: 1 } });
    const pending = await offerBy(alice, id, { recipientId: carol.id });
    expect((await read(bob, pending.id)).conversation).toEqual({ id });
    const before = await read(bob, ended.id);
    for (const person of [bob, carol])
      await person.ask(LeaveConversationDocument, { input: { conversationId: id } });
    expect(await read(bob, ended.id)).toEqual({ ...before, conversation: null });
    expect((await bob.ask(OffersDocument, {})).offers.nodes.map((offer) => offer.id)).toEqual([
      ended.id,
    ]);
    expect(await bob.refusal(OfferDocument, { id: pending.id })).toBe('FORBIDDEN');
    expect(await carol.refusal(OfferDocument, { id: ended.id })).toBe('FORBIDDEN');
    expect(await bob.refusal(ConversationDocument, { id })).toBe('FORBIDDEN');
    expect((await read(alice, ended.id)).conversation).toEqual({ id });
  });
});
