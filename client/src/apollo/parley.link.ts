import { ApolloLink, Observable } from '@apollo/client';
import { OperationTypeNode, print } from 'graphql';
import { LatestAnswers } from '../cache/latest.answers.js';
import type { ParleyClient } from '../client/client.js';
import { errorOfSubscription } from '../client/parley.error.js';

/**
 * Returns the link by which Apollo Client executes its operations with a client of Parley. A
 * `PersistedQueryLink` may stand before it.
 */
export function parleyLink(client: ParleyClient): ApolloLink {
  const answers = new LatestAnswers();
  return new ApolloLink((operation) => {
    const { query, variables, operationName, operationType, extensions } = operation;
    const payload = { query: print(query), variables, operationName, extensions };
    return new Observable<ApolloLink.Result>((observer) => {
      const latest = answers.begin(operationType);
      if (operationType === OperationTypeNode.SUBSCRIPTION)
        return client.socket.subscribe(payload, {
          next: (result) =>
            observer.next({ ...result, data: latest(result.data) } as ApolloLink.Result),
          error: (problem) => observer.error(errorOfSubscription(problem)),
          complete: () => observer.complete(),
        });
      client.execute(payload).then(
        (data) => {
          observer.next({ data: latest(data as Record<string, unknown>) });
          observer.complete();
        },
        (error) => observer.error(error),
      );
      return undefined;
    });
  });
}
