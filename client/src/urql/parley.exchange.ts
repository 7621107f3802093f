import { type Exchange, stringifyDocument, subscriptionExchange } from '@urql/core';
import type { SubscribePayload } from 'graphql-ws';
import { LatestAnswers, type OperationKind } from '../cache/latest.answers.js';
import type { ParleyClient } from '../client/client.js';

/**
 * Returns the exchange by which urql executes its operations with a client of Parley: the last one,
 * in place of `fetchExchange`. A `persistedExchange` may stand before it.
 */
export function parleyExchange(client: ParleyClient): Exchange {
  const answers = new LatestAnswers();
  return subscriptionExchange({
    enableAllOperations: true,
    forwardSubscription: (body, operation) => ({
      subscribe(sink) {
        const latest = answers.begin(operation.kind as OperationKind);
        // A persisted operation comes without its text, which says where its position is.
        const query = body.query || stringifyDocument(operation.query);
        const payload = { ...body, query } as SubscribePayload;
        if (operation.kind === 'subscription') {
          const stop = client.socket.subscribe(payload, {
            next: (result) =>
              sink.next({ ...result, data: latest(result.data) } as Parameters<
                typeof sink.next
              >[0]),
            error: (error) => sink.error(error),
            complete: () => sink.complete(),
          });
          return { unsubscribe: stop };
        }
        let isWanted = true;
        client.execute(payload).then(
          (data) => {
            if (!isWanted) return;
            sink.next({ data: latest(data as Record<string, unknown>) });
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
