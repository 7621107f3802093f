// Rewrites the documents that codegen made for clients. Codegen writes each as a whole tree, with all
// of its fragments again. Here each becomes its text and the names of the fragments that it uses, so
// that a fragment stands once in the package and in a bundle.
import { readFileSync, writeFileSync } from 'node:fs';
import { Kind, print, stripIgnoredCharacters, visit } from 'graphql';

const FILE = new URL('../client/src/generated/graphql.ts', import.meta.url);
const DOCUMENT = /^export const (\w+) = (\{.*\}) as unknown as DocumentNode<(.*)>;$/;

/** Returns the fragments that a definition names itself, in their order. */
function fragmentsIn(definition) {
  const names = new Set();
  visit(definition, { [Kind.FRAGMENT_SPREAD]: ({ name }) => void names.add(name.value) });
  return [...names];
}

function shared(line) {
  const [, name, tree, types] = DOCUMENT.exec(line) ?? [];
  if (!name) return line;
  const { __meta__, definitions } = JSON.parse(tree);
  const text = stripIgnoredCharacters(print(definitions[0]));
  const fragments = fragmentsIn(definitions[0]).map((fragment) => `${fragment}FragmentDoc`);
  const values = [JSON.stringify(text), `[${fragments.join(', ')}]`];
  if (__meta__) values.push(JSON.stringify(__meta__.hash));
  return `export const ${name} = /*#__PURE__*/ documentOf<${types}>(${values.join(', ')});`;
}

const [head, ...lines] = readFileSync(FILE, 'utf8').split('\n');
const before =
  "import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';";
const after = "import { documentOf } from '../documents/document.js';";
if (lines[0] !== before) throw new Error(`${FILE.pathname} is not as codegen writes it`);
writeFileSync(FILE, [head, after, ...lines.slice(1).map(shared)].join('\n'));
