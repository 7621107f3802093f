import { once } from 'node:events';
import { print } from 'graphql';
import WebSocket from 'ws';
import { type App, startApp } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { MeDocument } from '../generated/graphql';
import { Cluster, nodeConfig } from '../support/cluster';
import { eventually } from '../support/eventually';
import { openLogbook } from '../support/logbook';
import { bearer, get, post } from './wire';

const GIVEN = 'of-the-gateway:1/a+b=.';

describe('a request that comes with an id', () => {
  let cluster: Cluster;
  let node: App;
  const logbook = openLogbook();
  const withId = (id: string) => ({ 'x-request-id': id });

  beforeAll(async () => {
    cluster = await Cluster.start({ redis: true });
    node = await startApp(nodeConfig(cluster.databaseUrl, true), logbook.logger);
  });
  afterAll(async () => {
    await node.stop();
    await cluster.stop();
  });

  function linesOf(requestId: string): string[] {
    return logbook.lines.filter((line) => line.requestId === requestId).map(({ msg }) => msg);
  }

  test('keeps it in its answer, in the log and in a masked error', async () => {
    await node.services.people.users.upsert([{ id: 'ida', username: 'ida' }], () => 'user');
    const token = bearer(signToken(DEVELOPMENT_SECRET, { sub: 'ida' }));
    const find = jest
      .spyOn(node.services.people.users, 'byIds')
      .mockRejectedValue(new Error('a defect'));
    const answer = await post(node, { query: print(MeDocument) }, { ...token, ...withId(GIVEN) });
    find.mockRestore();
    expect(answer.requestId).toBe(GIVEN);
    expect(answer.body.errors![0]!.extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      requestId: GIVEN,
    });
    expect(linesOf(GIVEN)).toContain('operation failed unexpectedly');
  });

  test.each([
    ['no query', () => get(node, {}, withId('refusal-1')), 'refusal-1'],
    [
      'a token that is none',
      () => get(node, {}, { ...bearer('x'), ...withId('refusal-2') }),
      'refusal-2',
    ],
  ])('keeps it when it is refused for %s', async (_name, send, id) => {
    expect((await send()).requestId).toBe(id);
    expect(linesOf(id)).toEqual(['request refused']);
  });

  test.each([
    ['that is too long', 'x'.repeat(129)],
    ['with a space', 'a b'],
    ['with a quote', 'a"b'],
    ['beyond ASCII', 'caf\u00e9'],
    ['that is empty', ''],
    ['that was joined of two', 'a, b'],
  ])('gets one of ours instead of one %s', async (_name, id) => {
    const { requestId } = await get(node, {}, withId(id));
    expect(requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(linesOf(requestId!)).toEqual(['request refused']);
  });

  test('keeps it as an upgrade, accepted or refused', async () => {
    const url = `${node.url.replace('http', 'ws')}/graphql`;
    const headers = withId('upgrade-1');
    const accepted = new WebSocket(url, 'graphql-transport-ws', { headers });
    await once(accepted, 'open');
    accepted.terminate();
    await eventually(() => expect(linesOf('upgrade-1')).toEqual(['connected']));
    const options = { headers: withId('upgrade-2'), origin: 'https://elsewhere.example' };
    const refused = new WebSocket(url, 'graphql-transport-ws', options);
    refused.on('error', () => {});
    const [, response] = await once(refused, 'unexpected-response');
    expect([response.statusCode, response.headers['x-request-id']]).toEqual([403, 'upgrade-2']);
    expect(linesOf('upgrade-2')).toEqual(['request refused']);
    refused.terminate();
  });
});
