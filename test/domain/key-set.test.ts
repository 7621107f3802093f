import { generateKeyPairSync } from 'node:crypto';
import { parseKeySet } from '../../src/auth/key-set';
import { jwkOf } from '../support/identity-provider';
import { signer } from '../support/keys';

const rsa = signer('RS256');
const p256 = signer('ES256');
const p384 = signer('ES384');
const ed25519 = signer('EdDSA');
const readSet = (...keys: unknown[]) => parseKeySet(JSON.stringify({ keys }));
const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 });
const almost = generateKeyPairSync('rsa', { modulusLength: 2_040 });

describe('a key set', () => {
  test.each([
    ['RSA', jwkOf(rsa), ['RS256']],
    ['RSA with use', jwkOf(rsa, { use: 'sig' }), ['RS256']],
    ['RSA with operations', jwkOf(rsa, { key_ops: ['verify'] }), ['RS256']],
    ['RSA with alg', jwkOf(rsa, { alg: 'PS256' }), ['PS256']],
    ['P-256', jwkOf(p256), ['ES256']],
    ['P-384', jwkOf(p384, { alg: 'ES384' }), ['ES384']],
    ['Ed25519', jwkOf(ed25519), ['EdDSA', 'Ed25519']],
    ['Ed25519 by its name', jwkOf(ed25519, { alg: 'Ed25519' }), ['EdDSA', 'Ed25519']],
  ])('has a key of each kind, which fixes the algorithm: %s', (_name, jwk, algorithms) => {
    expect(readSet(jwk)).toMatchObject([{ id: null, algorithms }]);
  });

  test.each<[string, unknown]>([
    ['symmetric', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }],
    ['symmetric in disguise', jwkOf(rsa, { k: 'c2VjcmV0' })],
    ['private', rsa.privateKey.export({ format: 'jwk' })],
    ['for encryption', jwkOf(rsa, { use: 'enc' })],
    ['for both', jwkOf(rsa, { use: ['sig'] })],
    ['for signing only', jwkOf(rsa, { key_ops: ['sign'] })],
    ['for no operation that it lists', jwkOf(rsa, { key_ops: 'verify' })],
    ['RSA for key transport', jwkOf(rsa, { alg: 'RSA-OAEP' })],
    ['RSA with a secret’s alg', jwkOf(rsa, { alg: 'HS256' })],
    ['RSA with no alg', jwkOf(rsa, { alg: 'none' })],
    ['RSA with an alg that is null', jwkOf(rsa, { alg: null })],
    ['P-256 with RS256', jwkOf(p256, { alg: 'RS256' })],
    ['P-256 with ES384', jwkOf(p256, { alg: 'ES384' })],
    ['Ed25519 with ES256', jwkOf(ed25519, { alg: 'ES256' })],
    ['RSA of 1024 bits', jwkOf(weak)],
    ['RSA of 2040 bits', jwkOf(almost)],
    ['RSA with the exponent 1', jwkOf(rsa, { e: 'AQ' })],
    ['RSA with an even exponent', jwkOf(rsa, { e: 'BA' })],
    ['RSA without a modulus', { kty: 'RSA', e: 'AQAB' }],
    ['a point that is not on the curve', jwkOf(p256, { y: jwkOf(p256)['x' as never] })],
    ['another curve', jwkOf(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }))],
    ['for agreement', jwkOf(generateKeyPairSync('x25519'))],
    ['Ed448', jwkOf(generateKeyPairSync('ed448'))],
    ['an id that is a number', jwkOf(rsa, { kid: 1 })],
    ['an id that is an object', jwkOf(rsa, { kid: {} })],
    ...[null, 1, 'x', [], {}, { kty: 'RSA' }, { kty: '__proto__' }].map(
      (one): [string, unknown] => [`nonsense: ${JSON.stringify(one)}`, one],
    ),
  ])('has no key that verifies no tokens: %s', (_name, jwk) => {
    expect(readSet(jwk)).toBe('the key set has no key for tokens');
    expect(readSet(jwk, jwkOf(p256, { kid: 'good' }))).toMatchObject([{ id: 'good' }]);
  });

  test.each([
    '',
    'x',
    'null',
    '[]',
    '{}',
    '"keys"',
    '{"keys":{}}',
    '{"keys":null}',
    '{"keys":[]}',
    '<html></html>',
    JSON.stringify([jwkOf(rsa)]),
    JSON.stringify(jwkOf(rsa)),
    JSON.stringify({ keys: Array.from({ length: 65 }, () => jwkOf(p256)) }),
  ])('is not %s', (text) => {
    expect(parseKeySet(text)).toEqual(expect.stringMatching(/key set|JSON/));
  });

  test('keeps several keys of one id', () => {
    const [one, other] = [jwkOf(rsa, { kid: 'a' }), jwkOf(p256, { kid: 'a' })];
    expect(readSet(one, other)).toMatchObject([{ id: 'a' }, { id: 'a' }]);
  });
});
