import { randomUUID } from 'node:crypto';
import {
  AcceptOfferDocument,
  CounterOfferDocument,
  CreateOfferDocument,
  type CreateOfferInput,
  WithdrawOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

const LIMIT = 3;

describe('the pending offers of one initiator in one conversation', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { LIMIT_PENDING_OFFERS: String(LIMIT) } });
  });
  afterAll(() => cluster.stop());

  async function pair() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    return { alice, bob, id };
  }

  const items = ({ id: giverId }: Person) => [{ giverId, kind: 'CREDITS' as const, amount: 1 }];
  const create = (by: Person, conversationId: string, more: Partial<CreateOfferInput> = {}) =>
    by.request(CreateOfferDocument, { input: { conversationId, items: items(by), ...more } });
  const codesOf = (answers: Awaited<ReturnType<typeof create>>[]) =>
    answers.map(({ errors }) => errors?.[0]?.extensions?.code ?? null).sort();

  test('are limited: of any number at once the next ones are CONFLICT, and write nothing', async () => {
    const { alice, bob, id } = await pair();
    const answers = await Promise.all(Array.from({ length: LIMIT + 4 }, () => create(alice, id)));
    expect(codesOf(answers)).toEqual([...Array(4).fill('CONFLICT'), ...Array(LIMIT).fill(null)]);
    const { conversation } = await cluster.node.services.conversations.access.read(
      { kind: 'user', userId: bob.id },
      id,
    );
    expect(conversation.lastSequence).toBe(LIMIT);
  });

  test('are counted for each initiator and each conversation, and a repeat is no new one', async () => {
    const { alice, bob, id } = await pair();
    const clientOfferId = randomUUID();
    const first = await offerBy(alice, id, { clientOfferId, items: items(alice) });
    for (let count = 1; count < LIMIT; count++) await offerBy(alice, id);
    expect(codesOf([await create(alice, id)])).toEqual(['CONFLICT']);
    const { data } = await create(alice, id, { clientOfferId });
    expect(data?.createOffer.offer.id).toBe(first.id);
    expect(codesOf([await create(bob, id)])).toEqual([null]);
    const { id: elsewhere } = await conversationOf([alice, bob]);
    expect(codesOf([await create(alice, elsewhere)])).toEqual([null]);
  });

  test('make room when one of them ends; only its end does', async () => {
    const { alice, bob, id } = await pair();
    const offers: string[] = [];
    for (let count = 0; count < LIMIT; count++) offers.push((await offerBy(alice, id)).id);
    const [countered, accepted] = offers as [string, string];
    await bob.ask(CounterOfferDocument, {
      input: { offerId: countered, version: 1, items: items(bob) },
    });
    expect(codesOf([await create(alice, id)])).toEqual(['CONFLICT']);
    await bob.ask(AcceptOfferDocument, { input: { offerId: accepted, version: 1 } });
    expect(codesOf([await create(alice, id)])).toEqual([null]);
    expect(codesOf([await create(alice, id)])).toEqual(['CONFLICT']);
    await bob.ask(WithdrawOfferDocument, { input: { offerId: countered, version: 2 } });
    expect(codesOf([await create(alice, id)])).toEqual([null]);
  });
});
