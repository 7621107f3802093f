import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Documents } from '../../src/execution/operation';
import { PersistedOperations } from '../../src/execution/persisted.operations';
import { getSchema } from '../../src/graphql/schema';
import { apolloManifest, hashManifest, sha256, writeManifests } from '../support/manifest';

const LIMITS = { depth: 12, aliases: 30, cost: 2_000 };
const ME = 'query Me { me { id } }';
const PAGE = '{ nodes { participants { id } } }';

function checks(introspection = true) {
  const schema = getSchema();
  const options = { introspection, maxTokens: 200, maxDirectives: 50, maxDepth: LIMITS.depth };
  return { schema, documents: new Documents(schema, options), limits: LIMITS };
}

const load = async (...manifests: readonly unknown[]) =>
  PersistedOperations.load((await writeManifests(...manifests)).split(','), checks());

describe('the operations of a manifest', () => {
  test('are parsed once, and kept beside any number of others', async () => {
    const given = checks();
    const files = (await writeManifests(apolloManifest({ me: ME }))).split(',');
    const operations = await PersistedOperations.load(files, given);
    const checked = given.documents.check(operations.textOf('me')!);
    for (let count = 0; count < 40; count++) {
      const query = `{ me { id } } # ${String(count).repeat(400_000)}`;
      given.documents.keep(given.documents.check(query));
    }
    expect(given.documents.check(operations.textOf('me')!)).toBe(checked);
  });

  test('are found by their ids, and by their SHA-256 hashes', async () => {
    const other = 'query Other { me { id } }';
    const operations = await load(
      apolloManifest({ me: ME, [sha256(ME)]: other }),
      hashManifest([ME]),
    );
    expect(operations.textOf('me')).toBe(ME);
    // An id comes before a hash.
    expect(operations.textOf(sha256(ME))).toBe(other);
    expect(operations.textOf(sha256(other))).toBe(other);
    expect(operations.textOf('toString')).toBeUndefined();
    expect([...operations.names]).toEqual(['Me', 'Other']);
  });

  test.each([
    [
      'a page whose size has no default',
      `query Page($n: Int!) { conversations(first: $n) ${PAGE} }`,
    ],
    ['a page that may be smaller', `query Page($n: Int) { conversations(first: $n) ${PAGE} }`],
  ])('may have %s, if a small one is allowed', async (_label, text) => {
    await expect(load(apolloManifest({ page: text }))).resolves.toBeDefined();
  });

  const deep = `query Deep { ${'conversations { nodes { lastMessage { replyTo { '.repeat(1)}${'replyTo { '.repeat(9)}id${' }'.repeat(13)} }`;
  const aliases = Array.from({ length: 31 }, (_, at) => `a${at}: id`).join(' ');
  test.each<[string, unknown[], RegExp]>([
    ['that does not parse', [apolloManifestOf('query Me { me { id }')], /Syntax Error/],
    ['that is empty', [apolloManifestOf('')], /Syntax Error/],
    [
      'of another schema',
      [apolloManifest({ me: 'query Me { mee { id } }' })],
      /Cannot query field/,
    ],
    ['that is too deep', [apolloManifest({ me: deep })], /depth .* limit of 12/],
    [
      'with too many aliases',
      [apolloManifest({ me: `query Me { me { ${aliases} } }` })],
      /aliases/,
    ],
    [
      'with too many tokens',
      [apolloManifest({ me: `query Me { me { ${'id '.repeat(200)}} }` })],
      /tokens .* limit of 200/,
    ],
    [
      'that is too dear',
      [
        apolloManifest({
          me: `query Me { conversations(first: 100) { nodes { messages { nodes { id } } } } }`,
        }),
      ],
      /cost .* limit of 2000/,
    ],
    [
      'that is too dear by default',
      [
        apolloManifest({
          me: `query Me($n: Int = 100) { conversations(first: $n) { nodes { messages { nodes { id } } } } }`,
        }),
      ],
      /cost .* limit of 2000/,
    ],
    ['with two texts', [apolloManifest({ me: ME }), apolloManifest({ me: `${ME} ` })], /two texts/],
    ['of another name', [apolloManifestOf('query Other { me { id } }')], /no query of this name/],
    [
      'of another type',
      [apolloManifestOf('subscription Me { inboxUpdated { id } }')],
      /no query of this name/,
    ],
    ['that is a fragment alone', [apolloManifestOf('fragment F on User { id }')], /F/],
  ])('are refused with one %s', async (_label, manifests, expected) => {
    const loading = load(...manifests);
    await expect(loading).rejects.toThrow(expected);
    await expect(loading).rejects.toThrow(
      /^PERSISTED_OPERATIONS: \/\S+\.json: operation "me"[^\n]+$/,
    );
  });

  test('introspect only where introspection is on', async () => {
    const files = [
      await writeManifests(apolloManifest({ s: 'query S { __schema { __typename } }' })),
    ];
    await expect(PersistedOperations.load(files, checks())).resolves.toBeDefined();
    await expect(PersistedOperations.load(files, checks(false))).rejects.toThrow(/introspection/);
  });

  test.each<[string, () => Promise<string>]>([
    ['missing', async () => '/no/such/manifest.json'],
    ['a device', async () => '/dev/zero'],
    ['a folder', async () => tmpdir()],
    ['named by several lines', async () => '/no/such\nfile'],
    ['below a file', async () => join(await writeManifests('{}'), 'manifest.json')],
    ['a name that is too long', async () => `/tmp/${'x'.repeat(5_000)}`],
  ])('are not read from a file that is %s', async (_label, file) => {
    await expect(PersistedOperations.load([await file()], checks())).rejects.toThrow(
      /^PERSISTED_OPERATIONS: \/[^\n]+$/,
    );
  });
});

/** A manifest that says that this text is the query Me. */
function apolloManifestOf(body: string) {
  const operations = [{ id: 'me', name: 'Me', type: 'query', body }];
  return { format: 'apollo-persisted-query-manifest', version: 1, operations };
}
