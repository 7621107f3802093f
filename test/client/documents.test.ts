import { InMemoryCache } from '@apollo/client';
import { people } from '../api/people';
import { InboxDocument, MarkReadDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';

describe('a normalised cache', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  test('has the badges as they are after the answer to markRead', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id: conversationId } = await conversationOf([alice, bob]);
    const { sequence } = await sendBy(alice, conversationId);
    const cache = new InMemoryCache();
    const look = () => bob.ask(cache.transformDocument(InboxDocument) as typeof InboxDocument, {});
    cache.writeQuery({ query: InboxDocument, data: await look() });
    expect(cache.readQuery({ query: InboxDocument })?.inbox).toMatchObject({
      unreadNotificationCount: 1,
      unreadConversationCount: 1,
    });

    const read = cache.transformDocument(MarkReadDocument) as typeof MarkReadDocument;
    const input = { conversationId, sequence };
    const data = await bob.ask(read, { input });
    cache.writeQuery({ id: 'ROOT_MUTATION', query: MarkReadDocument, variables: { input }, data });
    expect(cache.readQuery({ query: InboxDocument })).toEqual(await look());
    expect(cache.readQuery({ query: InboxDocument })?.inbox).toMatchObject({
      unreadNotificationCount: 0,
      unreadConversationCount: 0,
    });
  });
});
