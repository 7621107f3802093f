/** Sends one message over the present connection, and only over that. */
import type { ParleyClient } from '../client/client.js';
import { operationOf } from '../client/operation.js';
import { errorOf, errorOfSubscription, ParleyError } from '../client/parley.error.js';
import {
  type MessagePartsFragment,
  SendMessageDocument,
  type SendMessageInput,
  type SendMessageMutation,
} from '../generated/graphql.js';

/** The time after which the connection is tested, when no answer has come. */
const PATIENCE_MS = 10_000;

/**
 * Sends a message as the user whom the connection acknowledged. A request over HTTP might have
 * another user's token by then, and graphql-ws would repeat the operation over the next connection.
 *
 * @throws {ParleyError} CONNECTION_LOST when the connection ended before the answer, and it is
 *   unknown whether the message was accepted; otherwise the server's refusal
 */
export function deliver(
  client: ParleyClient,
  input: SendMessageInput,
): Promise<MessagePartsFragment> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      clearInterval(timer);
      stopSession();
      stop();
      settle();
    };
    let stop = () => {};
    let answered = () => reject(errorOfSubscription(null));
    const timer = setInterval(() => client.socket.wake(), PATIENCE_MS);
    const stopSession = client.onSession(() => {
      const lost = new ParleyError('CONNECTION_LOST', 'The connection ended before the answer.');
      end(() => reject(lost));
    });
    stop = client.socket.subscribe<SendMessageMutation>(
      operationOf(SendMessageDocument, { input }),
      {
        next: ({ data, errors }) => {
          answered = () => {
            if (data) resolve(data.sendMessage.message);
            else reject(errorOf(errors ?? []));
          };
        },
        error: (problem) => end(() => reject(errorOfSubscription(problem))),
        complete: () => end(answered),
      },
    );
  });
}
