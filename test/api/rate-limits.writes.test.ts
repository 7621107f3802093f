import { randomUUID } from 'node:crypto';
import {
  AddParticipantDocument,
  BlockUserDocument,
  CounterOfferDocument,
  CreateOfferDocument,
  DeclineOfferDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  MarkReadDocument,
  ReviseOfferDocument,
  StartConversationDocument,
  UnblockUserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Answer, Person } from '../support/person';
import { people } from './people';

const LIMIT = 4;
const BURST = 30;

const codesOf = (answers: readonly Answer<unknown>[]) =>
  answers.flatMap(({ errors }) => errors?.map(({ extensions }) => extensions?.code) ?? []);

describe('on two nodes', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    const env = {
      LIMIT_OFFERS_PER_MINUTE: String(LIMIT),
      LIMIT_CONVERSATIONS_PER_HOUR: String(LIMIT),
      LIMIT_WRITES_PER_MINUTE: String(LIMIT),
    };
    cluster = await Cluster.start({ nodes: 2, env });
  });
  afterAll(() => cluster.stop());

  async function room() {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    return { alice, bob, id, there: cluster.device(alice, cluster.nodes[1]) };
  }
  const moneyOf = (person: Person) => [
    { giverId: person.id, kind: 'MONEY' as const, amount: 100, currency: 'EUR' },
  ];

  test('offers, counters and revisions count together; their repeats and the ends do not', async () => {
    const { alice, bob, id, there } = await room();
    const clientOfferId = randomUUID();
    const items = moneyOf(alice);
    const once = { input: { conversationId: id, items, clientOfferId } };
    const made = await Promise.all(
      Array.from({ length: 10 }, () => alice.request(CreateOfferDocument, once)),
    );
    expect(codesOf(made)).toEqual([]);
    const offer = made[0]!.data!.createOffer.offer;
    const revise = { input: { offerId: offer.id, version: 1, items } };
    const revised = await Promise.all(
      Array.from({ length: 10 }, () => there.request(ReviseOfferDocument, revise)),
    );
    expect(codesOf(revised)).toEqual([]);
    const counter = { input: { offerId: offer.id, version: 2, items } };
    expect(await bob.refusal(CounterOfferDocument, counter)).toBeNull();
    const stale = { input: { offerId: offer.id, version: 1, items: moneyOf(bob) } };
    expect(await alice.refusal(CounterOfferDocument, stale)).toBe('CONFLICT');
    const again = { input: { offerId: offer.id, version: 3, items } };
    expect(await alice.refusal(CounterOfferDocument, again)).toBeNull();
    await offerBy(alice, id);
    const next = await alice.request(CreateOfferDocument, {
      input: { conversationId: id, items },
    });
    expect(next.errors![0]!.message).toBe(`Too many offers: at most ${LIMIT} in 60 s.`);
    // All repeats are answered still, and a negotiation can end.
    for (const device of [alice, there]) {
      expect(await device.refusal(CreateOfferDocument, once)).toBeNull();
      expect(await device.refusal(CounterOfferDocument, again)).toBeNull();
      expect(await device.refusal(CounterOfferDocument, stale)).toBe('RATE_LIMITED');
    }
    const end = { input: { offerId: offer.id, version: 4 } };
    expect(await bob.refusal(DeclineOfferDocument, end)).toBeNull();
  });

  test('conversations count that were made: a pair that exists, and repeats, are answered beyond the limit', async () => {
    const { alice, bob, there } = await room();
    const [carol, dave] = await people(cluster, 'carol', 'dave');
    const startOf = (ids: string[], more: object = {}) => ({
      input: { participantIds: ids, ...more },
    });
    const group = startOf([bob.id, carol.id], { clientConversationId: randomUUID() });
    const pair = startOf([carol.id]);
    for (const start of [pair, group]) {
      const started = await Promise.all(
        Array.from({ length: BURST }, () => alice.request(StartConversationDocument, start)),
      );
      expect(codesOf(started)).toEqual([]);
      expect(started.filter(({ data }) => data!.startConversation.created)).toHaveLength(1);
    }
    const unknown = startOf([randomUUID()]);
    expect(await alice.refusal(StartConversationDocument, unknown)).toBe('NOT_FOUND');
    expect(await there.refusal(StartConversationDocument, startOf([dave.id]))).toBeNull();
    const more = startOf([bob.id], { listingId: randomUUID() });
    const { errors } = await there.request(StartConversationDocument, more);
    expect(errors![0]!.message).toBe(`Too many conversations: at most ${LIMIT} in 3600 s.`);
    for (const device of [alice, there])
      for (const start of [pair, group])
        expect((await device.ask(StartConversationDocument, start)).startConversation.created).toBe(
          false,
        );
    // The other of the pair has a limit of their own.
    expect(await carol.refusal(StartConversationDocument, startOf([alice.id]))).toBeNull();
  });

  test('edits, deletions, blocks and adds count together; nothing else does', async () => {
    const { alice, bob, id, there } = await room();
    const [carol, dave] = await people(cluster, 'carol', 'dave');
    const group = await conversationOf([alice, bob, carol]);
    const { id: messageId } = await sendBy(alice, id);
    const add = { input: { conversationId: group.id, userId: dave.id } };
    expect(await alice.refusal(AddParticipantDocument, add)).toBeNull();
    const edit = { input: { messageId, content: 'edited' } };
    expect(await there.refusal(EditMessageDocument, edit)).toBeNull();
    expect(await alice.refusal(BlockUserDocument, { input: { userId: dave.id } })).toBeNull();
    expect(await there.refusal(UnblockUserDocument, { input: { userId: dave.id } })).toBeNull();
    for (const device of [alice, there]) {
      expect(await device.refusal(DeleteMessageDocument, { input: { messageId } })).toBe(
        'RATE_LIMITED',
      );
      const read = { input: { conversationId: id, sequence: 1 } };
      expect(await device.refusal(MarkReadDocument, read)).toBeNull();
      await sendBy(device, id);
      await offerBy(device, id);
    }
  });

  test('refused attempts take no place, and too many of them are refused unasked', async () => {
    const { alice, bob } = await room();
    const other = await conversationOf([bob, (await people(cluster, 'carol'))[0]]);
    const { id: messageId } = await sendBy(bob, other.id);
    const edit = { input: { messageId, content: 'edited' } };
    for (let attempt = 0; attempt < LIMIT; attempt++)
      expect(await alice.refusal(EditMessageDocument, edit)).toBe('FORBIDDEN');
    const { errors } = await alice.request(EditMessageDocument, edit);
    expect(errors![0]).toMatchObject({
      message: `Too many refused attempts: at most ${LIMIT} in 60 s.`,
      extensions: { code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) },
    });
  });

  test('a service token counts as the user on whose behalf it acts', async () => {
    const { alice, id } = await room();
    const service = cluster.service(cluster.nodes[1]);
    const headers = { 'parley-on-behalf-of': encodeURIComponent(alice.id) };
    const input = { conversationId: id, items: moneyOf(alice) };
    for (let offer = 0; offer < LIMIT; offer++)
      expect((await service.request(CreateOfferDocument, { input }, headers)).errors).toBe(
        undefined,
      );
    expect(await alice.refusal(CreateOfferDocument, { input })).toBe('RATE_LIMITED');
  });
});

test('of 40 offers at once, by default exactly 30 are made', async () => {
  const cluster = await Cluster.start({ nodes: 2, env: { LIMIT_OFFERS_PER_MINUTE: '30' } });
  const [alice, bob] = await people(cluster, 'alice', 'bob');
  const { id } = await conversationOf([alice, bob]);
  const there = cluster.device(alice, cluster.nodes[1]);
  const items = [{ giverId: alice.id, kind: 'MONEY' as const, amount: 1, currency: 'EUR' }];
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      [alice, there][at % 2]!.request(CreateOfferDocument, {
        input: { conversationId: id, items },
      }),
    ),
  );
  expect(codesOf(answers)).toEqual(Array(10).fill('RATE_LIMITED'));
  await cluster.stop();
});
