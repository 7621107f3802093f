import { randomUUID } from 'node:crypto';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import jwt from 'jsonwebtoken';
import { type App, startApp } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import {
  AddParticipantDocument,
  ConversationDocument,
  CreateOfferDocument,
  DeactivateUserDocument,
  LeaveConversationDocument,
  MarkReadDocument,
  MeDocument,
  MessagesDocument,
  RemoveParticipantDocument,
  SendMessageDocument,
  StartConversationDocument,
  UpsertUserDocument,
  UpsertUsersDocument,
  UserDocument,
} from '../generated/graphql';
import { Cluster, nodeConfig } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { openLogbook } from '../support/logbook';
import type { Person } from '../support/person';
import { people } from './people';
import { bearer, get, post } from './wire';

const now = () => Math.floor(Date.now() / 1_000);
const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
const signedBy = (secret: string, claims: object, options: jwt.SignOptions = {}) =>
  jwt.sign(claims, secret, options);

interface Ids {
  active: string;
  deactivated: string;
}

/** What an `Authorization` header may hold that lets nobody in. */
const REFUSED: [name: string, authorization: (ids: Ids) => string | null][] = [
  ['no token', () => null],
  ['another scheme', ({ active }) => `Basic ${Buffer.from(`${active}:secret`).toString('base64')}`],
  ['a scheme without a token', () => 'Bearer'],
  ['a token that is none', () => 'Bearer nonsense'],
  ['three parts that say nothing', () => 'Bearer a.b.c'],
  [
    'another key',
    ({ active }) => `Bearer ${signedBy('a-secret-that-parley-never-heard-of', { sub: active })}`,
  ],
  [
    'an expired token',
    ({ active }) => `Bearer ${signToken(DEVELOPMENT_SECRET, { sub: active, exp: now() - 60 })}`,
  ],
  [
    'a good signature of another algorithm',
    ({ active }) =>
      `Bearer ${signedBy(DEVELOPMENT_SECRET, { sub: active }, { algorithm: 'HS512' })}`,
  ],
  [
    'no algorithm and no signature',
    ({ active }) => `Bearer ${encode({ alg: 'none', typ: 'JWT' })}.${encode({ sub: active })}.`,
  ],
  [
    'the service role signed with the users’ key',
    ({ active }) => `Bearer ${signToken(DEVELOPMENT_SECRET, { sub: active, role: 'service' })}`,
  ],
  [
    'a user signed with the service’s key',
    ({ active }) => `Bearer ${signToken(DEVELOPMENT_SERVICE_SECRET, { sub: active })}`,
  ],
  ['a token of nobody', () => `Bearer ${signToken(DEVELOPMENT_SECRET, {})}`],
  ['an unknown user', () => `Bearer ${signToken(DEVELOPMENT_SECRET, { sub: randomUUID() })}`],
  [
    'an id that no user can have',
    () => `Bearer ${signToken(DEVELOPMENT_SECRET, { sub: 'nul\0nul' })}`,
  ],
  [
    'a deactivated user',
    ({ deactivated }) => `Bearer ${signToken(DEVELOPMENT_SECRET, { sub: deactivated })}`,
  ],
];

/** A valid token says why it is refused. */
const REASONS: Record<string, { reason: string }> = {
  'an unknown user': { reason: 'unknown user' },
  'an id that no user can have': { reason: 'unknown user' },
  'a deactivated user': { reason: 'deactivated user' },
};

