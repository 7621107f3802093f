import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type GraphQLFormattedError, print } from 'graphql';
import { v7 as uuidv7 } from 'uuid';
import { UnavailableError } from '../../src/errors';
import {
  AddParticipantDocument,
  ConversationDocument,
  ConversationsMaybeArchivedDocument,
  CounterOfferDocument,
  CreateOfferAsIDocument,
  CreateOfferDocument,
  EditMessageDocument,
  MeAndConversationDocument,
  MeDocument,
  MessageAddedDocument,
  MessagesDocument,
  SendMessageAsIDocument,
  SendMessageDocument,
  StartConversationDocument,
  UserPresenceDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';
import { bearer, post } from './wire';

interface Scene {
  alice: Person;
  bob: Person;
  id: string;
  messageId: string;
  deletedId: string;
  offerId: string;
}

/** A request that fails, and what its error says to a program. */
type Failure = [
  name: string,
  query: string,
  variables: (scene: Scene) => Record<string, unknown>,
  extensions: object,
];

const failure = <T, V extends Record<string, unknown>>(
  name: string,
  document: TypedDocumentNode<T, V>,
  variables: (scene: Scene) => V,
  extensions: object,
): Failure => [name, print(document), variables, extensions];

const badInput = (field: string) => ({
  code: 'BAD_USER_INPUT',
  field,
  reason: expect.stringMatching(/./),
});

const money = (giverId: string, amount: number) => ({
  giverId,
  kind: 'MONEY' as const,
  amount,
  currency: 'EUR',
});

const FAILURES: Failure[] = [
  failure('a conversation that is not there', ConversationDocument, () => ({ id: uuidv7() }), {
    code: 'FORBIDDEN',
  }),
  failure(
    'a message of somebody else',
    EditMessageDocument,
    ({ messageId }) => ({ input: { messageId, content: 'mine now' } }),
    { code: 'FORBIDDEN' },
  ),
  failure(
    'an unknown person',
    StartConversationDocument,
    () => ({ input: { participantIds: [uuidv7()] } }),
    {
      code: 'NOT_FOUND',
    },
  ),
  failure(
    'an empty message',
    SendMessageDocument,
    ({ id }) => ({ input: { conversationId: id, content: '' } }),
    badInput('input.content'),
  ),
  failure(
    'an amount of an item',
    CreateOfferDocument,
    ({ id, bob }) => ({ input: { conversationId: id, items: [money(bob.id, 0)] } }),
    badInput('input.items.0.amount'),
  ),
  failure(
    'an item further down',
    CounterOfferDocument,
    ({ offerId, bob, alice }) => ({
      input: {
        offerId,
        version: 1,
        items: [money(bob.id, 1), { ...money(alice.id, 1), currency: 'euros' }],
      },
    }),
    badInput('input.items.1.currency'),
  ),
  failure('a page size', MessagesDocument, ({ id }) => ({ id, first: 0 }), badInput('first')),
  failure('a cursor', MessagesDocument, ({ id }) => ({ id, after: 'nonsense' }), badInput('after')),
  failure(
    'a URL in a variable',
    SendMessageAsIDocument,
    ({ id }) => ({
      i: { conversationId: id, content: '', attachments: [{ url: 'ftp://example.com/file' }] },
    }),
    badInput('i.attachments.0.url'),
  ),
  failure(
    'a number in a variable',
    CreateOfferAsIDocument,
    ({ id, bob }) => ({
      i: { conversationId: id, items: [money(bob.id, 1), money(bob.id, 2 ** 53)] },
    }),
    badInput('i.items.1.amount'),
  ),
  failure(
    'a time in a variable',
    CreateOfferAsIDocument,
    ({ id, bob }) => ({
      i: { conversationId: id, items: [money(bob.id, 1)], expiresAt: 'tomorrow' },
    }),
    badInput('i.expiresAt'),
  ),
  failure(
    'an enum value in a variable',
    CreateOfferAsIDocument,
    ({ id, bob }) => ({
      i: { conversationId: id, items: [{ ...money(bob.id, 1), kind: 'FAVOUR' as 'MONEY' }] },
    }),
    badInput('i.items.0.kind'),
  ),
  failure(
    'a variable left out',
    ConversationDocument,
    () => ({}) as { id: string },
    badInput('id'),
  ),
  failure(
    'null where the default would have done',
    ConversationsMaybeArchivedDocument,
    () => ({ archived: null }),
    badInput('archived'),
  ),
  failure(
    'an edit of what is deleted',
    EditMessageDocument,
    ({ deletedId }) => ({ input: { messageId: deletedId, content: 'back' } }),
    { code: 'CONFLICT', currentVersion: 2 },
  ),
  failure(
    'a stale version',
    CounterOfferDocument,
    ({ offerId, bob }) => ({ input: { offerId, version: 7, items: [money(bob.id, 1)] } }),
    { code: 'CONFLICT', currentVersion: 1, currentStatus: 'PENDING' },
  ),
  failure(
    'a client id used before',
    SendMessageDocument,
    ({ id }) => ({
      input: { conversationId: id, content: 'other words', clientMessageId: 'used' },
    }),
    { code: 'IDEMPOTENCY_MISMATCH' },
  ),
  failure(
    'somebody new in a conversation of two',
    AddParticipantDocument,
    ({ id, alice }) => ({ input: { conversationId: id, userId: alice.id } }),
    badInput('input.conversationId'),
  ),
  ['a syntax error', '{ me { id }', () => ({}), { code: 'GRAPHQL_PARSE_FAILED' }],
  ['an empty document', ' ', () => ({}), { code: 'GRAPHQL_PARSE_FAILED' }],
  ['an unknown field', '{ me { id password } }', () => ({}), { code: 'GRAPHQL_VALIDATION_FAILED' }],
  [
    'a wrong literal',
    'mutation { sendMessage(input: { conversationId: "x", content: 5 }) { message { id } } }',
    () => ({}),
    { code: 'GRAPHQL_VALIDATION_FAILED' },
  ],
];

async function overHttp(person: Person, query: string, variables: Record<string, unknown>) {
  const { body } = await post(person.node, { query, variables }, bearer(person.token));
  return body;
}

async function overSocket(
  person: Person,
  query: string,
  variables: Record<string, unknown>,
): ReturnType<typeof overHttp> {
  return new Promise((resolve, reject) => {
    let answer: Awaited<ReturnType<typeof overHttp>> = {};
    person.socket().subscribe<Record<string, unknown>, Record<string, unknown>>(
      { query, variables },
      {
        next: (value) => {
          answer = value as typeof answer;
        },
        error: (error) =>
          Array.isArray(error)
            ? resolve({ errors: error as GraphQLFormattedError[] })
            : reject(error),
        complete: () => resolve(answer),
      },
    );
  });
}

describe('errors', () => {
  let cluster: Cluster;
  let scene: Scene;

  beforeAll(async () => {
    cluster = await Cluster.start();
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const { id: messageId } = await sendBy(alice, id);
    const { id: deletedId } = await sendBy(bob, id, { clientMessageId: 'used' });
    const mutation = `mutation { deleteMessage(input: { messageId: "${deletedId}" }) { message { id } } }`;
    await overHttp(bob, mutation, {});
    const { id: offerId } = await offerBy(alice, id);
    scene = { alice, bob, id, messageId, deletedId, offerId };
  });
  afterAll(() => cluster.stop());

  test.each(FAILURES)(
    '%s is the same error over HTTP and over a socket',
    async (_name, query, variables, extensions) => {
      const before = await scene.bob.ask(ConversationDocument, { id: scene.id });
      const http = await overHttp(scene.bob, query, variables(scene));
      expect(http.errors).toEqual([
        expect.objectContaining({ message: expect.stringMatching(/./), extensions }),
      ]);
      const socket = await overSocket(scene.bob, query, variables(scene));
      expect(socket.errors).toEqual(http.errors);
      expect(socket.data ?? null).toEqual(http.data ?? null);
      expect(await scene.bob.ask(ConversationDocument, { id: scene.id })).toEqual(before);
    },
  );

  test('what the viewer may not see is null, and the rest of the page survives', async () => {
    for (const answer of [
      await scene.bob.request(MeAndConversationDocument, { id: uuidv7() }),
      await scene.bob.askSocket(MeAndConversationDocument, { id: uuidv7() }),
    ]) {
      expect(answer.data).toEqual({ me: { id: scene.bob.id }, conversation: null });
      expect(answer.errors).toEqual([
        expect.objectContaining({ path: ['conversation'], extensions: { code: 'FORBIDDEN' } }),
      ]);
    }
  });

  const SEND_AND_LOAD =
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { content sender { username } } } }';

  test.each([
    ['HTTP', overHttp],
    ['the socket', overSocket],
  ])(
    'an error below a mutation’s payload leaves what was written, once, over %s',
    async (_name, ask) => {
      const before = await scene.bob.ask(ConversationDocument, { id: scene.id });
      const loadUsers = jest
        .spyOn(cluster.node.services.people.users, 'byIds')
        .mockRejectedValueOnce(new Error('gone'));
      try {
        const content = `written ${uuidv7()}`;
        const { data, errors } = await ask(scene.bob, SEND_AND_LOAD, {
          input: { conversationId: scene.id, content },
        });
        expect(errors).toEqual([
          expect.objectContaining({ path: ['sendMessage', 'message', 'sender'] }),
        ]);
        expect(data).toMatchObject({ sendMessage: { message: { content, sender: null } } });
        const { conversation } = await scene.bob.ask(ConversationDocument, { id: scene.id });
        expect(conversation?.lastMessage?.content).toBe(content);
        expect(conversation?.lastSequence).toBe(before.conversation!.lastSequence + 1);
      } finally {
        loadUsers.mockRestore();
      }
    },
  );

  describe('a subscription', () => {
    test('from beyond the end of the log is RESYNC_REQUIRED, and says where the end is', async () => {
      const { conversation } = await scene.bob.ask(ConversationDocument, { id: scene.id });
      const { lastSequence } = conversation!;
      for (const after of [lastSequence + 1, 2 ** 31 - 1]) {
        const end = await scene.bob
          .subscribe(MessageAddedDocument, { conversationId: scene.id, after })
          .ended();
        expect(end).toMatchObject({
          errors: [{ extensions: { code: 'RESYNC_REQUIRED', lastSequence } }],
        });
      }
    });

    test('with a position that makes no sense is BAD_USER_INPUT', async () => {
      for (const variables of [{ after: 0 }, { conversationId: scene.id, after: -1 }]) {
        const end = await scene.bob.subscribe(MessageAddedDocument, variables).ended();
        expect(end).toMatchObject({ errors: [{ extensions: badInput('after') }] });
      }
    });

    test('names a conversation by its id in capitals too, or is FORBIDDEN', async () => {
      const conversationId = scene.id.toUpperCase();
      const stream = scene.bob.subscribe(MessageAddedDocument, { conversationId, after: 0 });
      const first = await stream.next().catch(() => stream.refusal());
      expect(typeof first === 'object' ? 'an event' : first).toMatch(/^an event$|^FORBIDDEN$/);
    });
  });

  describe('what nobody expected', () => {
    const SECRET = 'duplicate key in table users of host vault.internal';

    test.each([
      ['a plain error', () => new Error(SECRET)],
      [
        'one with a code',
        () =>
          Object.assign(new Error(SECRET), {
            code: 'XX000',
            extensions: { code: 'FORBIDDEN', SECRET },
          }),
      ],
      ['no error at all', () => SECRET],
    ])('is masked and has the request’s id: %s', async (_name, thrown) => {
      const byIds = jest
        .spyOn(cluster.node.services.people.users, 'byIds')
        .mockImplementation(() => Promise.reject(thrown()));
      try {
        const http = await post(
          cluster.node,
          { query: print(MeDocument) },
          bearer(scene.bob.token),
        );
        const socket = await scene.bob.askSocket(MeDocument, {});
        for (const errors of [http.body.errors, socket.errors]) {
          expect(errors).toEqual([
            {
              message: expect.stringMatching(/./),
              path: ['me'],
              locations: [expect.anything()],
              extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: expect.stringMatching(/./) },
            },
          ]);
        }
        expect(http.body.errors![0]!.extensions!.requestId).toBe(http.requestId);
        expect(JSON.stringify([http, socket])).not.toMatch(/duplicate|vault|XX000|stack/);
      } finally {
        byIds.mockRestore();
      }
    });

    test('is not tried again to find out what it was', async () => {
      const {
        conversations: { access },
      } = cluster.node.services;
      const read = jest
        .spyOn(access, 'read')
        .mockImplementation(() => Promise.reject(new Error(SECRET)));
      try {
        const { data, errors } = await overSocket(scene.bob, print(MeAndConversationDocument), {
          id: scene.id,
        });
        expect(data).toEqual({ me: { id: scene.bob.id }, conversation: null });
        expect(errors).toEqual([expect.objectContaining({ path: ['conversation'] })]);
        expect(read).toHaveBeenCalledTimes(1);
      } finally {
        read.mockRestore();
      }
    });

    test('refuses a subscription whose present state cannot be read, and leaves its socket', async () => {
      const {
        conversations: { reader },
      } = cluster.node.services;
      const read = jest
        .spyOn(reader.acquaintancesOf, 'start')
        .mockImplementation(() => Promise.reject(new UnavailableError()));
      try {
        const stream = scene.bob.subscribe(UserPresenceDocument, { userIds: [scene.alice.id] });
        expect(await stream.refusal()).toBe('UNAVAILABLE');
      } finally {
        read.mockRestore();
      }
    });

    test('is masked too when it happens before GraphQL has begun', async () => {
      const standingOf = jest
        .spyOn(cluster.node.services.people.users, 'standingOf')
        .mockRejectedValueOnce(new Error(SECRET));
      try {
        const answer = await post(
          cluster.node,
          { query: print(MeDocument) },
          bearer(scene.bob.token),
        );
        expect(answer.status).toBe(500);
        expect(answer.body.errors).toEqual([
          {
            message: expect.any(String),
            extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: answer.requestId },
          },
        ]);
        expect(JSON.stringify(answer)).not.toContain('vault');
      } finally {
        standingOf.mockRestore();
      }
    });
  });
});
