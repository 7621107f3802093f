import type { Redis } from 'ioredis';
import { UnsuitableRedisError } from './redis.trouble';

const LEAST_VERSION = 7;
const NO_REDIS = 'the server is no Redis: it does not answer as one';

/** The rights that a connection needs, which are asked for before any of them is used. */
export interface RedisRights {
  /** Each is a command and the key or channel that stands for all of its kind. */
  readonly commands: readonly (readonly string[])[];
  /**
   * A key that is never set, to try a write that changes nothing; null to try none. A server that
   * is full, or cannot persist, refuses it.
   */
  readonly writeKey: string | null;
}

/**
 * Answers the first right that is missing. It changes nothing: SET with XX leaves a key alone that
 * does not exist, and is neither replicated nor persisted then.
 */
const EXAMINE = `
for _, text in ipairs(ARGV) do
  local right = cjson.decode(text)
  if redis.acl_check_cmd then
    local isKnown, isAllowed = pcall(redis.acl_check_cmd, unpack(right))
    if not isKnown or not isAllowed then return text end
  end
end
if KEYS[1] then redis.call('SET', KEYS[1], '', 'XX') end
return false`;

/** Commands of Lua scripts that have no key. */
const WITHOUT_KEY = new Set(['TIME']);

/** Returns the rights that scripts need, read from their text, for keys with a prefix. */
export function rightsOfScripts(lua: string, keyPrefix: string): string[][] {
  const names = [...lua.matchAll(/redis\.call\('([a-z]+)'/gi)].map(([, name]) =>
    name!.toUpperCase(),
  );
  return [
    ...[...new Set(names)].map((name) => (WITHOUT_KEY.has(name) ? [name] : [name, keyPrefix])),
    ['EVALSHA', '', '1', keyPrefix],
  ];
}

/**
 * Asks which server this is. Needs no right, because HELLO is allowed to every user.
 *
 * @throws {UnsuitableRedisError} when it is a cluster, a Sentinel, a replica, or older than Redis 7
 */
export async function examineServer(client: Redis): Promise<void> {
  const { mode, role, version } = await describe(client);
  if (mode === 'cluster') throw new UnsuitableRedisError('a Redis Cluster is not supported');
  if (mode === 'sentinel')
    throw new UnsuitableRedisError('a Sentinel is not supported, only the Redis that it watches');
  if (version !== undefined && Number.parseInt(version, 10) < LEAST_VERSION)
    throw new UnsuitableRedisError(`the server is Redis ${version}, and 7 or newer is needed`);
  if (role === 'replica' || role === 'slave')
    throw new UnsuitableRedisError('the server is a replica, which cannot be written to');
}

/**
 * Asks whether the user has all rights, and whether Redis takes writes.
 *
 * @throws {UnsuitableRedisError} which names the first right that is missing
 */
export async function examineRights(client: Redis, rights: RedisRights): Promise<void> {
  const keys = rights.writeKey === null ? [] : [rights.writeKey];
  const texts = rights.commands.map((right) => JSON.stringify(right));
  const missing = await client.eval(EXAMINE, keys.length, ...keys, ...texts);
  if (typeof missing !== 'string') return;
  // A server that answers everything with the same text has not run the script.
  if (!texts.includes(missing)) throw new UnsuitableRedisError(NO_REDIS);
  const [command, ...others] = JSON.parse(missing) as string[];
  const target = others.at(-1);
  throw new UnsuitableRedisError(
    `the user may not ${command}${target === undefined ? '' : ` at ${target}*`} (NOPERM)`,
  );
}

/** undefined for what the server does not tell. */
type Description = Record<'mode' | 'role' | 'version', string | undefined>;

async function describe(client: Redis): Promise<Description> {
  try {
    const facts = await client.call('HELLO');
    if (!Array.isArray(facts)) throw new UnsuitableRedisError(NO_REDIS);
    const factOf = (name: string) => {
      const at = facts.indexOf(name);
      return at === -1 ? undefined : String(facts[at + 1]);
    };
    return { mode: factOf('mode'), role: factOf('role'), version: factOf('version') };
  } catch (error) {
    if (/unknown command/i.test((error as Error).message)) return describeByInfo(client);
    throw error;
  }
}

/** For a server that does not know HELLO. One that forbids INFO as well stays unknown. */
async function describeByInfo(client: Redis): Promise<Description> {
  const info = await infoOf(client);
  return {
    mode: info.get('cluster_enabled') === '1' ? 'cluster' : info.get('redis_mode'),
    role: info.get('role'),
    version: info.get('redis_version'),
  };
}

/**
 * Returns the name of a policy by which this Redis drops keys when it is full; null when it drops
 * none, or has no limit of memory.
 */
export function droppingPolicyIn(info: ReadonlyMap<string, string>): string | null {
  const policy = info.get('maxmemory_policy') ?? 'noeviction';
  return policy === 'noeviction' || info.get('maxmemory') === '0' ? null : policy;
}

/** Returns the fields of INFO; none when the user may not ask. */
export async function infoOf(client: Redis): Promise<Map<string, string>> {
  const text = await client.info().catch((error: Error) => {
    if (error.name === 'ReplyError') return '';
    throw error;
  });
  const fields = String(text)
    .split('\r\n')
    .map((line) => line.split(':', 2));
  return new Map(fields.filter((field): field is [string, string] => field.length === 2));
}
