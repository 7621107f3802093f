import { UnavailableError } from '../../src/errors';
import { MarkNotificationsReadDocument, MarkReadDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';
import { people } from './people';

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
    const { conversations, notifications } = cluster.node.services;
    jest.spyOn(conversations, 'participantsOf').mockRejectedValueOnce(new UnavailableError());
    const read = await bob.request(MarkReadDocument, { input: { conversationId: id, sequence } });
    expect(read.errors).toMatchObject([{ path: ['markRead', 'conversation', 'unreadCount'] }]);
    jest.spyOn(notifications, 'inboxes').mockRejectedValueOnce(new UnavailableError());
    const marked = await bob.request(MarkNotificationsReadDocument, { input: { throughSequence: sequence } });
    for (const error of marked.errors!) expect(error.path!.length).toBeGreaterThan(1);
  });
});
