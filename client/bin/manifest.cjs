#!/usr/bin/env node
/**
 * Writes the manifest of the documents of @parley/client, in Apollo's format, for a server that
 * runs persisted operations:
 *
 *     npx parley-manifest parley-manifest.json
 *
 * Run it in the frontend's project. Clients change and print a document each in their own way before
 * they hash it. So the manifest has each document in the texts of those clients that the project
 * has, in their versions.
 */
const { createHash } = require('node:crypto');
const { writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { join } = require('node:path');
const documents = require('../dist/cjs/generated/graphql.js');

const [file] = process.argv.slice(2);
const fromProject = createRequire(join(process.cwd(), 'package.json'));

/** Returns a package of the project; null when it has none. */
function installed(name) {
  try {
    return fromProject(name);
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

const { print } = installed('graphql') ?? require('graphql');
const apollo = installed('@apollo/client');
const lists = installed('@apollo/persisted-query-lists');
const urql = installed('@urql/core');
const hashOf = (text) => createHash('sha256').update(text).digest('hex');
const atRuntime = lists?.generatePersistedQueryIdsAtRuntime({ sha256: (text) => text });

/** All texts of a document. The last one of a name is the one whose id Apollo Client looks up. */
async function textsOf(document) {
  // urql notes the text that it printed in the document itself.
  const copy = () => structuredClone(document);
  const texts = [];
  if (urql) {
    // Without a cache, and with one.
    texts.push(urql.stringifyDocument(copy()));
    texts.push(urql.stringifyDocument(urql.formatDocument(copy())));
  }
  if (apollo) {
    // PersistedQueryLink with a hash of its own, and with those of Apollo's package.
    const withTypenames = new apollo.InMemoryCache().transformDocument(document);
    texts.push(print(withTypenames));
    if (atRuntime) texts.push(await atRuntime.generateHash(withTypenames));
  }
  return texts;
}

async function manifest() {
  const operations = new Map();
  for (const [name, document] of Object.entries(documents)) {
    if (!name.endsWith('Document')) continue;
    const { operation: type, name: named } = document.definitions[0];
    const add = (id, body) => {
      operations.delete(id);
      operations.set(id, { id, name: named.value, type, body });
    };
    // Whichever version of graphql-js prints it, its own id leads to it. A server finds each text by
    // its hash as well.
    add(document.__meta__.hash, print(document));
    for (const text of await textsOf(document)) add(hashOf(text), text);
  }
  const format = 'apollo-persisted-query-manifest';
  return { format, version: 1, operations: [...operations.values()] };
}

manifest().then((made) => {
  const json = `${JSON.stringify(made, null, 2)}\n`;
  if (file) writeFileSync(file, json);
  else process.stdout.write(json);
});
