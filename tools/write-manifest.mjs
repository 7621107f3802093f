// Writes the manifest of the documents for clients, in Apollo's format, from the compiled documents.
// A server runs an operation whose id is the SHA-256 hash of a text that it knows. The clients print
// and change a document each in their own way before they hash it, so each document has several texts.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { InMemoryCache } from '@apollo/client';
import { generatePersistedQueryIdsAtRuntime } from '@apollo/persisted-query-lists';
import { formatDocument, stringifyDocument } from '@urql/core';
import { print } from 'graphql';

const CLIENT = new URL('../client/', import.meta.url);
const documents = createRequire(CLIENT)('./dist/cjs/generated/graphql.js');
const normalized = JSON.parse(
  readFileSync(new URL('src/generated/persisted-documents.json', CLIENT), 'utf8'),
);
const cache = new InMemoryCache();
// The text that the package would hash.
const apollo = generatePersistedQueryIdsAtRuntime({ sha256: (text) => text });

/** All texts of a document. The last one of a name is the one whose id Apollo Client looks up. */
async function textsOf(document) {
  // urql notes the text that it printed in the document itself.
  const copy = () => structuredClone(document);
  const withTypenames = cache.transformDocument(document);
  return [
    // graphql-ws, graphql-request, fetch.
    print(document),
    // codegen's client preset, whose documents have the hash as `__meta__.hash`.
    normalized[document.__meta__.hash],
    // urql without a cache, and with one.
    stringifyDocument(copy()),
    stringifyDocument(formatDocument(copy())),
    // Apollo Client's PersistedQueryLink with a hash of its own, and with those of its package.
    print(withTypenames),
    await apollo.generateHash(withTypenames),
  ];
}

const operations = new Map();
for (const [name, document] of Object.entries(documents)) {
  if (!name.endsWith('Document')) continue;
  const { operation: type, name: named } = document.definitions[0];
  for (const body of await textsOf(document)) {
    const id = createHash('sha256').update(body).digest('hex');
    operations.delete(id);
    operations.set(id, { id, name: named.value, type, body });
  }
}
const manifest = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [...operations.values()],
};
writeFileSync(new URL('manifest.json', CLIENT), `${JSON.stringify(manifest, null, 2)}\n`);
