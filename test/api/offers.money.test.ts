import {
  AcceptOfferDocument,
  CounterOfferDocument,
  CreateOfferDocument,
  OfferDocument,
  type OfferItemInput,
  ReviseOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

const MOST = Number.MAX_SAFE_INTEGER;

describe('money in an offer', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let id: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    [alice, bob] = await people(cluster, 'alice', 'bob');
    ({ id } = await conversationOf([alice, bob]));
  });
  afterAll(() => cluster.stop());

  const money = (amount: number, currency: string) => [
    { giverId: alice.id, kind: 'MONEY' as const, amount, currency },
  ];

  test('stays what it is to the last unit, at every version of its history', async () => {
    const amounts: [number, string][] = [
      [MOST, 'JPY'],
      [MOST - 1, 'KWD'],
      [1, 'EUR'],
    ];
    const [first, second, third] = amounts.map(([amount, currency]) => money(amount, currency));
    const { id: offerId } = await offerBy(alice, id, { items: first });
    await alice.ask(ReviseOfferDocument, { input: { offerId, version: 1, items: second! } });
    const { counterOffer } = await bob.ask(CounterOfferDocument, {
      input: { offerId, version: 2, items: third! },
    });
    expect(counterOffer.offer.items).toMatchObject([{ amount: 1, currency: 'EUR', quantity: 1 }]);
    await alice.ask(AcceptOfferDocument, { input: { offerId, version: 3 } });
    const { offer } = await bob.ask(OfferDocument, { id: offerId });
    expect(offer!.history.map(({ items }) => [items[0]!.amount, items[0]!.currency])).toEqual([
      ...amounts,
      amounts[2],
    ]);
  });

  test.each<[what: string, field: string, item: Omit<OfferItemInput, 'giverId'>]>([
    ['credits in a currency', 'currency', { kind: 'CREDITS', amount: 5, currency: 'EUR' }],
    ['goods in a currency', 'currency', { kind: 'GOODS', description: 'a bike', currency: 'EUR' }],
    ['goods with an amount', 'amount', { kind: 'GOODS', description: 'a bike', amount: 5 }],
    [
      'a service with an amount',
      'amount',
      { kind: 'SERVICE', description: 'an hour', amount: 5, currency: 'EUR' },
    ],
    [
      'an amount in words',
      'amount',
      { kind: 'MONEY', amount: '5' as unknown as number, currency: 'EUR' },
    ],
    ['an amount beyond all numbers', 'amount', { kind: 'MONEY', amount: 1e21, currency: 'EUR' }],
    [
      'an amount below all numbers',
      'amount',
      { kind: 'MONEY', amount: -(2 ** 53), currency: 'EUR' },
    ],
    [
      'nothing at all, written as a fraction',
      'amount',
      { kind: 'MONEY', amount: 0.999, currency: 'EUR' },
    ],
    ['a withdrawn currency', 'currency', { kind: 'MONEY', amount: 5, currency: 'DEM' }],
  ])('is not %s', async (_what, field, item) => {
    const input = { conversationId: id, items: [{ giverId: alice.id, ...item }] };
    const { errors } = await alice.request(CreateOfferDocument, { input });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: `input.items.0.${field}`,
    });
  });
});
