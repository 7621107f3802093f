import { createHmac, randomUUID } from 'node:crypto';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { IdentityProvider, jwkOf } from '../support/identity-provider';
import { type Signer, signer, tokenOf } from '../support/keys';
import { bearer, post, WireSocket } from './wire';

const first = signer('RS256');
const second = signer('ES256');
const third = signer('EdDSA');
const unnamed = signer('RS256');
/** The least time between two requests. */
const MIN_INTERVAL_MS = 5_000;

const token = (by: Signer, kid?: unknown, claims: object = {}, header: object = {}) =>
  by.sign({ sub: randomUUID(), ...claims }, { ...(kid !== undefined && { kid }), ...header });

/** A provider and a node that has its keys from there. */
class Installation {
  private constructor(
    readonly provider: IdentityProvider,
    private readonly cluster: Cluster,
  ) {}

  static async start(): Promise<Installation> {
    const provider = await IdentityProvider.start();
    provider.publish(jwkOf(first, { kid: 'first' }));
    const env = { JWT_JWKS_URL: provider.url, USER_PROVISIONING: 'token' };
    return new Installation(provider, await Cluster.start({ env }));
  }

  /** Stops it. The provider must not have been asked more often than it may be. */
  async stop(): Promise<void> {
    await this.cluster.stop();
    await this.provider.stop();
    const { requestedAtMs } = this.provider;
    const elapsedMs = requestedAtMs.at(-1)! - requestedAtMs[0]!;
    // One more than fits, since the first request may have taken longer to arrive than the last.
    expect(requestedAtMs.length).toBeLessThanOrEqual(elapsedMs / MIN_INTERVAL_MS + 2);
  }

  /** Asks over HTTP. */
  readonly ask = async (text: string) => {
    const { body } = await post(this.cluster.node, { query: '{ me { id } }' }, bearer(text));
    return body.errors?.[0]?.extensions?.code ?? 'accepted';
  };

  /** Connects a socket. */
  readonly connect = async (text: string) => {
    const socket = await WireSocket.init(this.cluster.node, { token: text });
    const ack = await socket.next().catch(() => null);
    if (ack === null) return (await socket.closed).code;
    await socket.close();
    return 'accepted';
  };

  async degraded(): Promise<string[]> {
    const answer = await fetch(`${this.cluster.node.url}/readyz`);
    return ((await answer.json()) as { degraded: string[] }).degraded;
  }
}

/** Each has an installation of its own, and begins first: all mostly wait to ask once more. */
const FAILURES: Record<string, (provider: IdentityProvider) => void> = {
  'answers nonsense': (provider) =>
    provider.say('<html></html>', 200, { 'content-type': 'text/html' }),
  'has no keys': (provider) => provider.publish(),
  'answers 500': (provider) => provider.say('', 500),
  hangs: (provider) => provider.hold(),
};
const outcomes = new Map<string, Promise<void>>();

beforeAll(() => {
  for (const [name, begin] of Object.entries(FAILURES)) {
    const outcome = outlast(begin);
    outcome.catch(() => undefined);
    outcomes.set(name, outcome);
  }
});

async function outlast(begin: (provider: IdentityProvider) => void): Promise<void> {
  const installation = await Installation.start();
  const { provider, ask, connect } = installation;
  expect(await ask(token(third, 'third'))).toBe('UNAUTHENTICATED');
  begin(provider);
  const before = provider.requestedAtMs.length;
  expect(await ask(token(third, 'third'))).toBe('UNAVAILABLE');
  expect(await connect(token(third, 'third'))).toBe(1013);
  expect(await ask(token(first, 'first'))).toBe('accepted');
  expect(await connect(token(first, 'first'))).toBe('accepted');
  expect(await ask(token(signer('RS256'), 'first'))).toBe('UNAUTHENTICATED');
  expect(await installation.degraded()).toEqual([expect.stringMatching(/^keys/)]);
  expect(provider.requestedAtMs.length).toBeGreaterThan(before);
  await installation.stop();
}

