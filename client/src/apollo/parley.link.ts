import { ApolloLink, Observable } from '@apollo/client';
import { OperationTypeNode, print } from 'graphql';
import type { ParleyClient } from '../client/client.js';

/** Returns the link by which Apollo Client executes its operations with a client of Parley. */
export function parleyLink(client: ParleyClient): ApolloLink {
  return new ApolloLink((operation) => {
    const { query, variables, operationName, operationType } = operation;
    return new Observable<ApolloLink.Result>((observer) => {
      if (operationType === OperationTypeNode.SUBSCRIPTION)
        return client.socket.subscribe(
          { query: print(query), variables, operationName },
          {
            next: (result) => observer.next(result as ApolloLink.Result),
            error: (error) => observer.error(error),
            complete: () => observer.complete(),
          },
        );
      client.request<Record<string, unknown>, typeof variables>(query, variables).then(
        (data) => {
          observer.next({ data });
          observer.complete();
        },
        (error) => observer.error(error),
      );
      return undefined;
    });
  });
}
