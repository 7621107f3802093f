import { randomUUID } from 'node:crypto';
import {
  DeactivateUserDocument,
  LeaveConversationDocument,
  MessageAddedDocument,
  UpsertUserDocument,
  UserDocument,
  UserPresenceDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

const NO_POSSIBLE_ID = 'nul\0nul';

describe('whom somebody may know', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  test('is whoever shares a conversation with them; anybody else is null', async () => {
    const [alice, bob, stranger] = await people(cluster, 'alice', 'bob', 'stranger');
    const { id } = await conversationOf([alice, bob]);
    const seen = async (viewer: Person, userId: string) =>
      (await viewer.ask(UserDocument, { id: userId })).user?.id ?? null;
    expect(await seen(alice, bob.id)).toBe(bob.id);
    expect(await seen(bob, alice.id)).toBe(alice.id);
    expect(await seen(alice, alice.id)).toBe(alice.id);
    expect(await seen(stranger, alice.id)).toBeNull();
    expect(await seen(alice, stranger.id)).toBeNull();
    expect(await seen(alice, randomUUID())).toBeNull();
    await bob.ask(LeaveConversationDocument, { input: { conversationId: id } });
    expect(await seen(alice, bob.id)).toBeNull();
    expect(await seen(bob, alice.id)).toBeNull();
  });

  test('is nobody with an id that the database cannot hold', async () => {
    const [alice] = await people(cluster, 'alice');
    expect(await alice.ask(UserDocument, { id: NO_POSSIBLE_ID })).toEqual({ user: null });
    const service = cluster.service();
    expect(
      await service.refusal(DeactivateUserDocument, { input: { userId: NO_POSSIBLE_ID } }),
    ).toBe('NOT_FOUND');
  });

  test.each([
    ['id', { id: NO_POSSIBLE_ID }],
    ['username', { username: 'nul\0' }],
    ['username', { username: '' }],
    ['displayName', { displayName: 'half of a pair: \ud83d' }],
    ['avatarUrl', { avatarUrl: 'https://cdn.example.com/\0' }],
    ['avatarUrl', { avatarUrl: 'javascript:alert(1)' }],
  ])('is nobody with a profile that cannot be kept: %s', async (field, profile) => {
    const input = { id: randomUUID(), username: 'new', ...profile };
    const { errors } = await cluster.service().request(UpsertUserDocument, { input });
    expect(errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: `input.${field}`,
    });
  });

  describe('by their presence', () => {
    /** The first event, or the errors that came in its place. */
    async function firstOf<T>(
      stream: EventStream<T>,
    ): Promise<[event: T | undefined, errors: unknown[]]> {
      await eventually(() =>
        expect(stream.received.length + stream.eventErrors.length).toBeGreaterThan(0),
      );
      stream.stop();
      return [stream.received[0], stream.eventErrors];
    }

    test('is offline and never seen to a stranger, and told from nobody who does not exist', async () => {
      const [alice, bob, stranger] = await people(cluster, 'alice', 'bob', 'stranger');
      const { id } = await conversationOf([alice, bob]);
      const online = alice.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      await sendBy(bob, id);
      await online.next();
      const unknown = randomUUID();
      const answerAbout = async (userId: string) => {
        const [event] = await firstOf(
          stranger.subscribe(UserPresenceDocument, { userIds: [userId] }),
        );
        const { online = false, lastSeenAt = null } = event?.userPresence ?? {};
        expect({ online, lastSeenAt }).toEqual({ online: false, lastSeenAt: null });
        return JSON.stringify(event ?? null).replaceAll(userId, 'somebody');
      };
      expect(await answerAbout(alice.id)).toBe(await answerAbout(unknown));
      expect(
        (await bob.subscribe(UserPresenceDocument, { userIds: [alice.id] }).next()).userPresence
          .online,
      ).toBe(true);
    });

    test.each([
      ['empty', ''],
      ['too long', 'x'.repeat(129)],
      ['with a NUL', NO_POSSIBLE_ID],
      ['with half a character', 'half \ud800'],
    ])('is of an id that is %s BAD_USER_INPUT, and names its place', async (_kind, id) => {
      const [alice] = await people(cluster, 'alice');
      for (const place of [0, 1]) {
        const userIds = [alice.id, alice.id];
        userIds[place] = id;
        const end = await alice.subscribe(UserPresenceDocument, { userIds }).ended();
        expect(end).toMatchObject({
          errors: [{ extensions: { code: 'BAD_USER_INPUT', field: `userIds.${place}` } }],
        });
      }
    });

    test('is at most 200 people', async () => {
      const [alice] = await people(cluster, 'alice');
      const userIds = Array.from({ length: 201 }, () => randomUUID());
      expect(await alice.subscribe(UserPresenceDocument, { userIds }).refusal()).toBe(
        'BAD_USER_INPUT',
      );
    });
  });
});
