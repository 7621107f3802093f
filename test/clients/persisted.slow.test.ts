import type { Cluster } from '../support/cluster';
import { runPersisted, startPersistedOnly } from './persisted.scene';

describe('clients from npm, where nothing but the manifest of @parley/client/documents runs', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await startPersistedOnly();
  });
  afterAll(() => cluster.stop());

  test('the documents of codegen, with the ids that they carry', async () => {
    expect(await runPersisted(cluster, 'codegen-persisted', ['graphql-ws'])).toEqual({
      me: 'alice',
      byGet: 'alice',
      added: 'persisted',
    });
  });

  test('urql, with hashes of its own', async () => {
    const good = { me: 'alice', added: 'persisted' };
    expect(
      await runPersisted(cluster, 'urql-persisted', ['@urql/core', '@urql/exchange-persisted']),
    ).toEqual({
      cached: good,
      plain: good,
      byGet: good,
      texts: [],
    });
  });
});
