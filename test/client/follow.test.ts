import { follow, type ParleyClient, type Room } from '@parley/client';
import {
  AddParticipantDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  LeaveConversationDocument,
  MarkReadDocument,
} from '@parley/client/documents';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { type Networked, networked } from './networked';

describe('follow', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let network: Networked;
  let client: ParleyClient;
  const rooms: Room[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
  });
  beforeEach(async () => {
    network = await networked(bob);
    ({ client } = network);
  });
  afterEach(async () => {
    for (const room of rooms.splice(0)) room.close();
    await network.stop();
  });
  afterAll(() => cluster.stop());

  function enter(id: string, ...options: [{ pageSize?: number }?]): Room {
    const room = follow(client, id, ...options);
    rooms.push(room);
    return room;
  }
  const contents = ({ state }: Room) => state.messages.map(({ content }) => content);
  const say = async (id: string, ...texts: string[]) => {
    for (const content of texts) await sendBy(alice, id, { content });
  };
  const live = (room: Room) => eventually(() => expect(room.state.status).toBe('live'));

  test('loads the newest page, then everything that happens, and earlier pages', async () => {
    const { id } = await conversationOf([alice, bob]);
    await say(id, '1', '2', '3', '4', '5');
    const room = enter(id, { pageSize: 2 });
    expect(room.state).toMatchObject({ status: 'loading', messages: [], lastSequence: 0 });
    await live(room);
    expect(contents(room)).toEqual(['4', '5']);
    expect(room.state).toMatchObject({ hasEarlier: true, lastSequence: 5, error: null });
    await say(id, '6');
    const offer = await offerBy(alice, id);
    await eventually(() => expect(room.state.lastSequence).toBe(7));
    expect(contents(room)).toEqual(['4', '5', '6']);
    expect(room.state.offers).toMatchObject([{ id: offer.id, version: 1 }]);
    await Promise.all([room.loadEarlier(), room.loadEarlier()]);
    expect(contents(room)).toEqual(['2', '3', '4', '5', '6']);
    await room.loadEarlier();
    expect(contents(room)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(room.state.hasEarlier).toBe(false);
    await room.loadEarlier();
  });

  test('has each state once, and another object only after a change', async () => {
    const { id } = await conversationOf([alice, bob]);
    const room = enter(id);
    await live(room);
    const { state } = room;
    expect(room.state).toBe(state);
    let calls = 0;
    const stop = room.subscribe(() => calls++);
    await say(id, 'one');
    await eventually(() => expect(contents(room)).toEqual(['one']));
    expect(calls).toBeGreaterThan(0);
    expect(state.messages).toEqual([]);
    expect(Object.isFrozen(room.state)).toBe(true);
    stop();
    calls = 0;
    await say(id, 'two');
    await eventually(() => expect(contents(room)).toEqual(['one', 'two']));
    expect(calls).toBe(0);
  });

  test('follows edits, deletions, and how far others have read', async () => {
    const { id: conversationId } = await conversationOf([alice, bob]);
    const room = enter(conversationId);
    await live(room);
    const one = await sendBy(alice, conversationId, { content: 'one' });
    const two = await sendBy(bob, conversationId, { content: 'two' });
    await alice.ask(EditMessageDocument, { input: { messageId: one.id, content: 'uno' } });
    await bob.ask(DeleteMessageDocument, { input: { messageId: two.id } });
    await eventually(() => expect(contents(room)).toEqual(['uno', '']));
    const sequence = two.sequence;
    await alice.ask(MarkReadDocument, { input: { conversationId, sequence } });
    const read = () => room.state.participants.find(({ user }) => user.id === 'alice');
    await eventually(() => expect(read()?.lastReadSequence).toBe(sequence));
  });

  test('catches up after an outage, and is not live before', async () => {
    const { id } = await conversationOf([alice, bob]);
    await say(id, '1');
    const room = enter(id);
    await live(room);
    const seen: [string, number][] = [];
    room.subscribe(() => seen.push([room.state.status, room.state.messages.length]));
    network.offline();
    await eventually(() => expect(room.state.status).toBe('catching-up'));
    await say(id, '2', '3', '4');
    network.online();
    await live(room);
    expect(contents(room)).toEqual(['1', '2', '3', '4']);
    for (const [status, count] of seen) if (status === 'live') expect(count).toBe(4);
    await cluster.restart();
    await say(id, '5');
    await eventually(() => expect(contents(room)).toEqual(['1', '2', '3', '4', '5']));
    await live(room);
  });

  test('ends when access is lost, and keeps what was seen', async () => {
    const carol = await cluster.person('carol');
    const { id } = await conversationOf([alice, bob, carol]);
    await say(id, '1');
    const room = enter(id);
    await live(room);
    expect(room.state.participants).toHaveLength(3);
    await carol.ask(LeaveConversationDocument, { input: { conversationId: id } });
    await eventually(() => expect(room.state.participants).toHaveLength(2));
    await alice.ask(AddParticipantDocument, { input: { conversationId: id, userId: 'carol' } });
    await eventually(() => expect(room.state.participants).toHaveLength(3));
    await bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
    await eventually(() => expect(room.state.status).toBe('ended'));
    expect(room.state.error).toMatchObject({ code: 'FORBIDDEN' });
    expect(contents(room)).toEqual(['1']);
    const refused = enter(id);
    await eventually(() => expect(refused.state.status).toBe('ended'));
    expect(refused.state.error).toMatchObject({ code: 'FORBIDDEN' });
  });
});
