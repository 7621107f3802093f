import {
  AcceptOfferDocument,
  MessageAddedDocument,
  OfferUpdatedDocument,
  SetTypingDocument,
  TypingDocument,
  UserPresenceDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';

describe.each([
  { name: 'one node, in process', options: {} },
  { name: 'two nodes, Redis between them', options: { nodes: 2 } },
])('live subscriptions: $name', ({ options }) => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start(options);
  });
  afterAll(() => cluster.stop());

  async function aliceAndBob() {
    const alice = await cluster.person('alice', cluster.nodes[0]);
    const bob = await cluster.person('bob', cluster.nodes.at(-1));
    const { id } = await conversationOf([alice, bob]);
    return { alice, bob, id };
  }

  test('a message arrives at the other participant', async () => {
    const { alice, bob, id } = await aliceAndBob();
    const stream = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    const sent = await sendBy(alice, id, { content: 'hello' });
    const { messageAdded } = await stream.next();
    expect(messageAdded).toEqual(sent);
  });

  test('typing arrives at the others, never at the typist, and ends with the message', async () => {
    const { alice, bob, id } = await aliceAndBob();
    const own = alice.subscribe(TypingDocument, { conversationId: id });
    const stream = bob.subscribe(TypingDocument, { conversationId: id });
    await alice.ask(SetTypingDocument, { input: { conversationId: id, isTyping: true } });
    expect((await stream.next()).typing).toMatchObject({
      conversationId: id,
      user: { id: 'alice' },
      isTyping: true,
    });
    await sendBy(alice, id);
    await stream.find(({ typing }) => !typing.isTyping);
    await bob.ask(SetTypingDocument, { input: { conversationId: id, isTyping: true } });
    expect((await own.next()).typing.user.id).toBe('bob');
    expect(own.received).toHaveLength(1);
  });

  test('who types already is told first', async () => {
    const { alice, bob, id } = await aliceAndBob();
    await alice.ask(SetTypingDocument, { input: { conversationId: id, isTyping: true } });
    const stream = bob.subscribe(TypingDocument, { conversationId: id });
    expect((await stream.next()).typing).toMatchObject({ user: { id: 'alice' }, isTyping: true });
  });

  test('each step of an offer arrives', async () => {
    const { alice, bob, id } = await aliceAndBob();
    const stream = alice.subscribe(OfferUpdatedDocument, { conversationId: id, after: 0 });
    const offer = await offerBy(alice, id);
    expect((await stream.next()).offerUpdated).toMatchObject({
      sequence: 1,
      action: 'CREATE',
      actor: { id: 'alice' },
      offer: { id: offer.id },
    });
    await bob.ask(AcceptOfferDocument, { input: { offerId: offer.id, version: 1 } });
    expect((await stream.next()).offerUpdated).toMatchObject({
      sequence: 2,
      action: 'ACCEPT',
      actor: { id: 'bob' },
      offer: { id: offer.id, status: 'ACCEPTED', version: 2 },
    });
  });

  test('presence gives the present state first, then the change', async () => {
    const erin = await cluster.person('erin', cluster.nodes[0]);
    const frank = await cluster.person('frank', cluster.nodes.at(-1));
    const { id } = await conversationOf([erin, frank]);
    const stream = frank.subscribe(UserPresenceDocument, { userIds: ['erin'] });
    expect((await stream.next()).userPresence).toMatchObject({ id: 'erin', online: false });
    erin.subscribe(MessageAddedDocument, { conversationId: id });
    const change = await stream.find(({ userPresence }) => userPresence.online);
    expect(change.userPresence.lastSeenAt).not.toBeNull();
    await erin.disconnect();
    await stream.find(({ userPresence }) => !userPresence.online);
  });

  test('messages of all conversations arrive without naming one, those that start later included', async () => {
    const { alice, bob } = await aliceAndBob();
    const stream = bob.subscribe(MessageAddedDocument, {});
    const later = await conversationOf([alice, bob]);
    // Live hints begin when the subscription is in force, which nothing announces: so say it until it is heard.
    let heard = false;
    const first = stream.next().then((event) => {
      heard = true;
      return event;
    });
    while (!heard) {
      await sendBy(alice, later.id);
      await new Promise(setImmediate);
    }
    expect((await first).messageAdded.conversationId).toBe(later.id);
  });
});
