import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  DeactivateUserDocument,
  InboxDocument,
  NotificationAddedDocument,
  NotificationsDocument,
  NotifyUserDocument,
  type NotifyUserInput,
} from '../generated/graphql';
import { anyJson } from '../support/any-json';
import { Cluster } from '../support/cluster';
import type { Person } from '../support/person';
import { people } from './people';
import { MOST_LEVELS, nested } from './platform.data';
import { bearer, post } from './wire';

describe('notifyUser', () => {
  let cluster: Cluster;
  let service: Person;
  let bob: Person;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
    service = cluster.service();
    [bob] = await people(cluster, 'bob');
  });
  afterAll(() => cluster.stop());

  const notify = async (input: Partial<NotifyUserInput> = {}) =>
    (await service.ask(NotifyUserDocument, { input: { userId: bob.id, title: 'hello', ...input } }))
      .notifyUser.notification;
  const refusal = async (input: Partial<NotifyUserInput>, sender = service, headers = {}) => {
    const whole = { userId: bob.id, title: 'hello', ...input };
    return (await sender.request(NotifyUserDocument, { input: whole }, headers)).errors?.[0]
      ?.extensions;
  };
  const end = async () => (await bob.ask(InboxDocument, {})).inbox.lastNotificationSequence;

  test('reaches the user at either node, and stays until it is read', async () => {
    const after = await end();
    const streams = cluster.nodes.map((node) =>
      cluster.device(bob, node).subscribe(NotificationAddedDocument, { after }),
    );
    const data = { order: 17, tags: ['a', null] };
    const made = await notify({ title: 'Paid', body: ' as <b>given</b>\n', data });
    expect(made).toMatchObject({
      sequence: after + 1,
      kind: 'CUSTOM',
      title: 'Paid',
      body: ' as <b>given</b>\n',
      data,
      count: 1,
      actor: null,
      conversation: null,
      message: null,
      offer: null,
      readAt: null,
    });
    for (const stream of streams)
      expect((await stream.next()).notificationAdded).toMatchObject(made);
    const { notifications } = await bob.ask(NotificationsDocument, { first: 1 });
    expect(notifications.nodes).toEqual([made]);
  });

  test('needs no more than a title', async () => {
    expect(await notify()).toMatchObject({ title: 'hello', body: null, data: null });
    expect(await notify({ body: '', data: null })).toMatchObject({ body: '', data: null });
  });

  test('with a deduplicationKey makes one, for each user', async () => {
    const [carol] = await people(cluster, 'carol');
    const deduplicationKey = randomUUID();
    const [first, ...repeats] = await Promise.all(
      Array.from({ length: 10 }, () => notify({ deduplicationKey })),
    );
    for (const repeat of repeats) expect(repeat).toEqual(first);
    expect(await end()).toBe(first!.sequence);
    expect((await notify({ deduplicationKey, userId: carol.id })).id).not.toBe(first!.id);
    expect((await notify({ deduplicationKey: randomUUID() })).id).not.toBe(first!.id);
  });

  test('of nobody, or of somebody deactivated, is NOT_FOUND', async () => {
    const [gone] = await people(cluster, 'gone');
    await service.ask(DeactivateUserDocument, { input: { userId: gone.id } });
    for (const userId of [randomUUID(), gone.id, '', 'nul\0nul', 'half \ud800'])
      expect(await refusal({ userId })).toEqual({ code: 'NOT_FOUND' });
  });

  test('is FORBIDDEN to users, also on whose behalf the platform acts', async () => {
    const before = await end();
    expect(await refusal({}, bob)).toEqual({ code: 'FORBIDDEN' });
    expect(await refusal({}, service, { 'parley-on-behalf-of': bob.id })).toEqual({
      code: 'FORBIDDEN',
    });
    expect(await refusal({ userId: randomUUID() }, bob)).toEqual({ code: 'FORBIDDEN' });
    expect(await end()).toBe(before);
  });

  test('takes what is as long as it may be, in code points', async () => {
    const [title, body, deduplicationKey] = [
      '👋'.repeat(200),
      '👋'.repeat(2_000),
      '👋'.repeat(100) + randomUUID(),
    ];
    expect(await notify({ title, body, deduplicationKey })).toMatchObject({ title, body });
    expect(await notify({ deduplicationKey: '👋'.repeat(200) })).toMatchObject({ title: 'hello' });
  });

  test.each<[field: keyof NotifyUserInput, kind: string, value: unknown]>([
    ['title', 'empty', ''],
    ['title', 'too long', '👋'.repeat(201)],
    ['title', 'with NUL', 'nul\0nul'],
    ['title', 'with half a character', 'half \ud800'],
    ['body', 'too long', '👋'.repeat(2_001)],
    ['body', 'with NUL', 'nul\0nul'],
    ['deduplicationKey', 'empty', ''],
    ['deduplicationKey', 'too long', '👋'.repeat(201)],
    ['deduplicationKey', 'with NUL', 'nul\0nul'],
    ['data', 'with NUL', { deep: ['nul\0nul'] }],
    ['data', 'with NUL in a key', { 'nul\0nul': 1 }],
    ['data', 'with NUL behind a backslash', '\\\0'],
    ['data', 'with half a character', ['half \udfff']],
    ['data', 'with the other half', ['half \ud800']],
  ])(
    'with a %s that is %s is BAD_USER_INPUT, and nothing is written',
    async (field, _kind, value) => {
      const before = await end();
      expect(await refusal({ [field]: value })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: `input.${field}`,
      });
      expect(await end()).toBe(before);
    },
  );

  test.each([MOST_LEVELS + 1, 19_000])(
    'with data of %d levels is BAD_USER_INPUT',
    async (levels) => {
      const query =
        'mutation ($input: NotifyUserInput!) { notifyUser(input: $input) { notification { id data } } }';
      const attempt = (depth: number) =>
        post(
          cluster.node,
          `{"query":"${query}","variables":{"input":{"userId":"${bob.id}","title":"deep","data":${nested(depth)}}}}`,
          bearer(service.token),
        );
      const { body } = await attempt(levels);
      expect(body.errors?.[0]?.extensions).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'input.data',
      });
      expect(JSON.stringify((await attempt(MOST_LEVELS)).body)).toContain(nested(MOST_LEVELS));
    },
  );

  test.each([
    '\\u0000',
    'C:\\udata',
    '\\\\ud800',
    '👋',
    '',
    0,
    false,
    [],
    {},
    [[{}]],
    1e300,
    -1.5e-7,
  ])('brings the data %j as they are', async (data) => {
    expect((await notify({ data })).data).toEqual(data);
  });

  test('brings any JSON as it is', async () => {
    await fc.assert(
      fc.asyncProperty(anyJson, async (data) => {
        const [errors, unstorable] = [
          await refusal({ data }),
          /(?<!\\)(\\\\)*\\u0000/.test(JSON.stringify(data)),
        ];
        if (unstorable)
          expect(errors).toMatchObject({ code: 'BAD_USER_INPUT', field: 'input.data' });
        else
          expect(
            (await bob.ask(NotificationsDocument, { first: 1 })).notifications.nodes[0]!.data,
          ).toEqual(data);
      }),
      { numRuns: 100 },
    );
  });
});
