import { ApolloClient, InMemoryCache } from '@apollo/client';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import type { ParleyClient } from '@parley/client';
import { parleyLink, parleyTypePolicies } from '@parley/client/apollo';
import { parleyCache, parleyExchange } from '@parley/client/urql';
import { Client } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';

type Variables = Record<string, unknown>;
type Document<Data, Asked> = TypedDocumentNode<Data, Asked>;

/** A client with a cache, whichever it is. */
export interface CachedClient {
  /** Asks the server. */
  query<Data, Asked extends Variables>(
    document: Document<Data, Asked>,
    asked: Asked,
  ): Promise<unknown>;
  mutate<Data, Asked extends Variables>(
    document: Document<Data, Asked>,
    asked: Asked,
  ): Promise<unknown>;
  subscribe<Data, Asked extends Variables>(
    document: Document<Data, Asked>,
    asked: Asked,
    listener: () => void,
    refused?: (error: unknown, data: unknown) => void,
  ): () => void;
  /** Returns what the cache has; null when a part is missing. */
  read<Data, Asked extends Variables>(document: Document<Data, Asked>, asked: Asked): Data | null;
  stop(): void;
}

export function withApollo(parley: ParleyClient): CachedClient {
  const cache = new InMemoryCache({ typePolicies: parleyTypePolicies() });
  const apollo = new ApolloClient({ cache, link: parleyLink(parley), queryDeduplication: false });
  return {
    query: (query, variables) =>
      apollo.query({ query, variables, fetchPolicy: 'network-only' } as never),
    mutate: (mutation, variables) => apollo.mutate({ mutation, variables } as never),
    subscribe(query, variables, listener, refused = () => {}) {
      const going = apollo.subscribe({ query, variables } as never).subscribe({
        next: ({ data, error }) => (error ? refused(error, data) : listener()),
        error: (error) => refused(error, undefined),
      });
      return () => going.unsubscribe();
    },
    read: (query, variables) => cache.readQuery({ query, variables } as never),
    stop: () => apollo.stop(),
  };
}

export function withUrql(parley: ParleyClient): CachedClient {
  const urql = new Client({
    url: parley.url,
    preferGetMethod: false,
    exchanges: [cacheExchange(parleyCache()), parleyExchange(parley)],
  });
  return {
    query: (document, variables) =>
      urql.query(document, variables, { requestPolicy: 'network-only' }).toPromise(),
    mutate: (document, variables) => urql.mutation(document, variables).toPromise(),
    subscribe: (document, variables, listener, refused = () => {}) =>
      urql
        .subscription(document, variables)
        .subscribe(({ data, error }) => (error ? refused(error, data) : listener())).unsubscribe,
    read: (document, variables) =>
      urql.readQuery(document, variables, { requestPolicy: 'cache-only' })?.data ?? null,
    stop: () => {},
  };
}