describe('who is asking, over HTTP', () => {
  let cluster: Cluster;
  let ids: Ids;

  beforeAll(async () => {
    cluster = await Cluster.start({ redis: true });
    const [active, deactivated] = await people(cluster, 'active', 'deactivated');
    await cluster.service().ask(DeactivateUserDocument, { input: { userId: deactivated.id } });
    ids = { active: active.id, deactivated: deactivated.id };
  });
  afterAll(() => cluster.stop());

  test.each(REFUSED)('is UNAUTHENTICATED with status 401: %s', async (name, authorizationOf) => {
    const authorization = authorizationOf(ids);
    const { status, body } = await post(
      cluster.node,
      { query: '{ me { id } }' },
      authorization === null ? {} : { authorization },
    );
    expect(body.errors).toEqual([
      expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED', ...REASONS[name] } }),
    ]);
    expect(body.data ?? null).toBeNull();
    expect(status).toBe(401);
  });

  test('a token is good until its time and the tolerance are over', async () => {
    const token = signToken(DEVELOPMENT_SECRET, { sub: ids.active, exp: now() - 1 });
    expect((await cluster.stranger(token).ask(MeDocument, {})).me.id).toBe(ids.active);
  });

  test('a token in the URL counts for nothing', async () => {
    const token = signToken(DEVELOPMENT_SECRET, { sub: ids.active });
    const { status } = await get(
      cluster.node,
      { query: '{ me { id } }', token, authorization: `Bearer ${token}`, access_token: token },
      { 'apollo-require-preflight': 'true' },
    );
    expect(status).toBe(401);
  });

  test('introspection needs no token in development; anything beside it does', async () => {
    const { status, body } = await post(cluster.node, {
      query: '{ __schema { queryType { name } } __typename }',
    });
    expect({ status, body }).toEqual({
      status: 200,
      body: { data: { __schema: { queryType: { name: 'Query' } }, __typename: 'Query' } },
    });
    const beside = await post(cluster.node, { query: '{ __typename me { id } }' });
    expect(beside.status).toBe(401);
    const mutation = `mutation { __typename leaveConversation(input: { conversationId: "${randomUUID()}" }) { conversationId } }`;
    expect((await post(cluster.node, { query: mutation })).status).toBe(401);
  });

  describe('a service token', () => {
    async function conversation() {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const { id } = await conversationOf([alice, bob]);
      const message = await sendBy(alice, id);
      return { alice, bob, id, message };
    }

    test('is nobody: me is FORBIDDEN', async () => {
      expect(await cluster.service().refusal(MeDocument, {})).toBe('FORBIDDEN');
    });

    test('reads any conversation and any user, with nothing of its own in them', async () => {
      const { alice, bob, id, message } = await conversation();
      const service = cluster.service();
      const { conversation: read } = await service.ask(ConversationDocument, { id });
      expect(read).toMatchObject({
        id,
        unreadCount: 0,
        archived: false,
        lastMessage: { id: message.id },
      });
      const { conversation: paged } = await service.ask(MessagesDocument, { id });
      expect(paged?.messages.nodes).toEqual([message]);
      const offer = await offerBy(bob, id);
      expect(offer.availableActions).not.toEqual([]);
      expect((await service.ask(UserDocument, { id: alice.id })).user?.id).toBe(alice.id);
    });

    const PARTICIPATION: [
      name: string,
      attempt: (service: Person, id: string, userId: string) => Promise<string | null>,
    ][] = [
      [
        'startConversation',
        (service, _id, userId) =>
          service.refusal(StartConversationDocument, { input: { participantIds: [userId] } }),
      ],
      [
        'sendMessage',
        (service, id) =>
          service.refusal(SendMessageDocument, { input: { conversationId: id, content: 'hi' } }),
      ],
      [
        'markRead',
        (service, id) =>
          service.refusal(MarkReadDocument, { input: { conversationId: id, sequence: 1 } }),
      ],
      [
        'addParticipant',
        (service, id, userId) =>
          service.refusal(AddParticipantDocument, { input: { conversationId: id, userId } }),
      ],
      [
        'leaveConversation',
        (service, id) =>
          service.refusal(LeaveConversationDocument, { input: { conversationId: id } }),
      ],
      [
        'createOffer',
        (service, id, userId) =>
          service.refusal(CreateOfferDocument, {
            input: {
              conversationId: id,
              recipientId: userId,
              items: [{ giverId: userId, kind: 'CREDITS', amount: 1 }],
            },
          }),
      ],
    ];
    test.each(PARTICIPATION)('takes part in nothing: %s is FORBIDDEN', async (_name, attempt) => {
      const { bob, id } = await conversation();
      expect(await attempt(cluster.service(), id, bob.id)).toBe('FORBIDDEN');
      expect((await bob.ask(ConversationDocument, { id })).conversation?.lastSequence).toBe(1);
    });

    type Operation = [
      name: string,
      document: TypedDocumentNode<unknown, never>,
      variables: (userId: string, id: string) => object,
    ];
    const operation = <T, V>(
      name: string,
      document: TypedDocumentNode<T, V>,
      variables: (userId: string, id: string) => V,
    ) => [name, document, variables] as unknown as Operation;
    const OPERATIONS: Operation[] = [
      operation('upsertUser', UpsertUserDocument, (id) => ({ input: { id, username: 'renamed' } })),
      operation('upsertUsers', UpsertUsersDocument, (id) => ({
        input: [{ id, username: 'renamed' }],
      })),
      operation('removeParticipant', RemoveParticipantDocument, (userId, id) => ({
        input: { conversationId: id, userId },
      })),
      operation('deactivateUser', DeactivateUserDocument, (userId) => ({ input: { userId } })),
    ];
    test.each(OPERATIONS)(
      'alone may call %s: FORBIDDEN to users',
      async (_name, document, variablesOf) => {
        const { alice, bob, id } = await conversation();
        const variables = variablesOf(bob.id, id) as never;
        expect(await alice.refusal(document, variables)).toBe('FORBIDDEN');
        expect((await bob.ask(MeDocument, {})).me.username).toBe(bob.id);
        expect(await cluster.service().refusal(document, variables)).toBeNull();
      },
    );

    test('makes users and brings them up to date', async () => {
      const id = randomUUID();
      const service = cluster.service();
      const made = await service.ask(UpsertUserDocument, { input: { id, username: 'new' } });
      expect(made.upsertUser).toMatchObject({
        created: true,
        user: { id, username: 'new', displayName: null },
      });
      const avatarUrl = 'https://cdn.example.com/new.png';
      const again = await service.ask(UpsertUserDocument, {
        input: { id, username: 'newer', displayName: 'N', avatarUrl },
      });
      expect(again.upsertUser).toEqual({
        created: false,
        user: { id, username: 'newer', displayName: 'N', avatarUrl },
      });
      const { me } = await cluster
        .stranger(signToken(DEVELOPMENT_SECRET, { sub: id }))
        .ask(MeDocument, {});
      expect(me).toEqual(again.upsertUser.user);
    });

    test('brings 500 users at once, not one more, all or none', async () => {
      const prefix = randomUUID();
      const input = Array.from({ length: 501 }, (_, index) => ({
        id: `${prefix}-${index}`,
        username: 'many',
      }));
      const service = cluster.service();
      expect(await service.refusal(UpsertUsersDocument, { input })).toBe('BAD_USER_INPUT');
      const broken = [...input.slice(0, 2), { id: '', username: 'many' }];
      const { errors } = await service.request(UpsertUsersDocument, { input: broken });
      expect(errors![0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.2.id' });
      expect((await service.ask(UserDocument, { id: input[0]!.id })).user).toBeNull();
      const { upsertUsers } = await service.ask(UpsertUsersDocument, {
        input: input.slice(0, 500),
      });
      expect(upsertUsers.users.map(({ id }) => id)).toEqual(
        input.slice(0, 500).map(({ id }) => id),
      );
    });

    describe('on behalf of a user', () => {
      const onBehalfOf = (userId: string) => ({ 'parley-on-behalf-of': userId });

      test('is that user, with every check', async () => {
        const { alice, id } = await conversation();
        const service = cluster.service();
        const { data } = await service.request(MeDocument, {}, onBehalfOf(alice.id));
        expect(data?.me.id).toBe(alice.id);
        const message = { input: { conversationId: id, content: 'for alice' } };
        const sent = await service.request(SendMessageDocument, message, onBehalfOf(alice.id));
        expect(sent.data?.sendMessage.message.sender?.id).toBe(alice.id);
        const forActive = await service.request(
          SendMessageDocument,
          message,
          onBehalfOf(ids.active),
        );
        expect(forActive.errors![0]!.extensions).toEqual({ code: 'FORBIDDEN' });
        const asService = await service.request(
          DeactivateUserDocument,
          { input: { userId: alice.id } },
          onBehalfOf(alice.id),
        );
        expect(asService.errors![0]!.extensions).toEqual({ code: 'FORBIDDEN' });
      });

      test.each(['unknown', 'deactivated'] as const)(
        'is UNAUTHENTICATED for one who is %s',
        async (kind) => {
          const service = cluster.service();
          await service.request(
            MeDocument,
            {},
            onBehalfOf(kind === 'unknown' ? randomUUID() : ids.deactivated),
          );
          expect(service.lastStatus).toBe(401);
        },
      );

      test('a user’s own token stays its user', async () => {
        const { alice, bob } = await conversation();
        const { data } = await alice.request(MeDocument, {}, onBehalfOf(bob.id));
        expect(data?.me.id ?? alice.id).toBe(alice.id);
      });

      test('says so in the log', async () => {
        const { alice, id } = await conversation();
        const logbook = openLogbook();
        const node: App = await startApp(nodeConfig(cluster.databaseUrl, true), logbook.logger);
        try {
          const message = { input: { conversationId: id, content: 'logged' } };
          await cluster.service(node).request(SendMessageDocument, message, onBehalfOf(alice.id));
          await sendBy(cluster.device(alice, node), id);
        } finally {
          await node.stop();
        }
        const [forAlice, byAlice] = logbook.about('message sent');
        expect(forAlice).toMatchObject({ userId: alice.id, onBehalf: true });
        expect(byAlice).toMatchObject({ userId: alice.id });
        expect(byAlice).not.toHaveProperty('onBehalf');
      });
    });
  });

  test('bearer tokens are accepted whatever the case of the scheme', async () => {
    const { authorization } = bearer(signToken(DEVELOPMENT_SECRET, { sub: ids.active }));
    const lower = authorization!.replace('Bearer', 'bearer');
    expect(
      (await post(cluster.node, { query: '{ me { id } }' }, { authorization: lower })).status,
    ).toBe(200);
  });
});
