import { getIntrospectionQuery } from 'graphql';
import { bearer, get, post, WireSocket } from '../api/wire';
import type { Cluster } from '../support/cluster';
import { startProduction } from '../support/production';
import { askBoth, repeat } from './both';

/** The checks of graphql-cop, and what stands in its answers that says nothing is to be found. */
describe('graphql-cop finds nothing in production', () => {
  let cluster: Cluster;
  let token: string;

  beforeAll(async () => {
    ({ cluster, token } = await startProduction());
  });
  afterAll(() => cluster.stop());

  /** Expects one error of this code over both transports, and no data. */
  async function expectRefused(query: string, extensions: object): Promise<void> {
    for (const answer of await askBoth(cluster.node, token, { query, operationName: 'cop' })) {
      expect(answer.data).toBeUndefined();
      expect(answer.errors).toEqual([expect.objectContaining({ extensions })]);
    }
  }

  test('alias overloading', async () => {
    const query = `query cop { ${repeat(101, (at) => `alias${at}: __typename`)} }`;
    await expectRefused(query, { code: 'QUERY_TOO_COMPLEX', limit: 30, actual: 101 });
  });

  test('batches of queries', async () => {
    const batch = Array.from({ length: 10 }, () => ({ query: 'query cop { __typename }' }));
    const { status, body } = await post(cluster.node, batch, bearer(token));
    expect([status, body]).toEqual([
      400,
      { errors: [expect.objectContaining({ extensions: { code: 'BAD_REQUEST' } })] },
    ]);
    const single = await post(cluster.node, batch.slice(0, 1), bearer(token));
    expect(single.status).toBe(400);
    for (const message of [JSON.stringify(batch), { id: '1', type: 'subscribe', payload: batch }]) {
      const socket = await WireSocket.init(cluster.node, { token });
      await socket.next();
      socket.send(message as string);
      expect((await socket.closed).code).toBe(4400);
    }
  });

  test.each([
    ['unknown', 'query cop { __typename @aa@aa@aa@aa@aa@aa@aa@aa@aa@aa }'],
    ['known', `query cop { __typename ${'@skip(if: false) '.repeat(10)} }`],
    ['on the operation', 'query cop @aa@aa { __typename }'],
    ['on a variable', 'query cop($a: Int @aa @aa) { __typename }'],
    ['on a fragment', 'query cop { ...F } fragment F on Query @aa @aa { __typename }'],
    ['on a spread', 'query cop { ...F @aa @aa } fragment F on Query { __typename }'],
  ])('directive overloading: %s', async (_, query) => {
    await expectRefused(query, { code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  test('directive overloading: many in many places', async () => {
    const query = `query cop { ${repeat(51, (at) => `a${at}: __typename @aa`)} }`;
    await expectRefused(query, { code: 'QUERY_TOO_COMPLEX', limit: 50, actual: 51 });
  });

  test.each([
    'query cop { __schema { types { name fields { name } } } }',
    'query cop { __schema { directive } }',
    'query cop { __type(name: "User") { name } }',
    'query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }',
    getIntrospectionQuery().replace('IntrospectionQuery', 'cop'),
  ])('introspection, circular or not: %#', async (query) => {
    for (const answer of await askBoth(cluster.node, token, { query, operationName: 'cop' })) {
      expect(answer.data).toBeUndefined();
      for (const { message, extensions } of answer.errors!) {
        expect(extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
        expect(message).not.toContain('Did you mean');
      }
    }
  });

  test('mutations by GET', async () => {
    const mutation = { query: 'mutation cop { __typename }' };
    const { status, body } = await get(cluster.node, mutation, bearer(token));
    expect([status, body.data]).toEqual([405, undefined]);
    expect((await get(cluster.node, mutation)).status).toBe(401);
  });

  test('queries by GET and by a form, from a page of another origin', async () => {
    const query = 'query cop { __typename }';
    const byGet = await get(cluster.node, { query });
    expect([byGet.status, byGet.body.data]).toEqual([401, undefined]);
    const form = { method: 'POST', body: new URLSearchParams({ query }) };
    for (const headers of [{}, bearer(token)]) {
      const response = await fetch(`${cluster.node.url}/graphql`, { ...form, headers });
      expect(response.status).toBe('authorization' in headers ? 415 : 401);
      expect(await response.json()).toEqual({ errors: [expect.anything()] });
    }
  });

  test.each<Record<string, string>>([
    {},
    { 'apollo-federation-include-trace': 'ftv1' },
    { 'x-apollo-tracing': '1', 'apollo-tracing': 'true' },
  ])('tracing, with %j', async (headers) => {
    const query = 'query cop { __typename }';
    const { body } = await post(cluster.node, { query }, { ...bearer(token), ...headers });
    expect(body).toEqual({ data: { __typename: 'Query' } });
    const { body: refusal } = await post(
      cluster.node,
      { query: '{ x }' },
      { ...bearer(token), ...headers },
    );
    expect(refusal.errors![0]!.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  test('a page to try queries', async () => {
    for (const path of ['/graphql', '/graphiql', '/graphiql/', '/', '/playground', '/console'])
      for (const authorization of [{}, bearer(token)]) {
        const headers = { accept: 'text/html', ...authorization };
        const response = await fetch(cluster.node.url + path, { headers });
        expect(response.status).toBeGreaterThanOrEqual(400);
        expect(response.headers.get('content-type')).toContain('json');
        expect(await response.text()).not.toMatch(/graphiql|playground|sandbox|<html/i);
      }
  });

  test('fields that are repeated', async () => {
    await expectRefused(`query cop { ${'__typename '.repeat(500)} }`, {
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
  });

  test.each([
    'qwerty cop { abc }',
    'query cop { abc }',
    'query cop { conversation(id: {}) { id } }',
    'query cop($id: ID!) { conversation(id: $id) { id } }',
    'subscription cop { messageAdded { abc } }',
    'query cop { me { id',
    '',
  ])('an error that nobody handles: %s', async (query) => {
    for (const answer of await askBoth(cluster.node, token, { query, operationName: 'cop' })) {
      expect(answer.data).toBeUndefined();
      expect(JSON.stringify(answer)).not.toMatch(/exception|stack|node_modules|\.js\b|INTERNAL/i);
      for (const { extensions } of answer.errors!)
        expect(extensions.code).toEqual(expect.any(String));
    }
  });
});
