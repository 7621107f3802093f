import { Socket } from 'node:net';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type GraphQLObjectType, getNamedType, parse } from 'graphql';
import type { Bus } from '../../src/bus/bus';
import { topics } from '../../src/events';
import { ConversationEventResolver } from '../../src/graphql/resolvers/conversation-event.resolver';
import { MessageResolver } from '../../src/graphql/resolvers/message.resolver';
import { getSchema } from '../../src/graphql/schema';
import {
  AddParticipantDocument,
  CustomEventDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  EmitEventDocument,
  MessageAddedDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { widestSelection } from '../support/widest-selection';

// biome-ignore lint/suspicious/noExplicitAny: documents that are made here have no generated types
type AnyDocument = TypedDocumentNode<any, any>;
const documentOf = (text: string) => parse(text) as AnyDocument;

describe('subscribers who see the same', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  /** Ready and caught up: what comes from now on is live for all of them. */
  async function listening(
    people: readonly Person[],
    document: AnyDocument,
    variables: object[],
    id: string,
  ) {
    const streams = people.map((person, index) =>
      person.subscribe(document, { id, ...variables[index % variables.length]! }),
    );
    await sendBy(people[0]!, id);
    await Promise.all(streams.map((stream) => stream.next()));
    return streams;
  }

  async function group(size: number) {
    const names = Array.from({ length: size }, (_, index) => `member-${index}-${Math.random()}`);
    const people = await cluster.persons(...names);
    return { people, id: (await conversationOf(people)).id };
  }

  const RESUMED = documentOf(`subscription ($id: ID!, $after: Int) {
    messageAdded(conversationId: $id, after: $after) { sequence content sender { id username } replyTo { content } }
  }`);

  test('share one execution of an event, wherever they resumed', async () => {
    const { people, id } = await group(5);
    await Promise.all(people.map((person) => sendBy(person, id)));
    const streams = await listening(
      people,
      RESUMED,
      [{ after: 5 }, { after: 4 }, { after: 3 }],
      id,
    );
    await eventually(() => {
      for (const stream of streams) expect(stream.received.at(-1).messageAdded.sequence).toBe(6);
    });
    const executed = jest.spyOn(MessageResolver.prototype, 'messageAdded');
    const said = await sendBy(people[0]!, id, { content: 'to all of you' });
    const events = await Promise.all(
      streams.map((stream) =>
        stream.find(({ messageAdded }) => messageAdded.sequence === said.sequence),
      ),
    );
    for (const { messageAdded } of events)
      expect(messageAdded).toEqual({
        sequence: said.sequence,
        content: 'to all of you',
        sender: { id: people[0]!.id, username: people[0]!.id },
        replyTo: null,
      });
    expect(executed).toHaveBeenCalledTimes(1);
  });

  /** Puts so many events on the bus in one turn of the event loop. */
  function emit(conversationId: string, names: readonly string[]): void {
    const { bus } = cluster.node.services.delivery.log as unknown as { bus: Bus };
    const at = new Date().toISOString();
    bus.publish(
      names.map((event) => ({
        topic: topics.conversation(conversationId),
        event: { name: 'custom.emitted', event, conversationId, data: {}, at },
      })),
    );
  }

  /** A stream of each document for each of them. A seat is taken before it is read: only an event shows that it is. */
  async function listeningToCustomEvents(
    people: readonly Person[],
    id: string,
    documents: readonly AnyDocument[],
  ) {
    const {
      delivery: { hub },
    } = cluster.node.services;
    const { seats } = hub.size;
    const streams = documents.flatMap((document) =>
      people.map((person) => person.subscribe(document, { conversationId: id })),
    );
    await eventually(() => expect(hub.size.seats).toBe(seats + streams.length));
    emit(id, ['ready']);
    for (const stream of streams) expect((await stream.next()).customEvent.name).toBe('ready');
    // Clients are in this process: what they are told of may be of this same turn.
    await new Promise(setImmediate);
    return streams;
  }

  test.each([
    ['the events of one turn', 1, ['one', 'two', 'three', 'four', 'five']],
    ['an event at two subscriptions', 2, ['one']],
  ])('get %s in one write', async (_what, documents, names) => {
    const { people, id } = await group(3);
    const brief = documentOf(
      'subscription ($conversationId: ID) { customEvent(conversationId: $conversationId) { name } }',
    );
    const streams = await listeningToCustomEvents(
      people,
      id,
      [CustomEventDocument, brief].slice(0, documents),
    );
    const written = jest.spyOn(Socket.prototype, '_writev');
    emit(id, names);
    for (const stream of streams)
      expect((await stream.take(names.length)).map(({ customEvent }) => customEvent.name)).toEqual(
        names,
      );
    const joined = written.mock.calls
      // Node has put the buffers into the places of what held them.
      .map(
        ([chunks]) =>
          (chunks as unknown[]).filter((chunk) => String(chunk).includes('"customEvent"')).length,
      )
      .filter((events) => events > 0);
    expect(joined).toEqual(people.map(() => names.length * documents));
  });

  test('get an event that comes alone without waiting for the end of the turn', async () => {
    const { people, id } = await group(3);
    const streams = await listeningToCustomEvents(people, id, [CustomEventDocument]);
    const corked = jest.spyOn(Socket.prototype, 'cork');
    const written = jest.spyOn(Socket.prototype, '_write');
    emit(id, ['one']);
    for (const stream of streams) expect((await stream.next()).customEvent.name).toBe('one');
    const sockets = written.mock.contexts.filter((_, index) =>
      String(written.mock.calls[index]![0]).includes('"customEvent"'),
    );
    expect(sockets).toHaveLength(people.length);
    expect(corked.mock.contexts.filter((socket) => sockets.includes(socket))).toEqual([]);
  });

  test('do not suffer from what another says where they leave out a variable', async () => {
    const { people, id } = await group(3);
    const document = documentOf(`subscription ($id: ID!, $full: Boolean = true) {
      messageAdded(conversationId: $id, after: 0) { sequence content @include(if: $full) }
    }`);
    const [first, ...others] = people as [Person, ...Person[]];
    const {
      delivery: { hub },
    } = cluster.node.services;
    const { seats } = hub.size;
    // A null where a boolean is needed fails, for who says it.
    const mistaken = first.subscribe(document, { id, full: null });
    await eventually(() => expect(hub.size.seats).toBe(seats + 1));
    const streams = others.map((person) => person.subscribe(document, { id }));
    await sendBy(first, id, { content: 'words' });
    for (const stream of streams)
      expect((await stream.next()).messageAdded).toEqual({ sequence: 1, content: 'words' });
    expect(mistaken.received).toEqual([]);
  });

  test('do not share where one leaves out what another says is null', async () => {
    const { people, id } = await group(3);
    const document = documentOf(`subscription ($id: ID!, $after: Int, $first: Int) {
      messageAdded(conversationId: $id, after: $after) { sequence conversation { messages(first: $first) { nodes { id } } } }
    }`);
    const streams = await listening(
      people,
      document,
      [{ after: 0, first: null }, { after: 0 }],
      id,
    );
    const executed = jest.spyOn(MessageResolver.prototype, 'messageAdded');
    await sendBy(people[0]!, id);
    await Promise.all(streams.map((stream) => stream.next()));
    expect(executed).toHaveBeenCalledTimes(2);
  });

  test('do not share where their variables below the root field differ', async () => {
    const { people, id } = await group(4);
    const document = documentOf(`subscription ($id: ID!, $after: Int, $brief: Boolean!) {
      messageAdded(conversationId: $id, after: $after) { sequence content @skip(if: $brief) }
    }`);
    const streams = await listening(
      people,
      document,
      [
        { after: 0, brief: true },
        { after: 0, brief: false },
      ],
      id,
    );
    const executed = jest.spyOn(MessageResolver.prototype, 'messageAdded');
    await sendBy(people[0]!, id, { content: 'words' });
    const events = await Promise.all(streams.map((stream) => stream.next()));
    expect(events.map(({ messageAdded }) => messageAdded)).toEqual([
      { sequence: 2 },
      { sequence: 2, content: 'words' },
      { sequence: 2 },
      { sequence: 2, content: 'words' },
    ]);
    expect(executed).toHaveBeenCalledTimes(2);
  });

  test('see their own unread count and what they may do', async () => {
    const [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
    const { id } = await conversationOf([alice, bob]);
    const added = documentOf(
      'subscription ($id: ID!) { messageAdded(conversationId: $id, after: 0) { conversation { unreadCount } } }',
    );
    const offered = documentOf(
      'subscription ($id: ID!) { offerUpdated(conversationId: $id, after: 0) { offer { availableActions } } }',
    );
    const both = [alice, bob];
    const counts = both.map((person) => person.subscribe(added, { id }));
    const actions = both.map((person) => person.subscribe(offered, { id }));
    await sendBy(alice, id);
    await offerBy(alice, id);
    const unread = await Promise.all(
      counts.map(async (stream) => (await stream.next()).messageAdded),
    );
    expect(unread.map(({ conversation }) => conversation.unreadCount)).toEqual([0, 1]);
    const offers = await Promise.all(
      actions.map(async (stream) => (await stream.next()).offerUpdated.offer),
    );
    expect(offers.map(({ availableActions }) => [...availableActions].sort())).toEqual([
      ['REVISE', 'WITHDRAW'],
      ['ACCEPT', 'COUNTER', 'DECLINE'],
    ]);
  });

  test('see of what was before they joined only what is theirs', async () => {
    const { people, id } = await group(3);
    const early = await sendBy(people[0]!, id, { content: 'before' });
    const late = await cluster.person(`late-${Math.random()}`);
    await people[0]!.ask(AddParticipantDocument, {
      input: { conversationId: id, userId: late.id },
    });
    const everyone = [...people, late];
    const streams = await listening(everyone, RESUMED, [{ after: 2 }], id);
    const events = documentOf(
      'subscription ($id: ID!, $after: Int) { conversationEvents(conversationId: $id, after: $after) { kind sequence message { content } } }',
    );
    const logs = everyone.map((person) => person.subscribe(events, { id, after: 3 }));
    const executed = jest.spyOn(MessageResolver.prototype, 'messageAdded');
    const executedEvents = jest.spyOn(ConversationEventResolver.prototype, 'conversationEvents');
    await sendBy(people[1]!, id, { content: 'answer', replyToId: early.id });
    const answers = await Promise.all(streams.map((stream) => stream.next()));
    expect(answers.map(({ messageAdded }) => messageAdded.replyTo?.content ?? null)).toEqual([
      'before',
      'before',
      'before',
      null,
    ]);
    expect(executed).toHaveBeenCalledTimes(2);
    // The answer shows that they have caught up.
    for (const log of logs)
      expect((await log.next()).conversationEvents.kind).toBe('MESSAGE_ADDED');
    await people[0]!.ask(EditMessageDocument, {
      input: { messageId: early.id, content: 'edited' },
    });
    const edits = await Promise.all(
      logs.map((stream) =>
        stream.find(({ conversationEvents: { kind } }) => kind === 'MESSAGE_EDITED'),
      ),
    );
    expect(
      edits.map(({ conversationEvents }) => conversationEvents.message?.content ?? null),
    ).toEqual(['edited', 'edited', 'edited', null]);
    expect(
      executedEvents.mock.calls.filter(([event]) => event.kind === 'MESSAGE_EDITED'),
    ).toHaveLength(2);
  });

  test('leave in the order of the events, whichever was rendered first', async () => {
    const { people, id } = await group(2);
    const document = documentOf(
      'subscription ($id: ID!) { messageAdded(conversationId: $id, after: 0) { sequence conversation { subject } } }',
    );
    const streams = await listening(people, document, [{}], id);
    const {
      conversations: { reader: conversationReader },
    } = cluster.node.services;
    const { byIds } = conversationReader;
    let arrive = () => {};
    const slow = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const loads = jest.spyOn(conversationReader, 'byIds').mockImplementationOnce(async (ids) => {
      await slow;
      return byIds(ids);
    });
    const [first, second] = [await sendBy(people[0]!, id), await sendBy(people[1]!, id)];
    const marker = people[0]!.subscribe(MessageAddedDocument, {
      conversationId: id,
      after: first.sequence,
    });
    expect((await marker.next()).messageAdded.sequence).toBe(second.sequence);
    expect(loads.mock.calls.length).toBeGreaterThan(1);
    expect(streams.map((stream) => stream.received.length)).toEqual([1, 1]);
    arrive();
    for (const stream of streams) {
      expect((await stream.next()).messageAdded.sequence).toBe(first.sequence);
      expect((await stream.next()).messageAdded.sequence).toBe(second.sequence);
    }
  });
});

describe('a subscriber who is busy', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { LIMIT_QUEUE_EVENTS: '2' } });
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  test('sees of what waited for them how it is when they take it', async () => {
    const [carl, dina] = (await cluster.persons('carl', 'dina')) as [Person, Person];
    const { id } = await conversationOf([carl, dina]);
    const document = documentOf(
      'subscription ($id: ID!) { messageAdded(conversationId: $id, after: 0) { content conversation { subject } } }',
    );
    const stream = dina.subscribe(document, { id });
    await sendBy(carl, id, { content: 'first' });
    await stream.next();
    const {
      conversations: { reader: conversationReader },
    } = cluster.node.services;
    const { byIds } = conversationReader;
    let goOn = () => {};
    const busy = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    jest.spyOn(conversationReader, 'byIds').mockImplementationOnce(async (ids) => {
      await busy;
      return byIds(ids);
    });
    // As many as are rendered at once; the last one waits behind them.
    for (const content of ['second', 'third']) await sendBy(carl, id, { content });
    const { id: messageId } = await sendBy(carl, id, { content: 'regretted' });
    await carl.ask(DeleteMessageDocument, { input: { messageId } });
    goOn();
    const contents = (await stream.take(3)).map(({ messageAdded }) => messageAdded.content);
    expect(contents).toEqual(['second', 'third', '']);
  });
});

