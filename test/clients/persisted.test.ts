import type { Cluster } from '../support/cluster';
import { runPersisted, startPersistedOnly } from './persisted.scene';

describe('Apollo Client, where nothing but the manifest of @parley/client/documents runs', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startPersistedOnly();
  });
  afterAll(() => cluster.stop());

  test("sends the manifest's ids, or hashes of its own", async () => {
    const good = { me: 'User', added: 'persisted' };
    const packages = ['@apollo/client', '@apollo/persisted-query-lists', 'graphql-ws'];
    expect(await runPersisted(cluster, 'apollo-persisted', packages)).toEqual({
      fromManifest: good,
      atRuntime: good,
      plain: good,
      byGet: good,
      hasTexts: false,
      differing: [],
      refusal: 'BAD_USER_INPUT',
    });
  });
});
