import { randomUUID } from 'node:crypto';
import {
  CounterOfferDocument,
  CreateOfferDocument,
  type CreateOfferInput,
  OfferDocument,
  type OfferItemInput,
  OffersDocument,
  ReviseOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const termOf = ({ expiresAt, updatedAt }: { expiresAt: string; updatedAt: string }) =>
  Date.parse(expiresAt) - Date.parse(updatedAt);

const money = { kind: 'MONEY', amount: 100, currency: 'EUR' } as const;
const credits = { kind: 'CREDITS', amount: 1 } as const;
const goods = { kind: 'GOODS', description: 'a bike' } as const;
const service = { kind: 'SERVICE', description: 'an hour of lessons' } as const;

type Item = Omit<OfferItemInput, 'giverId'>;

describe('the terms of an offer', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let id: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    ({ id } = await conversationOf([alice, bob]));
  });
  afterAll(() => cluster.stop());

  /** Why it is refused, undefined when it is not. */
  async function refusal(input: Partial<CreateOfferInput>, sender: Person = alice) {
    const items = [{ giverId: alice.id, ...money }];
    const { errors } = await sender.request(CreateOfferDocument, {
      input: { conversationId: id, items, ...input },
    });
    return errors?.[0]?.extensions;
  }
  const bad = (field: string) => ({
    code: 'BAD_USER_INPUT',
    field,
    reason: expect.stringMatching(/./),
  });

  test('are what was given, with everything that has a default', async () => {
    const items = [
      { giverId: alice.id, ...goods, reference: 'sku:1', quantity: 3 },
      { giverId: alice.id, ...service },
      { giverId: bob.id, ...credits, amount: Number.MAX_SAFE_INTEGER },
      { giverId: bob.id, ...money, amount: 1 },
    ];
    const offer = await offerBy(alice, id, { items, note: ' as <b>given</b>\n' });
    const none = { description: null, reference: null, quantity: 1, amount: null, currency: null };
    expect(offer).toMatchObject({
      initiator: { id: alice.id },
      proposer: { id: alice.id },
      recipient: { id: bob.id },
      items: items.map(({ giverId, ...item }) => ({ ...none, ...item, giver: { id: giverId } })),
      note: ' as <b>given</b>\n',
      status: 'PENDING',
      version: 1,
      completionConfirmedBy: [],
    });
    expect((await bob.ask(OfferDocument, { id: offer.id })).offer).toMatchObject({
      items: offer.items,
      note: offer.note,
    });
  });

  describe('items', () => {
    const ITEMS: [name: string, field: string, item: Item][] = [
      ['an amount of nothing', 'amount', { ...money, amount: 0 }],
      ['a negative amount', 'amount', { ...credits, amount: -5 }],
      ['money without an amount', 'amount', { kind: 'MONEY', currency: 'EUR' }],
      ['credits without an amount', 'amount', { kind: 'CREDITS' }],
      ['an amount beyond what is safe', 'amount', { ...money, amount: 2 ** 53 }],
      ['a fraction', 'amount', { ...money, amount: 0.5 }],
      ['money without a currency', 'currency', { kind: 'MONEY', amount: 5 }],
      ['no currency of ISO 4217', 'currency', { ...money, currency: 'ABC' }],
      ['a currency in small letters', 'currency', { ...money, currency: 'eur' }],
      ['a currency’s name', 'currency', { ...money, currency: 'euro' }],
      ['a crypto currency', 'currency', { ...money, currency: 'BTC' }],
      ['an empty currency', 'currency', { ...money, currency: '' }],
      ['goods without a description', 'description', { kind: 'GOODS' }],
      ['goods with an empty description', 'description', { ...goods, description: '' }],
      ['a service without a description', 'description', { kind: 'SERVICE', quantity: 2 }],
      ['a description that cannot be kept', 'description', { ...goods, description: 'nul \0' }],
      ['a reference that cannot be kept', 'reference', { ...goods, reference: '\0' }],
      ['a quantity of nothing', 'quantity', { ...goods, quantity: 0 }],
      ['a negative quantity', 'quantity', { ...goods, quantity: -1 }],
      ['a quantity beyond an Int', 'quantity', { ...goods, quantity: 2 ** 31 }],
    ];
    test.each(ITEMS)('are refused, by name: %s', async (_name, field, item) => {
      const items = [
        { giverId: bob.id, ...credits },
        { giverId: alice.id, ...item },
      ];
      expect(await refusal({ items })).toEqual(bad(`input.items.1.${field}`));
      const offer = await offerBy(alice, id);
      const input = { offerId: offer.id, version: 1, items };
      for (const { errors } of [
        await bob.request(CounterOfferDocument, { input }),
        await alice.request(ReviseOfferDocument, { input }),
      ])
        expect(errors?.[0]?.extensions).toEqual(bad(`input.items.1.${field}`));
      expect((await alice.ask(OfferDocument, { id: offer.id })).offer?.version).toBe(1);
    });

    test.each(['EUR', 'USD', 'JPY', 'KWD', 'CHF', 'INR', 'XAF', 'XCG', 'ZWG'])(
      'may be money in %s',
      async (currency) => {
        expect(
          await refusal({ items: [{ giverId: alice.id, ...money, currency }] }),
        ).toBeUndefined();
      },
    );

    test('may be money in a unit of account that ISO 4217 has, such as CLF', async () => {
      expect(
        await refusal({ items: [{ giverId: alice.id, ...money, currency: 'CLF' }] }),
      ).toBeUndefined();
    });

    test('are 1 to 20', async () => {
      const items = Array.from({ length: 21 }, () => ({ giverId: alice.id, ...credits }));
      expect(await refusal({ items: [] })).toEqual(bad('input.items'));
      expect(await refusal({ items })).toEqual(bad('input.items'));
      expect((await offerBy(alice, id, { items: items.slice(1) })).items).toHaveLength(20);
    });

    test('are given by one of the two parties', async () => {
      for (const giverId of [carol.id, randomUUID(), ''])
        expect(
          await refusal({
            items: [
              { giverId: bob.id, ...money },
              { giverId, ...money },
            ],
          }),
        ).toEqual(bad('input.items.1.giverId'));
      const offer = await offerBy(alice, id);
      const input = { offerId: offer.id, version: 1, items: [{ giverId: carol.id, ...money }] };
      const { errors } = await bob.request(CounterOfferDocument, { input });
      expect(errors?.[0]?.extensions).toEqual(bad('input.items.0.giverId'));
    });
  });

  test('have a note of 2,000 code points at most', async () => {
    expect(await refusal({ note: '😀'.repeat(2_001) })).toEqual(bad('input.note'));
    expect(await refusal({ note: 'nul \0' })).toEqual(bad('input.note'));
    expect((await offerBy(alice, id, { note: '😀'.repeat(2_000) })).note).toBe('😀'.repeat(2_000));
  });

  describe('expire', () => {
    test('48 hours from now where nothing is said, also when they are replaced', async () => {
      const offer = await offerBy(alice, id);
      expect(Math.abs(termOf(offer) - 2 * DAY_MS)).toBeLessThan(MINUTE_MS);
      const short = await offerBy(alice, id, { expiresAt: inMs(5 * MINUTE_MS) });
      const input = { offerId: short.id, version: 1, items: [{ giverId: alice.id, ...money }] };
      const { reviseOffer } = await alice.ask(ReviseOfferDocument, { input });
      expect(Math.abs(termOf(reviseOffer.offer) - 2 * DAY_MS)).toBeLessThan(MINUTE_MS);
      const { counterOffer } = await bob.ask(CounterOfferDocument, {
        input: { ...input, version: 2 },
      });
      expect(Math.abs(termOf(counterOffer.offer) - 2 * DAY_MS)).toBeLessThan(MINUTE_MS);
    });

    test.each([
      ['in the past', -MINUTE_MS],
      ['within the minute', 30_000],
      ['after 30 days', 30 * DAY_MS + MINUTE_MS],
      ['in a thousand years', 365_000 * DAY_MS],
    ])('not %s', async (_name, ms) => {
      expect(await refusal({ expiresAt: inMs(ms) })).toEqual(bad('input.expiresAt'));
      const offer = await offerBy(alice, id);
      const input = {
        offerId: offer.id,
        version: 1,
        items: [{ giverId: alice.id, ...money }],
        expiresAt: inMs(ms),
      };
      expect((await alice.request(ReviseOfferDocument, { input })).errors?.[0]?.extensions).toEqual(
        bad('input.expiresAt'),
      );
    });

    test.each([
      ['after two minutes', 2 * MINUTE_MS],
      ['a minute short of 30 days', 30 * DAY_MS - MINUTE_MS],
    ])('%s', async (_name, ms) => {
      const expiresAt = inMs(ms);
      expect((await offerBy(alice, id, { expiresAt })).expiresAt).toBe(expiresAt);
    });

    test.each(['tomorrow', '2026-13-01T00:00:00Z', '2099-01-01', '2099-01-01T00:00:00', ''])(
      'at a moment, which "%s" is not',
      async (expiresAt) => {
        expect(await refusal({ expiresAt })).toEqual(bad('input.expiresAt'));
      },
    );
  });

  describe('are put to', () => {
    test('the other one of two', async () => {
      expect((await offerBy(bob, id)).recipient.id).toBe(alice.id);
      expect((await offerBy(alice, id, { recipientId: bob.id })).recipient.id).toBe(bob.id);
      for (const recipientId of [alice.id, carol.id, randomUUID(), ''])
        expect(await refusal({ recipientId })).toEqual(bad('input.recipientId'));
    });

    test('somebody who is named, in a group', async () => {
      const group = await conversationOf([alice, bob, carol]);
      const [stranger] = await people(cluster, 'stranger');
      const conversationId = group.id;
      expect(await refusal({ conversationId })).toEqual(bad('input.recipientId'));
      for (const recipientId of [alice.id, stranger.id])
        expect(await refusal({ conversationId, recipientId })).toEqual(bad('input.recipientId'));
      expect((await offerBy(alice, conversationId, { recipientId: carol.id })).recipient.id).toBe(
        carol.id,
      );
      const givenByBob = [{ giverId: bob.id, ...money }];
      expect(await refusal({ conversationId, recipientId: carol.id, items: givenByBob })).toEqual(
        bad('input.items.0.giverId'),
      );
    });
  });

  describe('sent again with their clientOfferId', () => {
    test('are the first offer, and nothing is written', async () => {
      const clientOfferId = randomUUID();
      const input = {
        clientOfferId,
        note: 'once',
        expiresAt: inMs(DAY_MS),
        items: [{ giverId: bob.id, ...goods }],
      };
      const first = await offerBy(alice, id, input);
      expect(await offerBy(alice, id, input)).toEqual(first);
      const counter = { offerId: first.id, version: 1, items: input.items };
      const { counterOffer } = await bob.ask(CounterOfferDocument, { input: counter });
      expect(await offerBy(alice, id, input)).toMatchObject({
        id: first.id,
        version: counterOffer.offer.version,
      });
      const { offers } = await alice.ask(OffersDocument, { first: 2 });
      expect(offers.nodes.filter((offer) => offer.id === first.id)).toHaveLength(1);
      expect((await alice.ask(OfferDocument, { id: first.id })).offer?.history).toHaveLength(2);
    });

    test('20 times at once are one offer', async () => {
      const clientOfferId = randomUUID();
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => offerBy(alice, id, { clientOfferId })),
      );
      expect(new Set(answers.map((offer) => offer.id)).size).toBe(1);
    });

    test('and with other input are IDEMPOTENCY_MISMATCH', async () => {
      const other = await conversationOf([alice, bob]);
      const input = { clientOfferId: randomUUID() };
      await offerBy(alice, id, input);
      const differences = [
        { note: 'other' },
        { items: [{ giverId: alice.id, ...money, amount: 1 }] },
        { conversationId: other.id },
      ];
      for (const difference of differences)
        expect(await refusal({ ...input, ...difference })).toEqual({
          code: 'IDEMPOTENCY_MISMATCH',
        });
      expect(await refusal(input, bob)).toBeUndefined();
      expect(await refusal({ ...input, note: 'other' }, carol)).toEqual({ code: 'FORBIDDEN' });
    });

    test('of 1 to 64 characters', async () => {
      for (const clientOfferId of ['', 'x'.repeat(65)])
        expect(await refusal({ clientOfferId })).toEqual(bad('input.clientOfferId'));
      expect(await refusal({ clientOfferId: '😀'.repeat(64) })).toBeUndefined();
    });
  });
});