describe('fields that do not say that they depend on the viewer', () => {
  const ROOTS = [
    'messageAdded',
    'messageUpdated',
    'offerUpdated',
    'conversationEvents',
    'customEvent',
  ];
  let cluster: Cluster;

  beforeAll(async () => {
    // The widest selections of all are over every limit.
    cluster = await Cluster.start({ env: { LIMIT_COST: '1000000', LIMIT_DEPTH: '100' } });
  });
  afterAll(() => cluster.stop());

  test.each([
    {
      name: 'of one conversation',
      allowed: ['everyone', 'members'] as const,
      about: 'conversationId: $id',
    },
    { name: 'of all', allowed: ['everyone'] as const, about: '' },
  ])('are the same for all: every one of them, in a stream $name', async ({ allowed, about }) => {
    const [ana, ben] = (await cluster.persons(`ana-${about.length}`, `ben-${about.length}`)) as [
      Person,
      Person,
    ];
    const { id } = await conversationOf([ana, ben]);
    const subscriptions = getSchema().getSubscriptionType()!.getFields();
    const roots = ROOTS.filter((root) => about !== '' || root !== 'conversationEvents');
    const streams = roots.map((root) => {
      const type = getNamedType(subscriptions[root]!.type) as GraphQLObjectType;
      const selection = `${root}${about && `(${about})`} ${widestSelection(type, allowed)}`;
      return ana.subscribe(
        documentOf(`subscription ${about && '($id: ID!)'} { ${selection} }`),
        about === '' ? {} : { id },
      );
    });
    // Live ones begin when nothing announces it: so something of each kind happens until each has heard of it.
    await eventually(async () => {
      const message = await sendBy(ben, id, { content: 'said' });
      await sendBy(ben, id, { replyToId: message.id });
      await ben.ask(EditMessageDocument, {
        input: { messageId: message.id, content: `edited ${Math.random()}` },
      });
      await offerBy(ben, id);
      await cluster
        .service()
        .ask(EmitEventDocument, { input: { conversationId: id, name: 'custom' } });
      for (const stream of streams)
        expect(stream.received.length + stream.eventErrors.length).toBeGreaterThan(0);
    });
    for (const stream of streams) expect(stream.eventErrors).toEqual([]);
  });
});
