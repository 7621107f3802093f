import { NotificationAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { people } from './people';

describe('attacks on streams', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterEach(() => jest.restoreAllMocks());
  afterAll(() => cluster.stop());

  test('a subscription that ends because something unforeseen went wrong leaves no seat', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const { hub, notifications } = cluster.node.services;
    const before = hub.size;
    const stream = bob.subscribe(NotificationAddedDocument, { after: 0 });
    await eventually(() => expect(hub.size.seats).toBe(before.seats + 1));
    jest.spyOn(notifications, 'byIds').mockRejectedValueOnce(new Error('unforeseen'));
    await sendBy(alice, id);
    expect(await stream.refusal()).toBe('INTERNAL_SERVER_ERROR');
    await eventually(() => expect(hub.size).toEqual(before));
  });
});
