/**
 * The look at Redis before a node starts anything. A server that answers, and cannot be used, ends
 * the start. One that is away does not: the node serves without it, and says so.
 *
 * Some servers close the connection, or stay silent, instead of an answer. A second look with the
 * first bytes of another protocol tells whether the setting means something else. It sends no
 * password.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parseRedisUrl, type RedisAddress } from '../input/redis-url';
import type { Logger } from '../logger';
import { RedisConnection } from './redis.connection';
import { RedisHealth } from './redis.health';

const COMMAND_TIMEOUT_MS = 2_000;
const LOOK_TIMEOUT_MS = 1_000;
/** The message by which a client of Postgres asks for TLS. It is answered by one letter. */
const POSTGRES_TLS_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/**
 * Resolves with the reason for which this Redis cannot be used until something is changed; with
 * null when it can be used, or is away. Takes at most 5 s, and never rejects.
 */
export async function findUnsuitable(url: string, logger: Logger): Promise<string | null> {
  const health = new RedisHealth(logger.child({}, { level: 'silent' }));
  const part = health.part('Redis', '');
  const connection = new RedisConnection({ url, part, commandTimeoutMs: COMMAND_TIMEOUT_MS });
  await connection.start();
  const { unsuitable } = health;
  const isAway = part.trouble?.kind === 'away';
  await connection.stop();
  return isAway ? lookAgain(parseRedisUrl(url) as RedisAddress) : unsuitable;
}

async function lookAgain(address: RedisAddress): Promise<string | null> {
  if (address.isTls) {
    const answer = await answerTo(connect(address), 'PING\r\n');
    return /^[+-]/.test(answer) ? 'the server does not speak TLS; redis:// leads to it' : null;
  }
  const [isTls, answer] = await Promise.all([
    answersTls(address),
    answerTo(connect(address), POSTGRES_TLS_REQUEST),
  ]);
  if (/^[SN]$/.test(answer)) return 'the server is a Postgres, and no Redis';
  return isTls ? 'the server speaks TLS; rediss:// leads to it' : null;
}

/** Resolves with the first bytes that come; empty when none come. */
async function answerTo(socket: Socket, text: string | Buffer): Promise<string> {
  return look(socket, 'data', () => socket.write(text));
}

async function answersTls({ host, port, family }: RedisAddress): Promise<boolean> {
  // Nothing is sent over it, so the certificate does not matter.
  const socket = connectTls({ host, port, rejectUnauthorized: false, ...(family && { family }) });
  return (await look(socket, 'secureConnect', () => {})) !== '';
}

async function look(socket: Socket, name: string, begin: () => void): Promise<string> {
  const signal = AbortSignal.timeout(LOOK_TIMEOUT_MS);
  socket.on('error', () => {});
  begin();
  try {
    const [data] = await Promise.race([
      once(socket, name, { signal }),
      once(socket, 'close', { signal }).then(() => ['']),
    ]);
    return data === undefined ? name : String(data);
  } catch {
    return '';
  } finally {
    socket.destroy();
  }
}
