import type { ClientOptions } from 'graphql-ws';
import { backOffMs, FIRST_WAIT_MS, isRetriableClose } from './retry.js';

/**
 * Options for a graphql-ws client, by which it does not give up either. By its own defaults it
 * gives up after five attempts, or after the first one that the network refuses, and waits twice as
 * long before each further attempt, without a limit.
 *
 *     const client = resumable(createClient({ url, connectionParams, ...retryForever }));
 */
export const retryForever: Required<
  Pick<ClientOptions, 'retryAttempts' | 'retryWait' | 'shouldRetry'>
> = {
  retryAttempts: Number.POSITIVE_INFINITY,
  retryWait: (retries) =>
    new Promise((resolve) => setTimeout(resolve, backOffMs(retries, FIRST_WAIT_MS))),
  shouldRetry: isRetriableClose,
};
