import { randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { startApp } from '../../src/app/app';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { DeactivateUserDocument, MeDocument } from '../generated/graphql';
import { Cluster, nodeConfig } from '../support/cluster';
import { openLogbook } from '../support/logbook';
import { createMigratedDatabase, dropDatabase } from '../support/services';
import { people } from './people';
import { bearer, post, WireSocket } from './wire';

const ISSUERS = ['https://market.example.com', 'https://auctions.example.com'];
const RIGHT = { iss: ISSUERS[0], aud: 'parley' };

describe('tokens', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({
      env: { JWT_ISSUER: ISSUERS.join(', '), JWT_AUDIENCE: 'parley,chat' },
    });
  });
  afterAll(() => cluster.stop());

  const signed = (claims: object, header: object = {}, secret = DEVELOPMENT_SECRET) =>
    jwt.sign(claims, secret, { header: { alg: 'HS256', ...header } as jwt.JwtHeader });

  async function answers(token: string) {
    const http = await post(cluster.node, { query: '{ me { id } }' }, bearer(token));
    const socket = await WireSocket.init(cluster.node, { token });
    const first = await socket.next().catch(() => null);
    const closed = first ? null : await socket.closed;
    if (first) await socket.close();
    return { status: http.status, error: http.body.errors?.[0]?.extensions, closed };
  }

  test.each([
    ...ISSUERS.map((iss) => ({ iss, aud: 'parley' })),
    { iss: ISSUERS[0], aud: 'chat' },
    { iss: ISSUERS[1], aud: ['other', 'chat'] },
  ])('of any of several issuers and audiences are accepted: %j', async (claims) => {
    const [alice] = await people(cluster, 'alice');
    expect(await answers(signed({ sub: alice.id, ...claims }))).toEqual({
      status: 200,
      error: undefined,
      closed: null,
    });
  });

  test.each([
    ['an unknown extension', { crit: ['exp'] }],
    ['one that is known to others', { crit: ['b64'], b64: true }],
    ['an empty list', { crit: [] }],
    ['no list', { crit: 'exp' }],
    ['null', { crit: null }],
  ])('that demand by crit to be understood are refused: %s', async (_, header) => {
    const [alice] = await people(cluster, 'alice');
    const user = signed({ sub: alice.id, ...RIGHT }, header);
    const service = signed({ role: 'service' }, header, DEVELOPMENT_SERVICE_SECRET);
    for (const token of [user, service])
      expect(await answers(token)).toMatchObject({
        status: 401,
        error: { code: 'UNAUTHENTICATED' },
        closed: { code: 4401 },
      });
  });

  test.each(['"HS256"', '"crit"', '1', 'true', '[]', '[{"alg":"HS256"}]', 'null'])(
    'whose header is no object are refused, as any stranger may send them: %s',
    async (header) => {
      const [, payload, signature] = signed({ sub: 'alice', ...RIGHT }).split('.');
      const token = [Buffer.from(header).toString('base64url'), payload, signature].join('.');
      expect(await answers(token)).toEqual({
        status: 401,
        error: { code: 'UNAUTHENTICATED' },
        closed: { code: 4401, reason: 'Unauthorized' },
      });
    },
  );

  test('that are valid and name nobody known say so', async () => {
    const nobody = signed({ sub: randomUUID(), ...RIGHT });
    expect(await answers(nobody)).toEqual({
      status: 401,
      error: { code: 'UNAUTHENTICATED', reason: 'unknown user' },
      closed: { code: 4401, reason: 'unknown user' },
    });
    const [gone] = await people(cluster, 'gone');
    await cluster.service().ask(DeactivateUserDocument, { input: { userId: gone.id } });
    expect(await answers(signed({ sub: gone.id, ...RIGHT }))).toMatchObject({
      error: { reason: 'deactivated user' },
      closed: { code: 4401, reason: 'deactivated user' },
    });
    const headers = { 'parley-on-behalf-of': 'nobody' };
    const { errors } = await cluster.service().request(MeDocument, {}, headers);
    expect(errors![0]!.extensions).toEqual({ code: 'UNAUTHENTICATED', reason: 'unknown user' });
    // A token that is not valid says nothing of whom it names.
    const wrong = signed({ sub: randomUUID(), ...RIGHT }, {}, 'x'.repeat(40));
    expect((await answers(wrong)).error).toEqual({ code: 'UNAUTHENTICATED' });
  });
});

test('the log names the check that refused a token, over HTTP and the socket', async () => {
  const databaseUrl = await createMigratedDatabase();
  const { logger, about } = openLogbook();
  const env = { JWT_ISSUER: ISSUERS[0]!, JWT_AUDIENCE: 'parley' };
  const node = await startApp(nodeConfig(databaseUrl, false, env), logger);
  const now = Math.floor(Date.now() / 1_000);
  const sub = 'alice';
  const refused: [RegExp, object, object?, string?][] = [
    [/audience/, { sub, iss: ISSUERS[0], aud: 'payments' }],
    [/issuer/, { sub, iss: 'https://elsewhere.example.com', aud: 'parley' }],
    [/signature/, { sub, ...RIGHT }, {}, 'x'.repeat(40)],
    [/crit/, { sub, ...RIGHT }, { crit: ['exp'] }],
    [/sub/, { ...RIGHT }],
    [/exp/, { sub, ...RIGHT, exp: now - 60 }],
    [/not active/, { sub, ...RIGHT, nbf: now + 600 }],
    [/unknown user/, { sub, ...RIGHT }],
  ];
  for (const [check, claims, header = {}, secret = DEVELOPMENT_SECRET] of refused) {
    const token = jwt.sign(claims, secret, {
      header: { alg: 'HS256', ...header } as jwt.JwtHeader,
    });
    await post(node, { query: '{ me { id } }' }, bearer(token));
    const socket = await WireSocket.init(node, { token });
    await socket.closed;
    for (const text of ['request refused', 'authentication failed'])
      expect(about(text).at(-1)).toMatchObject({ check: expect.stringMatching(check) });
  }
  await node.stop();
  await dropDatabase(databaseUrl);
});
