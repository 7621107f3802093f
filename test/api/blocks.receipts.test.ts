import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { MarkReadDocument, UnblockUserDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { block, unblock } from './blocking';
import { people } from './people';

interface Seen {
  user: { id: string };
  joinedSequence: number;
  lastReadSequence: number;
  lastReadAt: string | null;
}

// biome-ignore lint/suspicious/noExplicitAny: documents that are made here have no generated types
const documentOf = (text: string) => parse(text) as TypedDocumentNode<any, any>;

const PARTS = 'participants { user { id } joinedSequence lastReadSequence lastReadAt }';
const QUERY = documentOf(`query ($id: ID!) { conversation(id: $id) { ${PARTS} } }`);
const LIST = documentOf(`{ conversations { nodes { ${PARTS} } } }`);
const EVENTS = documentOf(`subscription ($id: ID!, $after: Int) {
  messageAdded(conversationId: $id, after: $after) { sequence conversation { ${PARTS} } }
}`);
const ANYWHERE = documentOf(`subscription { conversationUpdated { conversation { ${PARTS} } } }`);
const MARK = documentOf(`mutation ($input: MarkReadInput!) {
  markRead(input: $input) { conversation { ${PARTS} } receipt { lastReadSequence } }
}`);

describe('the receipts of a user, as fields', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  const reads = (reader: Person, conversationId: string, sequence: number) =>
    reader.ask(MarkReadDocument, { input: { conversationId, sequence } });
  const of = (parts: Seen[], { id }: Person) => parts.find(({ user }) => user.id === id)!;
  const queried = async (viewer: Person, id: string): Promise<Seen[]> =>
    (await viewer.ask(QUERY, { id })).conversation.participants;

  const READ = { lastReadSequence: 2, lastReadAt: expect.any(String) };
  const HIDDEN = { lastReadSequence: 0, lastReadAt: null };

  /** All have read both messages; `one` blocked the reader, and the reader blocked `other`. */
  async function group() {
    const [reader, witness, one, other] = await people(
      cluster,
      'reader',
      'witness',
      'one',
      'other',
    );
    const { id } = await conversationOf([witness, reader, one, other]);
    for (let index = 0; index < 2; index++) await sendBy(witness, id);
    for (const person of [reader, one, other]) await reads(person, id, 2);
    await block(one, reader);
    await block(reader, other);
    return { reader, witness, one, other, id };
  }

  test('are those of one who has read nothing, across a block and nowhere else', async () => {
    const { reader, witness, one, other, id } = await group();
    for (const hidden of [one, other]) {
      expect(of(await queried(hidden, id), reader)).toMatchObject(HIDDEN);
      expect(of(await queried(hidden, id), witness)).toMatchObject(READ);
      expect(of(await queried(hidden, id), hidden)).toMatchObject(READ);
      expect(of(await queried(reader, id), hidden)).toMatchObject(HIDDEN);
      const { conversations } = await hidden.ask(LIST, {});
      expect(of(conversations.nodes[0].participants, reader)).toMatchObject(HIDDEN);
      const { markRead } = await hidden.ask(MARK, { input: { conversationId: id, sequence: 2 } });
      expect(of(markRead.conversation.participants, reader)).toMatchObject(HIDDEN);
      expect(markRead.receipt.lastReadSequence).toBe(2);
    }
    for (const person of [reader, one, other])
      for (const viewer of [witness, cluster.service()])
        expect(of(await queried(viewer, id), person)).toMatchObject(READ);
    await unblock(one, reader);
    expect(of(await queried(one, id), reader)).toMatchObject(READ);
    expect(of(await queried(reader, id), one)).toMatchObject(READ);
  });

  test('begin where a user joined who came late', async () => {
    const { reader, witness, id } = await group();
    const [late] = await people(cluster, 'late');
    await witness.ask(
      documentOf(
        'mutation ($input: AddParticipantInput!) { addParticipant(input: $input) { conversation { id } } }',
      ),
      { input: { conversationId: id, userId: late.id } },
    );
    const { sequence } = await sendBy(witness, id);
    await reads(late, id, sequence);
    await block(late, reader);
    expect(of(await queried(reader, id), late)).toMatchObject({
      joinedSequence: 3,
      lastReadSequence: 3,
      lastReadAt: null,
    });
  });

  test('are in an event what each subscriber may know, at either node', async () => {
    const { reader, witness, one, other, id } = await group();
    const viewers = [witness, one, other, reader];
    const streams = viewers.map((viewer, index) =>
      cluster.device(viewer, cluster.nodes[index % 2]).subscribe(EVENTS, { id, after: 1 }),
    );
    const updates = [witness, one].map((viewer) => viewer.subscribe(ANYWHERE, {}));
    const seen = async (index: number): Promise<Seen[]> =>
      (await streams[index]!.next()).messageAdded.conversation.participants;
    for (const live of [false, true]) {
      if (live) await sendBy(witness, id);
      const [bySomebody, byOne, byOther, byReader] = await Promise.all([0, 1, 2, 3].map(seen));
      expect(of(bySomebody!, reader)).toMatchObject(READ);
      expect(of(byOne!, reader)).toMatchObject(HIDDEN);
      expect(of(byOther!, reader)).toMatchObject(HIDDEN);
      for (const hidden of [one, other]) expect(of(byReader!, hidden)).toMatchObject(HIDDEN);
      for (const parts of [byOne!, byOther!, byReader!])
        expect(of(parts, witness).lastReadSequence).toBe(live ? 3 : 2);
    }
    for (const [index, expected] of [READ, HIDDEN].entries()) {
      const { conversationUpdated } = await updates[index]!.next();
      expect(of(conversationUpdated.conversation.participants, reader)).toMatchObject(expected);
    }
  });
});

describe('unblocking somebody who is not blocked', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  async function profiled(name: string): Promise<Person> {
    const [person] = await people(cluster, name);
    await cluster.node.services.people.users.upsert(
      [
        {
          id: person.id,
          username: `name of ${name}`,
          displayName: `The ${name}`,
          avatarUrl: `https://pictures.example/${name}`,
        },
      ],
      () => 'user',
    );
    return person;
  }

  test('shows nothing of a stranger but the id', async () => {
    const [alice] = await people(cluster, 'alice');
    const stranger = await profiled('stranger');
    const input = { userId: stranger.id };
    const { unblockUser } = await alice.ask(UnblockUserDocument, { input });
    expect(unblockUser).toEqual({
      blocked: false,
      user: {
        id: stranger.id,
        username: '',
        displayName: null,
        avatarUrl: null,
        blockedByViewer: false,
      },
    });
  });

  test('shows whom one shares a conversation with, and whom one blocked until then', async () => {
    const [alice] = await people(cluster, 'alice');
    const [friend, blocked] = [await profiled('friend'), await profiled('blocked')];
    await conversationOf([alice, friend]);
    await block(alice, blocked);
    for (const { id } of [friend, blocked]) {
      const { unblockUser } = await alice.ask(UnblockUserDocument, { input: { userId: id } });
      expect(unblockUser.user.username).toMatch(/^name of/);
    }
    const again = await alice.ask(UnblockUserDocument, { input: { userId: blocked.id } });
    expect(again.unblockUser.user).toMatchObject({ id: blocked.id, username: '' });
  });
});
