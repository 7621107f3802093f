import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DefinitionNode, parse } from 'graphql';

/** A fragment with those that it uses, for documents that use it. */
type Fragments = readonly TypedDocumentNode<unknown, unknown>[];

/**
 * Parses a document whose fragments stand in documents of their own. Each fragment is parsed once
 * and shared by all documents that use it.
 *
 * @param hash the SHA-256 hash by which a server may know the operation; none for a fragment
 * @returns a document with its own definition first, then each fragment once
 */
export function documentOf<Data, Variables>(
  text: string,
  fragments: Fragments = [],
  hash?: string,
): TypedDocumentNode<Data, Variables> {
  const definitions = new Set<DefinitionNode>(parse(text, { noLocation: true }).definitions);
  for (const fragment of fragments)
    for (const definition of fragment.definitions) definitions.add(definition);
  const document = { kind: 'Document', definitions: [...definitions] };
  const named = hash === undefined ? document : { __meta__: { hash }, ...document };
  return named as unknown as TypedDocumentNode<Data, Variables>;
}
