import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { Client } from 'pg';
import {
  AcceptOfferDocument,
  AddParticipantDocument,
  CancelOfferDocument,
  ConversationEventsDocument,
  ConversationOffersDocument,
  LeaveConversationDocument,
  OfferDocument,
  OffersDocument,
  OfferUpdatedDocument,
  RemoveParticipantDocument,
  ReviseOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { notificationsOf, open } from '../support/inbox';
import type { Person } from '../support/person';
import { letExpire } from './offers.account';
import { people } from './people';

const EVENTS = parse(
  'query ($id: ID!) { conversation(id: $id) { events { sequence offer { id } } } }',
) as TypedDocumentNode<
  { conversation: { events: { sequence: number; offer: { id: string } | null }[] } },
  { id: string }
>;

describe('who joins a group late', () => {
  let cluster: Cluster;
  let database: Client;

  beforeAll(async () => {
    cluster = await Cluster.start();
    database = new Client(cluster.databaseUrl);
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  const add = (actor: Person, conversationId: string, { id: userId }: Person) =>
    actor.ask(AddParticipantDocument, { input: { conversationId, userId } });
  const revise = (actor: Person, offerId: string) =>
    actor.ask(ReviseOfferDocument, {
      input: {
        offerId,
        version: 1,
        items: [{ giverId: actor.id, kind: 'CREDITS', amount: 2 }],
      },
    });
  const offersOf = async (viewer: Person, id: string, first?: number, after?: string) =>
    (await viewer.ask(ConversationOffersDocument, { id, first, after })).conversation!.offers;
  const idsOf = async (viewer: Person, id: string) =>
    (await offersOf(viewer, id)).nodes.map((offer) => offer.id);
  const kindsOf = async (viewer: Person) =>
    (await notificationsOf(viewer)).map(({ kind, offer }) => [kind, offer?.id ?? null]);

  /** Dave comes after an offer of Alice's to Bob, and before another one. */
  async function latecomer() {
    const [alice, bob, carol, dave] = await people(cluster, 'alice', 'bob', 'carol', 'dave');
    const { id } = await conversationOf([alice, bob, carol]);
    const { id: before } = await offerBy(alice, id, { recipientId: bob.id });
    await add(bob, id, dave);
    const { id: since } = await offerBy(alice, id, { recipientId: bob.id });
    return { alice, bob, carol, dave, id, before, since };
  }

  test('lists the offers that were made since, page by page, and reads no other', async () => {
    const { alice, bob, dave, id, before, since } = await latecomer();
    const { id: own } = await offerBy(dave, id, { recipientId: bob.id });
    expect(await idsOf(dave, id)).toEqual([own, since]);
    expect(await idsOf(alice, id)).toEqual([own, since, before]);
    const page = await offersOf(dave, id, 1);
    expect(page.pageInfo.hasNextPage).toBe(true);
    const last = await offersOf(dave, id, 1, page.pageInfo.endCursor!);
    expect(last.nodes.map((offer) => offer.id)).toEqual([since]);
    expect(last.pageInfo.hasNextPage).toBe(false);
    expect(await dave.refusal(OfferDocument, { id: before })).toBe('FORBIDDEN');
    expect(await dave.refusal(OfferDocument, { id: since })).toBeNull();
    const { data } = await cluster.service().request(ConversationOffersDocument, { id });
    expect(data?.conversation?.offers.nodes).toHaveLength(3);
  });

  test('is told of their steps alone: in the log, live, and by notifications', async () => {
    const { alice, bob, carol, dave, id, before, since } = await latecomer();
    const follow = (person: Person, after: number) =>
      person.subscribe(ConversationEventsDocument, { conversationId: id, after, viewing: false });
    const [log, ofBob] = [follow(dave, 0), follow(bob, 2)];
    const updates = dave.subscribe(OfferUpdatedDocument, { conversationId: id, after: 0 });
    const everywhere = dave.subscribe(OfferUpdatedDocument, {});
    await updates.next();
    await sendBy(alice, id);
    await revise(alice, before);
    await revise(alice, since);

    const shown = [
      [3, since],
      [4, undefined],
      [5, undefined],
      [6, since],
    ];
    const told = (await log.take(4)).map(({ conversationEvents: { sequence, offer } }) => [
      sequence,
      offer?.id,
    ]);
    expect(told).toEqual(shown);
    const listed = (await dave.ask(EVENTS, { id })).conversation.events;
    expect(listed.map(({ sequence, offer }) => [sequence, offer?.id])).toEqual(shown);
    expect((await ofBob.take(4)).map((one) => one.conversationEvents.offer?.id)).toEqual([
      since,
      undefined,
      before,
      since,
    ]);
    expect((await updates.next()).offerUpdated).toMatchObject({ sequence: 6 });
    expect((await everywhere.next()).offerUpdated).toMatchObject({ sequence: 6 });
    expect(await kindsOf(dave)).toEqual([
      ['OFFER_REVISED', since],
      ['NEW_MESSAGE', null],
      ['NEW_OFFER', since],
    ]);
    expect(await kindsOf(carol)).toHaveLength(5);
  });

  test('is named by no event of another offer while viewing, so nothing comes late', async () => {
    const { alice, dave, id, before, since } = await latecomer();
    await open(cluster.device(dave), id);
    await revise(alice, before);
    await revise(alice, since);
    const { rows } = await database.query(
      `select offer_id as id from conversation_events
       where conversation_id = $1 and viewing @> array[$2] order by sequence`,
      [id, dave.id],
    );
    expect(rows).toEqual([{ id: since }]);
  });

  test('is not notified when another offer ends: in time, or because a party leaves', async () => {
    const { alice, carol, dave, id, before, since } = await latecomer();
    const { id: expiring } = await offerBy(alice, id, { recipientId: carol.id });
    await letExpire(database, [before], 0);
    await letExpire(database, [expiring], 0);
    await eventually(async () =>
      expect((await kindsOf(dave))[0]).toEqual(['OFFER_EXPIRED', expiring]),
    );
    await eventually(async () =>
      expect(await kindsOf(carol)).toContainEqual(['OFFER_EXPIRED', before]),
    );
    await alice.ask(LeaveConversationDocument, { input: { conversationId: id } });
    expect((await kindsOf(dave)).slice(0, 2)).toEqual([
      ['OFFER_WITHDRAWN', since],
      ['OFFER_EXPIRED', expiring],
    ]);
    expect(await kindsOf(dave)).toHaveLength(4);

    const { bob, ...again } = await latecomer();
    await bob.ask(LeaveConversationDocument, { input: { conversationId: again.id } });
    const declined = (await kindsOf(again.dave)).filter(([kind]) => kind === 'OFFER_DECLINED');
    expect(declined).toEqual([['OFFER_DECLINED', again.since]]);
  });

  test('sees the offers to which they are a party, also from before they came back', async () => {
    const { alice, bob, carol, dave, id, before, since } = await latecomer();
    const { id: own } = await offerBy(carol, id, { recipientId: bob.id });
    await bob.ask(AcceptOfferDocument, { input: { offerId: own, version: 1 } });
    expect(await kindsOf(carol)).toContainEqual(['NEW_OFFER', before]);
    await cluster.service().ask(RemoveParticipantDocument, {
      input: { conversationId: id, userId: carol.id },
    });
    await add(alice, id, carol);
    expect(await idsOf(carol, id)).toEqual([own]);
    expect(await idsOf(dave, id)).toEqual([own, since]);
    expect(await carol.refusal(OfferDocument, { id: before })).toBe('FORBIDDEN');
    expect((await carol.ask(OfferDocument, { id: own })).offer).toMatchObject({ id: own });
    expect((await carol.ask(OffersDocument, {})).offers.nodes).toMatchObject([{ id: own }]);
    const kinds = await kindsOf(carol);
    expect(kinds.filter(([kind]) => kind === 'NEW_OFFER')).toEqual([
      ['NEW_OFFER', null],
      ['NEW_OFFER', null],
    ]);
    expect(kinds).toContainEqual(['OFFER_ACCEPTED', own]);

    // Before she has the conversation open: whoever sees the offer end is not notified of it.
    await bob.ask(CancelOfferDocument, { input: { offerId: own, version: 2 } });
    expect(await kindsOf(carol)).toContainEqual(['OFFER_CANCELLED', own]);
    const log = carol.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
    const updates = carol.subscribe(OfferUpdatedDocument, { conversationId: id, after: 0 });
    expect((await log.next()).conversationEvents.offer).toMatchObject({ id: own });
    expect((await updates.next()).offerUpdated).toMatchObject({ action: 'CANCEL' });
  });
});
