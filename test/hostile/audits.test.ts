import { type AuditResult, serverAudits } from 'graphql-http';
import { people } from '../api/people';
import { Cluster } from '../support/cluster';
import { startProduction } from '../support/production';

/** In production introspection is off: these ask for `__type`. */
const INTROSPECTING = ['BF61', '2EA1', '28B9', 'D6D5', '6A70'];

/** Runs all audits of graphql-http as a client that has a token, and prints the figures. */
async function audit(name: string, url: string, token: string): Promise<AuditResult[]> {
  const fetchFn: typeof fetch = (input, init) => {
    const headers = { ...init?.headers, authorization: `Bearer ${token}` };
    return fetch(input, { ...init, headers });
  };
  const results = await Promise.all(
    serverAudits({ url: `${url}/graphql`, fetchFn }).map(({ fn }) => fn()),
  );
  const count = (status: string) => results.filter((one) => one.status === status).length;
  const figures = ['ok', 'notice', 'warn', 'error'].map((one) => `${count(one)} ${one}`);
  process.stdout.write(`graphql-http's audits, ${name}: ${figures.join(', ')}\n`);
  return results;
}

const failed = (results: readonly AuditResult[]) =>
  results
    .filter(({ status }) => status !== 'ok')
    .map(({ id, name, ...rest }) => `${id} ${name}: ${'reason' in rest ? rest.reason : ''}`);

describe('GraphQL over HTTP, by the audits of graphql-http', () => {
  let cluster: Cluster;

  afterEach(() => cluster.stop());

  test('is kept in every point, the recommended and the optional ones included', async () => {
    cluster = await Cluster.start();
    const [alice] = await people(cluster, 'alice');
    const results = await audit('development', cluster.node.url, alice.token!);
    expect(failed(results)).toEqual([]);
    expect(results.length).toBe(60);
  });

  test('is kept in production as well, but for introspection', async () => {
    const production = await startProduction();
    cluster = production.cluster;
    const results = await audit('production', cluster.node.url, production.token);
    expect(failed(results.filter(({ id }) => !INTROSPECTING.includes(id)))).toEqual([]);
  });
});
