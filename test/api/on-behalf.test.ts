import { once } from 'node:events';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import type { MeQuery } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { Answer } from '../support/person';
import { WireSocket } from './wire';

describe('on whose behalf a service token acts', () => {
  let cluster: Cluster;
  const IDS = ['50%', 'a b', 'a%20b', 'ünï/😀', 'a, b', 'line\nbreak', ' space '];

  beforeAll(async () => {
    cluster = await Cluster.start();
    await cluster.persons(...IDS);
  });
  afterAll(() => cluster.stop());

  /** The answer to `me`, as the node gives it to these headers. */
  async function me(values: string[], token = cluster.service().token!) {
    const url = `${cluster.node.url}/graphql?query=%7Bme%7Bid%7D%7D`;
    const headers = {
      authorization: `Bearer ${token}`,
      'parley-on-behalf-of': values,
      'x-apollo-operation-name': 'me',
    };
    const [response] = (await once(httpGet(url, { headers }), 'response')) as [IncomingMessage];
    return { status: response.statusCode, ...((await json(response)) as Answer<MeQuery>) };
  }

  test.each(IDS)('is percent-decoded in the header, once: %j', async (id) => {
    expect(await me([encodeURIComponent(id)])).toMatchObject({ status: 200, data: { me: { id } } });
  });

  test.each(IDS)('is plain in connection_init: %j', async (onBehalfOf) => {
    const token = cluster.service().token!;
    const socket = await WireSocket.init(cluster.node, { token, onBehalfOf });
    expect(await socket.next()).toMatchObject({ payload: { userId: onBehalfOf } });
    await socket.close();
  });

  test.each([
    ['an escape that is none', ['50%']],
    ['an escape of half a character', ['%C3']],
    ['an escape of half a surrogate pair', ['%ED%A0%80']],
    ['a byte beyond ASCII', ['\xfc']],
    ['UTF-8 as it is', [Buffer.from('ü').toString('latin1')]],
    ['several headers', ['a', 'b']],
  ])('is 400 and names the header: %s', async (_name, values) => {
    const [person] = await cluster.persons('dora');
    for (const token of [cluster.service().token!, person!.token!]) {
      const { status, errors } = await me(values, token);
      expect([status, errors![0]!.extensions]).toEqual([
        400,
        {
          code: 'BAD_USER_INPUT',
          field: 'Parley-On-Behalf-Of',
          reason: expect.stringMatching(/^must /),
        },
      ]);
    }
  });

  test.each(['', '%00', 'nobody'])('is 401 for an id that is nobody’s: %j', async (value) => {
    expect((await me([value])).status).toBe(401);
  });

  test.each([['nobody'], [''], [7], [['50%']], [{}], [true]])(
    'closes with 4401 where connection_init says %j',
    async (onBehalfOf) => {
      const token = cluster.service().token!;
      const socket = await WireSocket.init(cluster.node, { token, onBehalfOf });
      expect(await socket.closed).toMatchObject({ code: 4401 });
    },
  );
});
