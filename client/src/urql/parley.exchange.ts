import {
  type Exchange,
  type ExecutionResult,
  stringifyDocument,
  subscriptionExchange,
} from '@urql/core';
import type { SubscribePayload } from 'graphql-ws';
import { LatestAnswers, type OperationKind } from '../cache/latest.answers.js';
import type { ParleyClient } from '../client/client.js';
import { errorOfSubscription } from '../client/parley.error.js';

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
          const own = withOwnErrors();
          const stop = client.socket.subscribe(payload, {
            next: (result) =>
              sink.next(own({ ...result, data: latest(result.data) }) as ExecutionResult),
            error: (problem) => sink.error(errorOfSubscription(problem)),
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

/**
 * Returns a function that is given each event of a subscription. urql takes an event without errors
 * to have those of the event before it, unless its list of errors is there and is empty.
 */
function withOwnErrors(): <Event extends { errors?: readonly unknown[] }>(event: Event) => Event {
  let hadErrors = false;
  return (event) => {
    if (event.errors) hadErrors = true;
    return hadErrors && !event.errors ? { ...event, errors: [] } : event;
  };
}
