import { Cluster } from '../support/cluster';
import { openScene, report, tell, versionOf } from './scene';

const PROGRAMS = `${__dirname}/programs`;

describe('clients from npm, as they come', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  async function runClient(name: string, packages: readonly string[]): Promise<unknown> {
    tell(packages.map((one) => `${one} ${versionOf(one)}`).join(', '));
    const { env } = await openScene(cluster);
    return report(process.execPath, [`${PROGRAMS}/${name}.mjs`], env);
  }

  test('urql', async () => {
    expect(await runClient('urql', ['@urql/core', 'graphql-ws'])).toEqual({
      methods: ['GET', 'POST', 'GET'],
      query: { me: { __typename: 'User', id: 'alice' } },
      mutation: 1,
      subscription: 'by urql',
      refusal: 'FORBIDDEN',
    });
  });

  test('Apollo Client', async () => {
    const me = { me: { __typename: 'User', id: 'alice' } };
    expect(await runClient('apollo', ['@apollo/client', 'graphql-ws'])).toEqual({
      query: me,
      byGet: me,
      mutation: 1,
      subscription: 'by Apollo Client',
      refusal: 'FORBIDDEN',
      refusedSubscription: 'FORBIDDEN',
    });
  });

  test('graphql-request', async () => {
    expect(await runClient('graphql-request', ['graphql-request'])).toEqual({
      query: { me: { id: 'alice' } },
      byGet: { me: { id: 'alice' } },
      mutation: 1,
      mutationOfGet: 2,
      batch: 'BAD_REQUEST',
      refusal: 'FORBIDDEN',
      stranger: 'UNAUTHENTICATED',
    });
  });
});
