import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DocumentNode, Kind, print } from 'graphql';

/** An operation as it is sent, over either transport. */
export interface Operation {
  query: string;
  operationName: string | undefined;
  variables: Record<string, unknown> | undefined;
}

/** The options of a request. */
export interface RequestOptions {
  /** Ends the request, which then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * The last arguments of a request. The variables may be left out when the document needs none.
 *
 * @typeParam Variables the type of the document's variables
 */
export type VariablesOf<Variables> =
  Record<string, never> extends Variables
    ? [variables?: Variables, options?: RequestOptions]
    : [variables: Variables, options?: RequestOptions];

const texts = new WeakMap<DocumentNode, string>();

/** Returns the operation of a document that has exactly one. */
export function operationOf<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | undefined,
): Operation {
  let query = texts.get(document);
  if (query === undefined) {
    query = print(document);
    texts.set(document, query);
  }
  return {
    query,
    operationName: nameOf(document),
    variables: (variables ?? undefined) as Record<string, unknown> | undefined,
  };
}

function nameOf(document: DocumentNode): string | undefined {
  for (const definition of document.definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION) return definition.name?.value;
  return undefined;
}
