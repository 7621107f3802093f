import { InMemoryCache } from '@apollo/client';
import { generatePersistedQueryIdsAtRuntime } from '@apollo/persisted-query-lists';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { formatDocument, stringifyDocument } from '@urql/core';
import { type OperationDefinitionNode, parse, print } from 'graphql';
import manifest from '../../client/manifest.json';
import * as generated from '../../client/src/generated/graphql';
import { loadConfig } from '../../src/config';
import { Documents } from '../../src/execution/operation';
import { PersistedOperations } from '../../src/execution/persisted.operations';
import { getSchema } from '../../src/graphql/schema';
import { sha256 } from '../support/manifest';

type Document = TypedDocumentNode<unknown, Record<string, unknown>> & {
  __meta__: { hash: string };
};

const FILE = `${__dirname}/../../client/manifest.json`;
const DOCUMENTS = Object.entries(generated).filter(([name]) => name.endsWith('Document')) as [
  string,
  Document,
][];
const cache = new InMemoryCache();
const copyOf = (document: Document) => structuredClone(document);

/** The hash by which each client names a document. */
const HASHES: Record<string, (document: Document) => string | Promise<string>> = {
  'graphql-js': (document) => sha256(print(document)),
  codegen: ({ __meta__ }) => __meta__.hash,
  urql: (document) => sha256(stringifyDocument(copyOf(document))),
  "urql's caches": (document) => sha256(stringifyDocument(formatDocument(copyOf(document)))),
  'Apollo Client': (document) => sha256(print(cache.transformDocument(document))),
  "Apollo's package": (document) =>
    generatePersistedQueryIdsAtRuntime({ sha256 }).generateHash(cache.transformDocument(document)),
};

describe('the manifest of the documents for clients', () => {
  test('has hashes of its texts as ids, or their beginnings, each once', () => {
    for (const { id, body } of manifest.operations) {
      expect([16, 64]).toContain(id.length);
      expect(sha256(body).startsWith(id)).toBe(true);
    }
    const ids = manifest.operations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('says what its texts are', () => {
    for (const { name, type, body } of manifest.operations) {
      const operations = parse(body).definitions.filter(
        (one): one is OperationDefinitionNode => one.kind === 'OperationDefinition',
      );
      expect(operations.map((one) => [one.name!.value, one.operation])).toEqual([[name, type]]);
    }
  });

  test.each(Object.entries(HASHES))('has all documents as %s hashes them', async (_, hashOf) => {
    expect(DOCUMENTS.length).toBeGreaterThan(50);
    // A server finds a text by its id and by its hash.
    const named = new Map(
      manifest.operations.flatMap(({ id, name, body }) => [
        [id, name],
        [sha256(body), name],
      ]),
    );
    for (const [export_, document] of DOCUMENTS)
      expect([export_, `${named.get(await hashOf(document))}Document`]).toEqual([export_, export_]);
  });

  test('has nothing but the documents', () => {
    const names = new Set(manifest.operations.map(({ name }) => `${name}Document`));
    expect([...names].sort()).toEqual(DOCUMENTS.map(([name]) => name).sort());
  });

  test('leads Apollo Client from the name to the text that it sends', async () => {
    const byName = new Map(manifest.operations.map(({ id, name }) => [name, id]));
    for (const [name, document] of DOCUMENTS)
      expect(byName.get(name.replace(/Document$/, ''))).toBe(
        await HASHES["Apollo's package"]!(document),
      );
  });

  test('is accepted with the default limits', async () => {
    const { limits } = loadConfig({});
    const options = {
      introspection: false,
      maxDirectives: 50,
      maxTokens: limits.tokens,
      maxDepth: limits.depth,
    };
    const documents = new Documents(getSchema(), options);
    const checks = { schema: getSchema(), documents, limits };
    const operations = await PersistedOperations.load([FILE], checks);
    for (const [, { __meta__ }] of DOCUMENTS)
      expect(operations.textOf(__meta__.hash)).toBeDefined();
  });
});