describe('keys by URL', () => {
  let installation: Installation;
  let provider: IdentityProvider;
  let ask: Installation['ask'];
  let connect: Installation['connect'];

  beforeAll(async () => {
    installation = await Installation.start();
    ({ provider, ask, connect } = installation);
  });
  afterAll(() => installation.stop());

  test('a known key is verified without asking, an unknown one after asking once', async () => {
    const before = provider.requestedAtMs.length;
    for (let count = 0; count < 20; count++)
      expect(await ask(token(first, 'first'))).toBe('accepted');
    expect(await connect(token(first, 'first'))).toBe('accepted');
    expect(await ask(token(first, 'first', { exp: 1 }))).toBe('UNAUTHENTICATED');
    expect(await connect(token(first, 'first', { exp: 1 }))).toBe(4403);
    expect(provider.requestedAtMs).toHaveLength(before);
    provider.publish(jwkOf(first, { kid: 'first' }), jwkOf(second, { kid: 'second' }));
    const crowd = Array.from({ length: 100 }, () => ask(token(second, 'second')));
    expect(new Set(await Promise.all(crowd))).toEqual(new Set(['accepted']));
    expect(await connect(token(second, 'second'))).toBe('accepted');
    expect(provider.requestedAtMs).toHaveLength(before + 1);
  });

  test('forged tokens are refused, and those that no key can sign do not ask', async () => {
    const before = provider.requestedAtMs.length;
    const pem = first.pem;
    const hmac = (content: Buffer) => createHmac('sha256', pem).update(content).digest();
    const claims = { sub: randomUUID() };
    const forged = [
      token(signer('RS256'), 'first'),
      token(signer('ES256'), 'second'),
      token(first, 'first', { role: 'service' }),
      token(first, 'first', {}, { crit: ['exp'] }),
      tokenOf({ alg: 'HS256', kid: 'first' }, claims, hmac),
      tokenOf({ alg: 'HS256' }, claims, hmac),
      tokenOf({ alg: 'none', kid: 'first' }, claims, () => Buffer.alloc(0)),
      tokenOf({ alg: 'none' }, claims, () => Buffer.alloc(0)),
      ...[1, {}, ['first'], true].map((kid) => token(first, kid)),
    ];
    for (const one of forged) {
      expect(await ask(one)).toBe('UNAUTHENTICATED');
      expect(await connect(one)).toBe(4401);
    }
    expect(provider.requestedAtMs).toHaveLength(before);
  });

  test('strangers with unknown keys do not make it ask more often, and are all refused', async () => {
    const before = provider.requestedAtMs.length;
    const kids = ['../../dev/null', "' or 1=1 --", '__proto__', 'constructor', '', '\0', 'second '];
    const strange = [...kids, ...Array.from({ length: 150 }, () => randomUUID())].map((kid) =>
      token(signer('EdDSA'), kid),
    );
    const mixed = [
      // A key under the name of another, and one whose algorithm is not the key's.
      token(second, 'first'),
      token(first, 'second'),
      token(signer('RS256')),
    ];
    const refusals = Promise.all([...strange, ...mixed].map(ask));
    // Among them comes the first user with a key that was published this moment.
    const known = [jwkOf(first, { kid: 'first' }), jwkOf(second, { kid: 'second' })];
    provider.publish(...known, jwkOf(third, { kid: 'third' }));
    expect(await ask(token(third, 'third'))).toBe('accepted');
    expect(new Set(await refusals)).toEqual(new Set(['UNAUTHENTICATED']));
    expect(provider.requestedAtMs.length - before).toBeLessThanOrEqual(2);
  });

  test('keys without an id and ids that stand for several keys are tried', async () => {
    const all = [jwkOf(first, { kid: 'x' }), jwkOf(second, { kid: 'x' }), jwkOf(unnamed)];
    provider.publish(...all, jwkOf(third, { kid: 'x' }));
    for (const one of [first, second, third]) expect(await ask(token(one, 'x'))).toBe('accepted');
    for (const one of [first, second, third]) expect(await ask(token(one))).toBe('accepted');
    expect(await ask(token(unnamed))).toBe('accepted');
    expect(await ask(token(unnamed, 'whatever'))).toBe('accepted');
  });

  test('a provider that was away comes back with other keys, which alone count', async () => {
    provider.publish(jwkOf(first, { kid: 'first' }));
    expect(await ask(token(first, 'first'))).toBe('accepted');
    await provider.stop();
    await eventually(async () => expect(await ask(token(third, 'third'))).toBe('UNAVAILABLE'));
    expect(await ask(token(first, 'first'))).toBe('accepted');
    await provider.listen();
    provider.say(JSON.stringify({ keys: [jwkOf(third, { kid: 'third' })] }), 200, {
      'content-type': 'text/plain',
    });
    await eventually(async () => expect(await ask(token(third, 'third'))).toBe('accepted'));
    expect(await ask(token(first, 'first'))).toBe('UNAUTHENTICATED');
    expect(await installation.degraded()).toEqual([]);
  });
});

describe('a provider', () => {
  test.each(Object.keys(FAILURES))(
    'that %s refuses nobody valid, and lets nobody in',
    async (name) => {
      await outcomes.get(name);
    },
  );
});
