import { randomUUID } from 'node:crypto';
import {
  BlockedByViewerDocument,
  BlockedUsersDocument,
  BlockUserDocument,
  DeactivateUserDocument,
  SendMessageDocument,
  UnblockUserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { block, unblock } from './blocking';
import { people } from './people';

describe('whom somebody blocks', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  const listOf = async (person: Person) =>
    (await person.ask(BlockedUsersDocument, {})).blockedUsers;
  const idsOf = async (person: Person) => (await listOf(person)).map(({ id }) => id);
  const CHANGES = [
    ['blockUser', BlockUserDocument],
    ['unblockUser', UnblockUserDocument],
  ] as const;
  const refusalOf = async (
    person: Person,
    document: typeof BlockUserDocument | typeof UnblockUserDocument,
    id: string,
  ) =>
    (await person.request(document as typeof BlockUserDocument, { input: { userId: id } }))
      .errors?.[0]?.extensions;

  test('are listed for them alone, the newest first', async () => {
    const [alice, bob, carol, dave] = await people(cluster, 'alice', 'bob', 'carol', 'dave');
    expect(await listOf(alice)).toEqual([]);
    for (const other of [bob, carol, dave]) await block(alice, other);
    expect(await idsOf(alice)).toEqual([dave.id, carol.id, bob.id]);
    expect((await listOf(alice)).map(({ blockedByViewer }) => blockedByViewer)).toEqual([
      true,
      true,
      true,
    ]);
    expect(await listOf(bob)).toEqual([]);
    await unblock(alice, carol);
    expect(await idsOf(alice)).toEqual([dave.id, bob.id]);
  });

  test('are answered with the state that was made', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const input = { userId: bob.id };
    const { blockUser } = await alice.ask(BlockUserDocument, { input });
    expect(blockUser).toMatchObject({
      blocked: true,
      user: { id: bob.id, username: bob.id, blockedByViewer: true },
    });
    const { unblockUser } = await alice.ask(UnblockUserDocument, { input });
    expect(unblockUser).toMatchObject({
      blocked: false,
      user: { id: bob.id, blockedByViewer: false },
    });
  });

  test('are told from others wherever they are met, and do not learn of it', async () => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([carol, alice, bob]);
    await block(alice, bob);
    const seenBy = async (viewer: Person) => {
      const { conversation } = await viewer.ask(BlockedByViewerDocument, { id });
      return conversation!.participants
        .filter(({ user }) => user.blockedByViewer)
        .map(({ user }) => user.id);
    };
    expect(await seenBy(alice)).toEqual([bob.id]);
    expect(await seenBy(bob)).toEqual([]);
    expect(await seenBy(carol)).toEqual([]);
    expect(await seenBy(cluster.service())).toEqual([]);
  });

  test('do not change by repeating, the order included', async () => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    await block(alice, bob);
    await block(alice, carol);
    await block(alice, bob);
    expect(await idsOf(alice)).toEqual([carol.id, bob.id]);
    await unblock(alice, bob);
    const { unblockUser } = await alice.ask(UnblockUserDocument, { input: { userId: bob.id } });
    expect(unblockUser).toMatchObject({ blocked: false, user: { blockedByViewer: false } });
    expect(await idsOf(alice)).toEqual([carol.id]);
  });

  test('stay blocked by the one when the other takes it back', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    await block(alice, bob);
    await block(bob, alice);
    await unblock(alice, bob);
    expect([await idsOf(alice), await idsOf(bob)]).toEqual([[], [alice.id]]);
    const input = { conversationId: id, content: 'hi' };
    expect(await alice.refusal(SendMessageDocument, { input })).toBe('FORBIDDEN');
    // Only one's own can be taken back.
    await unblock(alice, bob);
    expect(await alice.refusal(SendMessageDocument, { input })).toBe('FORBIDDEN');
    await unblock(bob, alice);
    expect(await alice.refusal(SendMessageDocument, { input })).toBeNull();
  });

  test('may be anybody: a stranger, and whoever was deactivated', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    await cluster.service().ask(DeactivateUserDocument, { input: { userId: bob.id } });
    await block(alice, bob);
    expect(await idsOf(alice)).toEqual([bob.id]);
  });

  test('are also blocked by the platform on their behalf', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const onBehalf = { 'parley-on-behalf-of': alice.id };
    const { data } = await cluster
      .service()
      .request(BlockUserDocument, { input: { userId: bob.id } }, onBehalf);
    expect(data?.blockUser.blocked).toBe(true);
    expect(await idsOf(alice)).toEqual([bob.id]);
  });

  describe.each(CHANGES)('%s', (_name, document) => {
    test('of oneself is BAD_USER_INPUT, and names the field', async () => {
      const [alice] = await people(cluster, 'alice');
      expect(await refusalOf(alice, document, alice.id)).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.userId',
      });
      expect(await listOf(alice)).toEqual([]);
    });

    test.each([
      ['that is nobody’s', randomUUID()],
      ['that is empty', ''],
      ['that is too long', 'x'.repeat(1_000)],
      ['with a NUL', 'nul\0nul'],
      ['with half a character', 'half \ud800'],
    ])('of an id %s is NOT_FOUND', async (_kind, userId) => {
      const [alice] = await people(cluster, 'alice');
      expect(await refusalOf(alice, document, userId)).toEqual({ code: 'NOT_FOUND' });
    });

    test('is nothing that the platform does in its own name: FORBIDDEN, whoever it names', async () => {
      const [bob] = await people(cluster, 'bob');
      const service = cluster.service();
      for (const userId of [bob.id, randomUUID()])
        expect(await refusalOf(service, document, userId)).toEqual({ code: 'FORBIDDEN' });
    });
  });
});
