import { parseManifest } from '../../src/execution/manifest';
import { apolloManifest, hashManifest, hashOf } from '../support/manifest';

const ME = 'query Me { me { id } }';
const entry = { id: 'me', name: 'Me', type: 'query', body: ME };
const apollo = (operations: unknown, more: object = {}) => ({
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations,
  ...more,
});

describe('a manifest', () => {
  test("in Apollo's format may have any ids, and a client's name", () => {
    const operations = [
      { ...entry, clientName: 'web' },
      { ...entry, id: '__proto__', name: '' },
    ];
    expect(parseManifest(JSON.stringify(apollo(operations)))).toEqual([
      { id: 'me', text: ME, declared: { type: 'query', name: 'Me' } },
      { id: '__proto__', text: ME, declared: null },
    ]);
    expect(parseManifest(JSON.stringify(apolloManifest({ a: ME })))).toHaveLength(1);
  });

  test.each(['md5', 'sha1', 'sha256', 'sha512'])('may map %s hashes to texts', (algorithm) => {
    const id = hashOf(algorithm, ME);
    const expected = [{ id, text: ME, declared: null }];
    expect(parseManifest(JSON.stringify(hashManifest([ME], algorithm)))).toEqual(expected);
  });

  test('may map hashes with their prefix', () => {
    const id = `sha256:${hashOf('sha256', ME)}`;
    expect(parseManifest(JSON.stringify({ [id]: ME }))).toMatchObject([{ id }]);
  });

  test.each<[string, unknown, RegExp]>([
    ['no JSON', '{', /^is no JSON: /],
    ['nothing', '', /^is no JSON: /],
    ['a list', [entry], /known format/],
    ['null', null, /known format/],
    ['a text', '"x"', /known format/],
    ['other values', { a: 1 }, /known format/],
    ['no operation', apollo([]), /no operation/],
    ['no entry', {}, /no operation/],
    ['another format', apollo([entry], { format: 'x' }), /unknown format "x"/],
    ['a format alone', { format: 'apollo' }, /unknown format "apollo"/],
    ['a format that is no text', apollo([entry], { format: [1] }), /unknown format \[1\]/],
    ['another version', apollo([entry], { version: 2 }), /unknown version 2/],
    ['no version', { format: 'apollo-persisted-query-manifest' }, /unknown version undefined/],
    ['no list', apollo({}), /no list of operations/],
    ['an operation that is none', apollo([entry, 'x']), /^operation 1 is no object/],
    ['no id', apollo([{ ...entry, id: undefined }]), /^operation 0 has no id \("Me"\)/],
    ['an empty id', apollo([{ ...entry, id: '' }]), /^operation 0 has no id/],
    ['no body', apollo([{ ...entry, body: 5 }]), /^operation "me" \("Me"\) has no body/],
    ['a name that is none', apollo([{ ...entry, name: 5 }]), /^operation "me" has a name/],
    [
      'no type',
      apollo([{ ...entry, type: null }]),
      /^operation "me" \("Me"\) has the unknown type/,
    ],
    [
      'a hash of another text',
      { [hashOf('sha1', 'x')]: ME },
      /\("Me"\) has an id that is no .*hash/,
    ],
    ['no hash', { me: ME }, /^operation "me" \("Me"\) has an id that is no .*hash/],
    ['an upper-case hash', { [hashOf('sha1', ME).toUpperCase()]: ME }, /has an id that is no/],
    ['a text that is none', { [hashOf('sha1', ME)]: ME, x: 5 }, /^operation "x" has no text/],
    ['a prototype', '{"__proto__": "query Me { me { id } }"}', /^operation "__proto__"/],
    ['a long id', { ['x\n'.repeat(500)]: ME }, /^operation "(x\\n)+x?…/],
  ])('with %s is refused', (_label, manifest, expected) => {
    const json = typeof manifest === 'string' ? manifest : JSON.stringify(manifest);
    expect(() => parseManifest(json)).toThrow(expected);
  });
});
