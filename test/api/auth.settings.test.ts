import { randomUUID } from 'node:crypto';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { MeDocument, UserDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';

const PREVIOUS_SECRET = 'the-secret-of-last-month-which-still-counts';
const RIGHT = { iss: 'https://market.example.com', aud: 'parley' };

describe('tokens, as the settings want them', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({
      env: {
        JWT_ISSUER: RIGHT.iss,
        JWT_AUDIENCE: RIGHT.aud,
        JWT_SECRET_PREVIOUS: PREVIOUS_SECRET,
        USER_PROVISIONING: 'token',
      },
    });
  });
  afterAll(() => cluster.stop());

  const asking = (claims: Record<string, unknown>, secret = DEVELOPMENT_SECRET) =>
    cluster.stranger(signToken(secret, { sub: randomUUID(), ...claims }));

  test.each([
    ['another issuer', { ...RIGHT, iss: 'https://elsewhere.example.com' }],
    ['no issuer', { aud: RIGHT.aud }],
    ['another audience', { ...RIGHT, aud: 'payments' }],
    ['no audience', { iss: RIGHT.iss }],
  ])('a user’s token with %s is UNAUTHENTICATED', async (_name, claims) => {
    expect(await asking(claims).refusal(MeDocument, {})).toBe('UNAUTHENTICATED');
    expect(await asking(RIGHT).refusal(MeDocument, {})).toBeNull();
  });

  test('issuer and audience are asked of users’ tokens alone', async () => {
    const service = cluster.stranger(signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' }));
    expect(await service.ask(UserDocument, { id: randomUUID() })).toEqual({ user: null });
  });

  test('the previous secret still counts', async () => {
    expect(await asking(RIGHT, PREVIOUS_SECRET).refusal(MeDocument, {})).toBeNull();
  });

  test('an unknown user is made from the token', async () => {
    const picture = 'https://cdn.example.com/alice.png';
    const sub = randomUUID();
    const { me } = await asking({
      ...RIGHT,
      sub,
      username: 'alice',
      name: 'Alice A.',
      picture,
    }).ask(MeDocument, {});
    expect(me).toEqual({ id: sub, username: 'alice', displayName: 'Alice A.', avatarUrl: picture });
  });

  test.each([
    ['a picture that is no http URL', { picture: 'javascript:alert(1)' }],
    ['a picture with backslashes for slashes', { picture: 'http:\\\\x' }],
    ['a NUL in the name', { name: 'A\0B' }],
    ['half a surrogate pair in the name', { name: 'A\ud800B' }],
    ['a NUL in the username', { username: 'a\0b' }],
  ])(
    'a profile with %s brings nothing into the API that the schema rules out',
    async (_name, claims) => {
      const stranger = asking({ ...RIGHT, ...claims });
      const { data, errors } = await stranger.request(MeDocument, {});
      if (errors) {
        expect(errors[0]!.extensions?.code).toBe('UNAUTHENTICATED');
        return;
      }
      expect(data?.me.avatarUrl ?? 'https:').toMatch(/^https?:/);
      expect(data?.me.username).not.toBe('');
    },
  );
});
