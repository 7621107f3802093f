import type { Redis } from 'ioredis';
import { busRights } from '../bus/bus.redis';
import type { Config } from '../config';
import type { Logger } from '../logger';
import { presenceRights } from '../presence/store/presence.scripts';
import { rightsOfWindows } from '../rate-limit/windows.redis';
import { findUnsuitable } from '../redis/redis.check';
import { RedisConnection } from '../redis/redis.connection';
import { droppingPolicyIn, infoOf, type RedisRights } from '../redis/redis.examination';
import { RedisHealth } from '../redis/redis.health';
import { compareClocks, type Finding, ok, problem, warning } from './finding';

const COMMAND_TIMEOUT_MS = 2_000;

/**
 * Looks at Redis by the checks of a start, with the rights of all parts of a node.
 *
 * @param installationId stands in all keys; null when there is no installation yet
 */
export async function checkRedis(
  { storage: { redisUrl: url } }: Config,
  installationId: string | null,
  logger: Logger,
): Promise<Finding[]> {
  if (url === null)
    return [ok('REDIS_URL is not set: only one node may use the database at a time')];
  const unsuitable = await findUnsuitable(url, logger);
  if (unsuitable !== null) return [problem(`REDIS_URL: ${unsuitable}`)];
  const part = new RedisHealth(logger).part('Redis', '');
  const rights = rightsOfNode(`parley:${installationId ?? 'doctor'}:`);
  const connection = new RedisConnection({
    url,
    part,
    rights,
    commandTimeoutMs: COMMAND_TIMEOUT_MS,
  });
  await connection.start();
  try {
    if (part.trouble?.kind === 'away')
      return [problem(`REDIS_URL: Redis cannot be reached (${part.trouble.cause})`)];
    if (part.trouble !== null) return [problem(`REDIS_URL: ${part.trouble.cause}`)];
    return await examine(connection.client);
  } finally {
    await connection.stop();
  }
}

function rightsOfNode(prefix: string): RedisRights {
  const commands = [...busRights(prefix), ...presenceRights(prefix), ...rightsOfWindows(prefix)];
  return { commands, writeKey: `${prefix}probe` };
}

async function examine(client: Redis): Promise<Finding[]> {
  const info = await infoOf(client);
  const fromMs = Date.now();
  const [seconds, microseconds] = await client.time();
  const toMs = Date.now();
  const version = info.get('redis_version');
  const policy = droppingPolicyIn(info);
  return [
    ok(`Redis${version === undefined ? '' : ` ${version}`}, and its user has all rights`),
    ...(policy === null
      ? []
      : [warning(`REDIS_URL: maxmemory-policy is ${policy}, and noeviction is needed`)]),
    compareClocks('Redis', Number(seconds) * 1_000 + Number(microseconds) / 1_000, fromMs, toMs),
  ];
}
