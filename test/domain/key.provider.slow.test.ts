import { gzipSync } from 'node:zlib';
import { KeyProvider } from '../../src/auth/key.provider';
import { ConfigError } from '../../src/errors';
import { eventually } from '../support/eventually';
import { IdentityProvider, jwkOf } from '../support/identity-provider';
import { signer } from '../support/keys';
import { openLogbook } from '../support/logbook';

const key = signer('ES256');
const CHOICE = { alg: 'ES256', kid: 'one' };
const GOOD = jwkOf(key, { kid: 'one' });
const huge = (bytes: number) => JSON.stringify({ x: 'x'.repeat(bytes), keys: [GOOD] });

let server: IdentityProvider;
const { logger, about } = openLogbook();
const providers: KeyProvider[] = [];

beforeEach(async () => {
  server = await IdentityProvider.start();
});
afterEach(async () => {
  for (const provider of providers.splice(0)) provider.stop();
  await server.stop();
});

function create(url = server.url): KeyProvider {
  const provider = new KeyProvider(url, logger);
  providers.push(provider);
  return provider;
}

const ANSWERED: Record<string, [() => void, RegExp]> = {
  nonsense: [() => server.say('<html></html>'), /no JSON/],
  'other JSON': [() => server.say('{"issuer":"x"}'), /no key set/],
  'no keys': [() => server.publish(), /no key for tokens/],
  'a secret': [() => server.publish({ kty: 'oct', k: 'eA', kid: 'one' }), /no key for tokens/],
  404: [() => server.say(JSON.stringify({ keys: [GOOD] }), 404), /status 404/],
  201: [() => server.say(JSON.stringify({ keys: [GOOD] }), 201), /status 201/],
  'a redirection': [() => server.say('', 302, { location: server.url }), /status 302/],
  'a lasting redirection': [() => server.say('', 308, { location: '/x' }), /status 308/],
  'a huge answer': [() => server.say(huge(2 ** 20)), /exceeds/],
  'a small answer that becomes huge': [
    () =>
      server.answer((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        response.end(gzipSync(Buffer.alloc(2 ** 26, ' ')));
      }),
    /exceeds/,
  ],
  'an answer that is not in its encoding': [
    () => server.say('{"keys":[]}', 200, { 'content-encoding': 'gzip' }),
    /Z_DATA_ERROR/,
  ],
  'an endless nest': [() => server.say('['.repeat(200_000)), /no JSON/],
  'an answer without end': [
    () =>
      server.answer((_request, response) => {
        const write = () => {
          while (!response.destroyed && response.write('x'.repeat(65_536)));
          if (!response.destroyed) response.once('drain', write);
        };
        write();
      }),
    /exceeds/,
  ],
};

test.each(Object.entries(ANSWERED))('a start is refused by: %s', async (_name, [fail, reason]) => {
  fail();
  const provider = create();
  const error = await provider.start().catch((one: Error) => one);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as Error).message).toMatch(/^JWT_JWKS_URL: [^\n]+$/);
  expect((error as Error).message).toMatch(reason);
  expect(provider.keysFor(CHOICE)).toEqual([]);
  expect(provider.degraded).toEqual([expect.stringMatching(reason)]);
});

const AWAY: Record<string, () => unknown> = {
  'that is down': () => server.stop(),
  'that hangs': () => server.hold(),
  'that answers by half': () =>
    server.answer((_request, response) => void response.writeHead(200).write('{"keys":[')),
  'that hangs up': () => server.answer((request) => void request.socket.destroy()),
  'that breaks off': () =>
    server.answer((request, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"keys":[');
      setImmediate(() => request.socket.destroy());
    }),
  'that answers 500': () => server.say('', 500),
  'that answers 503': () => server.say('<html></html>', 503),
  'that answers 429': () => server.say('', 429),
};

test.each(Object.entries(AWAY))('a start does without a provider %s', async (_name, fail) => {
  await fail();
  const provider = create();
  await provider.start();
  expect(provider.degraded).toEqual(['keys']);
  expect(provider.keysFor(CHOICE)).toEqual([]);
  await expect(provider.refresh()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('an answer may have any type of content, and may be as large as 250 KB', async () => {
  server.say(huge(250_000), 200, { 'content-type': 'image/png' });
  const provider = create();
  await provider.start();
  expect(provider.keysFor(CHOICE)).toHaveLength(1);
  expect(provider.degraded).toEqual([]);
});

test('without a token that asks for it, a provider that came back is noticed', async () => {
  await server.stop();
  const provider = create();
  await provider.start();
  await server.listen();
  server.publish(GOOD);
  await eventually(() => expect(provider.keysFor(CHOICE)).toHaveLength(1));
  expect(about('keys of tokens received').at(-1)).toMatchObject({ ids: 'one' });
});

test('all who wait share one answer, and a stop ends the wait', async () => {
  server.publish(GOOD);
  const provider = create();
  await provider.start();
  const waits = Array.from({ length: 50 }, () => provider.refresh());
  await Promise.all(waits);
  expect(server.requestedAtMs).toHaveLength(2);
  const last = provider.refresh();
  provider.stop();
  await expect(last).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(server.requestedAtMs).toHaveLength(2);
});

test('ids of any length leave a log line short', async () => {
  server.publish(jwkOf(key, { kid: 'x'.repeat(100_000) }));
  await create().start();
  const { ids, count } = about('keys of tokens received').at(-1)!;
  expect(count).toBe(1);
  expect(String(ids).length).toBeLessThan(1_000);
});

test('a token is tried with eight keys at most', async () => {
  server.publish(...Array.from({ length: 20 }, () => GOOD));
  const provider = create();
  await provider.start();
  for (const kid of ['one', 'other', null])
    expect(provider.keysFor({ alg: 'ES256', kid }).length).toBeLessThanOrEqual(8);
});
