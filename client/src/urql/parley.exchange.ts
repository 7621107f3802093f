import { type Exchange, subscriptionExchange } from '@urql/core';
import type { ParleyClient } from '../client/client.js';

/**
 * Returns the exchange by which urql executes its operations with a client of Parley: the last one,
 * in place of `fetchExchange`.
 */
export function parleyExchange(client: ParleyClient): Exchange {
  return subscriptionExchange({
    enableAllOperations: true,
    forwardSubscription: (body, operation) => ({
      subscribe(sink) {
        if (operation.kind === 'subscription') {
          const { query = '', operationName } = body;
          const variables = body.variables as Record<string, unknown> | undefined;
          const stop = client.socket.subscribe(
            { query, operationName, variables },
            {
              next: (result) => sink.next(result as Parameters<typeof sink.next>[0]),
              error: (error) => sink.error(error),
              complete: () => sink.complete(),
            },
          );
          return { unsubscribe: stop };
        }
        let isWanted = true;
        client
          .request<Record<string, unknown>, never>(operation.query, operation.variables as never)
          .then(
            (data) => {
              if (!isWanted) return;
              sink.next({ data });
              sink.complete();
            },
            (error) => isWanted && sink.error(error),
          );
        return {
          unsubscribe: () => {
            isWanted = false;
          },
        };
      },
    }),
  });
}
