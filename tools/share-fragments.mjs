// Rewrites the documents that codegen made for clients. Codegen writes each as a whole tree, with all
// of its fragments again. Here each becomes its text and the names of the fragments that it uses, so
// that a fragment stands once in the package and in a bundle. An operation also gets its id: the first
// 64 bits of the SHA-256 hash of its whole text, as graphql-js prints it.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Kind, print, stripIgnoredCharacters, visit } from 'graphql';

const FILE = new URL('../client/src/generated/graphql.ts', import.meta.url);
/** Hexadecimal digits. All of a hash would be a fourth of the compressed documents. */
const ID_LENGTH = 16;
const DOCUMENT = /^export const (\w+) = (\{.*\}) as unknown as DocumentNode<(.*)>;$/;

/** The definitions of each fragment's document, in the order that they have at run time. */
const fragments = new Map();

/** Returns the fragments that a definition names itself, in their order. */
function fragmentsIn(definition) {
  const names = new Set();
  visit(definition, { [Kind.FRAGMENT_SPREAD]: ({ name }) => void names.add(name.value) });
  return [...names];
}

function shared(line) {
  const [, name, tree, types] = DOCUMENT.exec(line) ?? [];
  if (!name) return line;
  const [definition] = JSON.parse(tree).definitions;
  const used = fragmentsIn(definition);
  const definitions = new Set([definition, ...used.flatMap((one) => [...fragments.get(one)])]);
  const isFragment = definition.kind === Kind.FRAGMENT_DEFINITION;
  if (isFragment) fragments.set(definition.name.value, definitions);
  const values = [
    JSON.stringify(stripIgnoredCharacters(print(definition))),
    `[${used.map((fragment) => `${fragment}FragmentDoc`).join(', ')}]`,
  ];
  const text = print({ kind: Kind.DOCUMENT, definitions: [...definitions] });
  const id = createHash('sha256').update(text).digest('hex').slice(0, ID_LENGTH);
  if (!isFragment) values.push(`'${id}'`);
  const value = `/*#__PURE__*/ documentOf(${values.join(', ')})`;
  return `export const ${name}: DocumentNode<${types}> = ${value};`;
}

const [head, ...lines] = readFileSync(FILE, 'utf8').split('\n');
const before =
  "import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';";
const after = "import { documentOf } from '../documents/document.js';";
if (lines[0] !== before) throw new Error(`${FILE.pathname} is not as codegen writes it`);
writeFileSync(FILE, [head, before, after, ...lines.slice(1).map(shared)].join('\n'));
