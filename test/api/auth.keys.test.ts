import { createHmac, randomUUID } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { Cluster } from '../support/cluster';
import { signer, tokenOf } from '../support/keys';
import { bearer, post, WireSocket } from './wire';

const SECRET = 'a secret of the time before the public keys';
const users = { RS256: signer('RS256'), ES256: signer('ES256'), EdDSA: signer('EdDSA') };
const platform = { ES256: signer('ES256'), EdDSA: signer('EdDSA') };
const pkcs1 = signer('RS256');
const now = () => Math.floor(Date.now() / 1_000);

describe('public keys', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    const inOneLine = (pem: string) => pem.replaceAll('\n', '\\n');
    cluster = await Cluster.start({
      env: {
        JWT_SECRET: SECRET,
        JWT_PUBLIC_KEY: [
          users.RS256.pem,
          inOneLine(users.ES256.pem),
          users.EdDSA.pem,
          pkcs1.publicKey.export({ type: 'pkcs1', format: 'pem' }),
        ].join('\n'),
        JWT_SERVICE_PUBLIC_KEY: platform.ES256.pem + platform.EdDSA.pem,
        JWT_ISSUER: 'https://id.example.com',
        USER_PROVISIONING: 'token',
      },
    });
  });
  afterAll(() => cluster.stop());

  /** Asks over HTTP and over a socket, which have to agree. */
  async function answer(token: string, query = '{ me { id } }'): Promise<string | number> {
    const { body } = await post(cluster.node, { query }, bearer(token));
    const socket = await WireSocket.init(cluster.node, { token });
    const ack = await socket.next().catch(() => null);
    const code = body.errors?.[0]?.extensions?.code;
    if (ack) await socket.close();
    const closed = ack ? null : (await socket.closed).code;
    expect({ UNAUTHENTICATED: [4401, 4403] }[code as string] ?? [null]).toContain(closed);
    return closed ?? (code as string) ?? 'accepted';
  }
  const claims = (more: object = {}) => ({
    sub: randomUUID(),
    iss: 'https://id.example.com',
    exp: now() + 600,
    ...more,
  });

  test.each(Object.entries(users))('of users verify %s', async (alg, key) => {
    expect(await answer(key.sign(claims()))).toBe('accepted');
    expect(await answer(signer(alg as 'RS256').sign(claims()))).toBe(4401);
    expect(await answer(key.sign(claims({ exp: now() - 60 })))).toBe(4403);
    expect(await answer(key.sign(claims({ nbf: now() + 60 })))).toBe(4401);
    expect(await answer(key.sign(claims({ iss: 'https://evil.example.com' })))).toBe(4401);
    expect(await answer(key.sign(claims(), { crit: ['exp'] }))).toBe(4401);
    const [header, , signature] = key.sign(claims()).split('.');
    const other = Buffer.from(JSON.stringify(claims({ sub: 'root' }))).toString('base64url');
    expect(await answer(`${header}.${other}.${signature}`)).toBe(4401);
    expect(await answer(`${header}.${other}.`)).toBe(4401);
  });

  test('of the older form in PEM, and the newer name of EdDSA, are understood', async () => {
    expect(await answer(pkcs1.sign(claims()))).toBe('accepted');
    expect(await answer(users.EdDSA.sign(claims(), { alg: 'Ed25519' }))).toBe('accepted');
  });

  test('of the platform verify its tokens, and nobody else’s do', async () => {
    const query = '{ user(id: "nobody") { id } }';
    for (const key of Object.values(platform)) {
      expect(await answer(key.sign({ role: 'service' }), query)).toBe('accepted');
      expect(await answer(key.sign({ role: 'service', exp: now() - 60 }), query)).toBe(4403);
      expect(await answer(key.sign(claims()))).toBe(4401);
    }
    for (const key of Object.values(users))
      expect(await answer(key.sign(claims({ role: 'service' })), query)).toBe(4401);
    const published = jwt.sign({ role: 'service' }, DEVELOPMENT_SERVICE_SECRET);
    expect(await answer(published, query)).toBe(4401);
  });

  test('fix the algorithm, whatever a token says', async () => {
    const hmac = (secret: string) => (content: Buffer) =>
      createHmac('sha256', secret).update(content).digest();
    for (const { pem } of [...Object.values(users), ...Object.values(platform)])
      for (const secret of [pem, pem.trim(), pem.replaceAll('\n', '\\n'), ''])
        expect(await answer(tokenOf({ alg: 'HS256' }, claims(), hmac(secret)))).toBe(4401);
    for (const alg of ['none', 'None', 'NONE', '', null, 0, ['RS256'], { alg: 'RS256' }, undefined])
      for (const signature of [Buffer.alloc(0), Buffer.from('x')])
        expect(await answer(tokenOf({ alg }, claims(), () => signature))).toBe(4401);
    for (const [name, key] of Object.entries(users))
      for (const alg of ['RS256', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA', 'Ed448', 'HS256'])
        if (alg !== name) expect(await answer(key.sign(claims(), { alg }))).toBe(4401);
    for (const header of [{ jwk: users.RS256.publicKey.export({ format: 'jwk' }) }, { kid: '..' }])
      expect(await answer(signer('RS256').sign(claims(), header))).toBe(4401);
  });

  test('stand beside the secret that is set, and never beside the published one', async () => {
    expect(await answer(jwt.sign(claims(), SECRET))).toBe('accepted');
    expect(await answer(jwt.sign(claims(), DEVELOPMENT_SECRET))).toBe(4401);
  });
});

test('with a public key and no secret, the published secrets are worth nothing', async () => {
  const env = { JWT_PUBLIC_KEY: users.EdDSA.pem, JWT_SERVICE_PUBLIC_KEY: platform.EdDSA.pem };
  const cluster = await Cluster.start({ env });
  const query = '{ user(id: "nobody") { id } }';
  const status = async (token: string) =>
    (await post(cluster.node, { query }, bearer(token))).status;
  expect(await status(platform.EdDSA.sign({ role: 'service' }))).toBe(200);
  for (const secret of [DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET])
    expect(await status(jwt.sign({ role: 'service' }, secret))).toBe(401);
  const alice = await cluster.person('alice');
  expect(await status(users.EdDSA.sign({ sub: alice.id }))).toBe(200);
  expect(await status(alice.token!)).toBe(401);
  await cluster.stop();
});

test('in production a token needs exp, whichever key has signed it', async () => {
  const cluster = await Cluster.start({
    env: {
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      DRAIN_DELAY_S: '0',
      DRAIN_SPREAD_S: '0',
      JWT_PUBLIC_KEY: Object.values(users)
        .map(({ pem }) => pem)
        .join(''),
      JWT_SERVICE_PUBLIC_KEY: platform.EdDSA.pem,
    },
  });
  const { id: sub } = await cluster.person('alice');
  const status = async (token: string) =>
    (await post(cluster.node, { query: '{ user(id: "nobody") { id } }' }, bearer(token))).status;
  const exp = now() + 600;
  for (const key of Object.values(users)) {
    expect(await status(key.sign({ sub, exp }))).toBe(200);
    for (const wrong of [undefined, null, String(exp), 9e15])
      expect(await status(key.sign({ sub, exp: wrong }))).toBe(401);
  }
  expect(await status(platform.EdDSA.sign({ role: 'service', exp }))).toBe(200);
  expect(await status(platform.EdDSA.sign({ role: 'service' }))).toBe(401);
  await cluster.stop();
});
