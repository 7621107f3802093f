import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { type DocumentNode, Kind, print } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';

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
/** The ids of the persisted documents that were used, by their texts. */
const ids = new Map<string, string>();

/** Returns the operation of a document that has exactly one. */
export function operationOf<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables | undefined,
): Operation {
  let query = texts.get(document);
  if (query === undefined) {
    query = print(document);
    texts.set(document, query);
    const { __meta__ } = document as { __meta__?: { hash?: unknown } };
    if (typeof __meta__?.hash === 'string') ids.set(query, __meta__.hash);
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

/**
 * Returns an operation as it is sent to a server that runs persisted operations alone: without its
 * text, if it has an id. The variables are the same object, because a position in them moves on.
 */
export function byId<Payload extends SubscribePayload>(payload: Payload): Payload {
  const documentId = ids.get(payload.query);
  if (documentId !== undefined) return { ...payload, query: '', documentId };
  return payload.extensions?.persistedQuery ? { ...payload, query: '' } : payload;
}
