import Redis from 'ioredis';

const DISCONNECT_TIMEOUT_MS = 100;

/**
 * Ends every connection that listens for events, or all others, as an operator might.
 *
 * @throws {Error} Redis is away; it is not waited for, and nothing stays open
 */
export async function killRedisClients(url: string, type: 'pubsub' | 'normal'): Promise<void> {
  const operator = new Redis(url, {
    lazyConnect: true,
    enableReadyCheck: false,
    retryStrategy: () => null,
    // It waits so long for the end of a socket, even of one that has ended.
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  });
  // Whatever happens to the connection is the command's answer, too.
  operator.on('error', () => {});
  try {
    await operator.connect();
    await operator.call('CLIENT', 'KILL', 'TYPE', type, 'SKIPME', 'yes');
  } finally {
    operator.disconnect();
  }
}
