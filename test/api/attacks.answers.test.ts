import { UnavailableError } from '../../src/errors';
import {
  MarkNotificationsReadDocument,
  MarkReadDocument,
  NotifyUserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import { people } from './people';
import { bearer, post } from './wire';

describe('attacks on answers', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => cluster.stop());

  test('the database going away after something was read is an error below the payload, since it was written', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const { sequence } = await sendBy(alice, id);
    const {
      notifications,
      conversations: { reader: conversationReader },
    } = cluster.node.services;
    jest.spyOn(conversationReader, 'participantsOf').mockRejectedValueOnce(new UnavailableError());
    const read = await bob.request(MarkReadDocument, { input: { conversationId: id, sequence } });
    expect(read.errors).toMatchObject([{ path: ['markRead', 'conversation', 'unreadCount'] }]);
    jest.spyOn(notifications, 'inboxes').mockRejectedValueOnce(new UnavailableError());
    const marked = await bob.request(MarkNotificationsReadDocument, {
      input: { throughSequence: sequence },
    });
    for (const error of marked.errors!) expect(error.path!.length).toBeGreaterThan(1);
  });

  /** Arrays within each other; a client library would run out of stack itself. */
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

  const postAsService = (input: string, mutation: string) =>
    post(
      cluster.node,
      `{"query":${JSON.stringify(mutation)},"variables":{"input":${input}}}`,
      bearer(cluster.service().token),
    );

  test('the platform may send any data whose text merely looks like an escape', async () => {
    const [bob] = await people(cluster, 'bob');
    const data = { path: 'C:\\u0000', '\\ud83d': ['\\', '\\\\u0000'], smile: '😀' };
    const notify = (of: object) =>
      cluster
        .service()
        .request(NotifyUserDocument, { input: { userId: bob.id, title: 'data', data: of } });
    expect((await notify(data)).data!.notifyUser.notification.data).toEqual(data);
    for (const bad of ['\0', '\\\0', '\ud83d', '\\\udc00', '\\\\\\\0'])
      for (const within of [{ text: bad }, { [bad]: 1 }])
        expect((await notify(within)).errors).toMatchObject([
          { extensions: { field: 'input.data' } },
        ]);
  });

  test.each([
    [5_000, { code: 'BAD_USER_INPUT', field: 'input.data' }],
    [19_000, { code: 'BAD_USER_INPUT', field: 'input.data' }],
    [60_000, { code: 'QUERY_TOO_COMPLEX', limit: 20_000 }],
  ])('data of %i levels is refused with a reason', async (levels, extensions) => {
    const [bob] = await people(cluster, 'bob');
    const name = `"userId":${JSON.stringify(bob.id)}`;
    const answers = await Promise.all([
      postAsService(
        `{${name},"title":"deep","data":${nested(levels)}}`,
        'mutation ($input: NotifyUserInput!) { notifyUser(input: $input) { notification { id } } }',
      ),
      postAsService(
        `{${name},"name":"deep","data":${nested(levels)}}`,
        'mutation ($input: EmitEventInput!) { emitEvent(input: $input) { ok } }',
      ),
    ]);
    for (const { body } of answers) expect(body.errors).toMatchObject([{ extensions }]);
  });
});
