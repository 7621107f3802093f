import { Client } from 'pg';
import {
  AcceptOfferDocument,
  AddParticipantDocument,
  CounterOfferDocument,
  DeactivateUserDocument,
  DeclineOfferDocument,
  LeaveConversationDocument,
  OfferDocument,
  RemoveParticipantDocument,
  SendMessageDocument,
  SetTypingDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Answer, Person } from '../support/person';

interface EventRow {
  sequence: number;
  kind: string;
  actor_id: string | null;
  participant_id: string | null;
  message_id: string | null;
}

describe('races', () => {
  let cluster: Cluster;
  let database: Client;
  let made = 0;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
    database = new Client(cluster.databaseUrl);
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  /** People of this test alone, in turn on one node and the other. */
  function people(count: number): Promise<Person[]> {
    const test = ++made;
    const ids = Array.from({ length: count }, (_, index) => `p${test}-${index}`);
    return Promise.all(ids.map((id, index) => cluster.person(id, cluster.nodes[index % 2])));
  }

  async function eventsOf(conversationId: string): Promise<EventRow[]> {
    const { rows } = await database.query(
      'select * from conversation_events where conversation_id = $1 order by sequence',
      [conversationId],
    );
    return rows;
  }

  async function expectWholeLog(conversationId: string): Promise<EventRow[]> {
    const events = await eventsOf(conversationId);
    expect(events.map((event) => event.sequence)).toEqual(events.map((_, index) => index + 1));
    const { rows } = await database.query('select last_sequence from conversations where id = $1', [
      conversationId,
    ]);
    expect(rows[0].last_sequence).toBe(events.length);
    const facts = await database.query(
      `select count(*)::integer as count from messages m where conversation_id = $1 and not exists (
         select from conversation_events e where e.message_id = m.id and e.sequence = m.sequence and e.conversation_id = $1)`,
      [conversationId],
    );
    expect(facts.rows[0].count).toBe(0);
    return events;
  }

  test('20 equal sends with one clientMessageId are one message and twenty equal answers', async () => {
    const [alice, bob] = await people(2);
    const { id } = await conversationOf([alice!, bob!]);
    const devices = [alice!, cluster.device(alice!, cluster.nodes[1])];
    const input = { conversationId: id, content: 'once', clientMessageId: 'retry-1' };
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        devices[index % 2]!.ask(SendMessageDocument, { input }),
      ),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(await expectWholeLog(id)).toHaveLength(1);
  });

  test('8 senders with 50 messages each write sequences 1 to 400 without a gap', async () => {
    const senders = await people(8);
    const { id } = await conversationOf(senders);
    await Promise.all(
      senders.flatMap((sender) => Array.from({ length: 50 }, () => sendBy(sender, id))),
    );
    expect(await expectWholeLog(id)).toHaveLength(400);
  });

  test('of 20 different requests on one version exactly one wins, and repeating it is answered as success', async () => {
    const [alice, bob] = await people(2);
    const { id } = await conversationOf([alice!, bob!]);
    const offer = await offerBy(alice!, id);
    const requests = Array.from({ length: 20 }, (_, index) => () => {
      const step = { offerId: offer.id, version: 1, note: `try ${index}` };
      const items = [{ giverId: alice!.id, kind: 'CREDITS' as const, amount: index + 1 }];
      return [
        () => bob!.request(AcceptOfferDocument, { input: step }),
        () => bob!.request(DeclineOfferDocument, { input: step }),
        () => alice!.request(WithdrawOfferDocument, { input: step }),
        () => bob!.request(CounterOfferDocument, { input: { ...step, items } }),
      ][index % 4]!() as Promise<Answer<unknown>>;
    });
    const answers = await Promise.all(requests.map((request) => request()));
    const winners = answers.flatMap((answer, index) => (answer.errors ? [] : [index]));
    expect(winners).toHaveLength(1);
    for (const answer of answers.filter((one) => one.errors))
      expect(answer.errors![0]!.extensions).toMatchObject({ code: 'CONFLICT', currentVersion: 2 });
    const { offer: after } = await alice!.ask(OfferDocument, { id: offer.id });
    expect(after!.history.map((row) => row.version)).toEqual([1, 2]);
    const repeated = await requests[winners[0]!]!();
    expect(repeated.errors).toBeUndefined();
    expect((await alice!.ask(OfferDocument, { id: offer.id })).offer!.version).toBe(2);
    await expectWholeLog(id);
  });

  test('nothing of the removed follows their removal, however many sends race it', async () => {
    const [alice, bob, carol] = await people(3);
    const { id } = await conversationOf([alice!, bob!, carol!]);
    let sent = 0;
    const codes = new Map<string, number>();
    // A thousand sends, twenty at a time, and the removal when some have gone through.
    const sender = async () => {
      while (sent < 1_000) {
        sent++;
        const code =
          (await bob!.refusal(SendMessageDocument, {
            input: { conversationId: id, content: 'still here' },
          })) ?? 'SENT';
        codes.set(code, (codes.get(code) ?? 0) + 1);
        if (sent === 300)
          removal ??= cluster
            .service()
            .ask(RemoveParticipantDocument, { input: { conversationId: id, userId: bob!.id } });
      }
    };
    let removal: Promise<unknown> | undefined;
    await Promise.all(Array.from({ length: 20 }, sender));
    await removal;
    const events = await expectWholeLog(id);
    const removed = events.findIndex((event) => event.kind === 'PARTICIPANT_REMOVED');
    expect(removed).toBe(events.length - 1);
    expect(codes.get('SENT')).toBe(events.length - 1);
    expect([...codes.keys()].sort()).toEqual(['FORBIDDEN', 'SENT']);
  });

  test('ten people writing, adding and leaving from all sides neither deadlock nor leave a gap', async () => {
    const group = await people(10);
    const { id } = await conversationOf(group);
    const codes = new Set<string | null>();
    await Promise.all(
      group.map(async (person, index) => {
        for (let round = 0; round < 12; round++) {
          codes.add(
            await person.refusal(SendMessageDocument, {
              input: { conversationId: id, content: `${round}` },
            }),
          );
          const neighbour = group[(index + 1) % group.length]!;
          if (round % 4 === 1)
            codes.add(
              await person.refusal(LeaveConversationDocument, { input: { conversationId: id } }),
            );
          if (round % 4 === 2)
            codes.add(
              await person.refusal(AddParticipantDocument, {
                input: { conversationId: id, userId: neighbour.id },
              }),
            );
        }
      }),
    );
    codes.delete(null);
    codes.delete('FORBIDDEN');
    expect([...codes]).toEqual([]);
    await expectWholeLog(id);
  });

  test('deactivating somebody who types, sends and negotiates leaves all in order and nothing half done', async () => {
    const [alice, bob] = await people(2);
    const conversations = await Promise.all(
      Array.from({ length: 5 }, () => conversationOf([alice!, bob!])),
    );
    await Promise.all(conversations.flatMap(({ id }) => [offerBy(bob!, id), offerBy(alice!, id)]));
    const accepted = await offerBy(alice!, conversations[0]!.id);
    await bob!.ask(AcceptOfferDocument, { input: { offerId: accepted.id, version: 1 } });
    let over = false;
    const codes = new Set<string | null>();
    const busy = conversations.map(async ({ id }) => {
      for (let round = 0; !over || round < 20; round++) {
        codes.add(
          await bob!.refusal(SendMessageDocument, {
            input: { conversationId: id, content: 'busy' },
          }),
        );
        codes.add(
          await bob!.refusal(SetTypingDocument, { input: { conversationId: id, isTyping: true } }),
        );
      }
    });
    await cluster.service().ask(DeactivateUserDocument, { input: { userId: bob!.id } });
    over = true;
    await Promise.all(busy);
    expect([...codes].filter((code) => code !== null).sort()).toEqual(
      expect.arrayContaining(['UNAUTHENTICATED']),
    );
    for (const code of codes) expect([null, 'UNAUTHENTICATED', 'FORBIDDEN']).toContain(code);
    for (const { id } of conversations) await expectWholeLog(id);
    const { rows } = await database.query(
      `select status, count(*)::integer as count from offers where $1 in (initiator_id, responder_id) group by status order by status`,
      [bob!.id],
    );
    expect(rows).toEqual([
      { status: 'ACCEPTED', count: 1 },
      { status: 'DECLINED', count: 5 },
      { status: 'WITHDRAWN', count: 5 },
    ]);
  });
});
