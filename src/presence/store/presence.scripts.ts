import type { Redis } from 'ioredis';
import { rightsOfScripts } from '../../redis/redis.examination';
import { RedisScript } from '../../redis/redis.script';

/*
 * The atomic steps of the presence store. All keys have one prefix.
 *
 * A *holder* is one registration of one node. A node registers as a new holder with each
 * connection, and when its holder is not registered any more. Late commands of an ended connection,
 * and entries that Redis restored from an old snapshot, belong to a former holder. So they cannot
 * change what the node holds now.
 *
 * nodes     zset  holder -> time until which it counts as living; each heartbeat moves it on
 * leaving   zset  holder -> time from which its entries are to be ended; while a node ends them,
 *                 the time at which that node's claim lapses
 * seen      hash  holder -> time of its last heartbeat, or of its departure
 * node:H    set   the entries of holder H; an entry is the pair key of a set and a member
 * held:E    set   the holders of entry E
 * set:S     set   the members of set S; S is the first part of the entries' pair keys, which has no
 *                 space, so that an entry is split at its first space
 * fresh:S   zset  member of set S -> time until which it is fresh; only for sets that need it
 * memory    hash  beats: the count of all heartbeats; a node that saw a greater count knows that
 *                 Redis lost its memory
 *                 lostAt: time at which a node last noticed that
 * untold    zset  entry -> time at which it ended, without that having been reported
 * teller    text  the reaper that reports untold ends; lapses unless it goes on
 *
 * Times are milliseconds of Redis' own clock. The scripts derive the keys from the prefix, so they
 * need one Redis server, and no cluster.
 */
const COMMON = `
local prefix = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local nodes, leaving, seen = prefix .. 'nodes', prefix .. 'leaving', prefix .. 'seen'
local memory, untold, teller = prefix .. 'memory', prefix .. 'untold', prefix .. 'teller'

local function parse(entry)
  local space = string.find(entry, ' ', 1, true)
  return prefix .. 'set:' .. string.sub(entry, 1, space - 1), string.sub(entry, space + 1)
end
local function isRegistered(holder)
  return redis.call('ZSCORE', nodes, holder)
end
local function isHeld(entry)
  return redis.call('EXISTS', prefix .. 'held:' .. entry) == 1
end
local function hold(holder, entry)
  if redis.call('SADD', prefix .. 'node:' .. holder, entry) == 0 then return 0 end
  redis.call('SADD', prefix .. 'held:' .. entry, holder)
  redis.call('ZREM', untold, entry)
  local set, member = parse(entry)
  return redis.call('SADD', set, member)
end
-- Whether the entry has no holder any more.
local function letGo(holder, entry)
  redis.call('SREM', prefix .. 'held:' .. entry, holder)
  if isHeld(entry) then return false end
  local set, member = parse(entry)
  redis.call('SREM', set, member)
  return true
end
local function release(holder, entry)
  return redis.call('SREM', prefix .. 'node:' .. holder, entry) == 1 and letGo(holder, entry)
end
-- After a loss of memory others may hold what they could not yet say again.
local function isQuiet(quietMs)
  local lostAt = redis.call('HGET', memory, 'lostAt')
  return lostAt and now - lostAt < tonumber(quietMs)
end
`;

const LUA = {
  /**
   * Arguments: holder, entry. Answers 1 when no holder had the entry before, 0 when one had it, and
   * -1 when the holder is not registered (any more).
   */
  presenceHold: `
if not isRegistered(ARGV[1]) then return -1 end
return hold(ARGV[1], ARGV[2])`,

  /**
   * Arguments: holder, entry, limit. Holds the entry when its set has fewer than `limit` other
   * members. Answers 1 when it is held now, the members of the set when there is no room, and -1
   * when the holder is not registered (any more).
   */
  presenceHoldBelow: `
if not isRegistered(ARGV[1]) then return -1 end
local set = parse(ARGV[2])
-- A registration may have brought the entry already, without a look at the limit.
local own = redis.call('SISMEMBER', prefix .. 'node:' .. ARGV[1], ARGV[2])
if redis.call('SCARD', set) - own < tonumber(ARGV[3]) then
  hold(ARGV[1], ARGV[2])
  return 1
end
release(ARGV[1], ARGV[2])
return redis.call('SMEMBERS', set)`,

  /**
   * Arguments: holder, entry, quietMs. Answers 1 when the last hold of the entry ended, else 0. In
   * the quiet time after a loss of memory it answers 0 as well, and lists the end as untold. It
   * answers -1 when the holder has no such entry and is not registered (any more).
   */
  presenceRelease: `
local isKnown = redis.call('SISMEMBER', prefix .. 'node:' .. ARGV[1], ARGV[2]) == 1
if not isKnown and not isRegistered(ARGV[1]) then return -1 end
if not release(ARGV[1], ARGV[2]) then return 0 end
if not isQuiet(ARGV[3]) then return 1 end
redis.call('ZADD', untold, now, ARGV[2])
return 0`,

  /**
   * Arguments: holder, the greatest count of heartbeats that the node knows, leaseMs, and 1 to
   * register the holder or 0 to only renew it. Answers four values: 1, or 0 when the holder is not
   * registered; the new count; the time; the time of the last loss of memory, 0 for none. A loss of
   * memory is noted when the node knows a greater count than Redis.
   */
  presenceBeat: `
local beats, known = tonumber(redis.call('HGET', memory, 'beats') or 0), tonumber(ARGV[2])
if known > beats then redis.call('HSET', memory, 'lostAt', now) end
-- Beyond what anybody knows, so that this loss is not noticed again by a node that comes back much later.
beats = math.max(beats, known) + 1
redis.call('HSET', memory, 'beats', beats)
local lostAt = tonumber(redis.call('HGET', memory, 'lostAt') or 0)
if ARGV[4] == '0' and not isRegistered(ARGV[1]) then return { 0, beats, now, lostAt } end
redis.call('ZADD', nodes, now + ARGV[3], ARGV[1])
redis.call('HSET', seen, ARGV[1], now)
return { 1, beats, now, lostAt }`,

  /**
   * Arguments: holder, then pairs of an entry and 1 to hold it or 0 to release it. Answers 1, or 0
   * when the holder is not registered. Does not answer which holds were first. Lists last releases
   * as untold, and so an entry that has no holder already: its end was told by no release, for
   * example because Redis lost its memory, or the answer was lost.
   */
  presenceSettle: `
if not isRegistered(ARGV[1]) then return 0 end
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '1' then
    hold(ARGV[1], ARGV[i])
  elseif release(ARGV[1], ARGV[i]) or not isHeld(ARGV[i]) then
    redis.call('ZADD', untold, now, ARGV[i])
  end
end
return 1`,

  /**
   * Argument: holder. Ends its registration. From now on, the entries that only this holder has are
   * to be ended.
   */
  presenceRetire: `
if redis.call('ZREM', nodes, ARGV[1]) == 1 then redis.call('ZADD', leaving, now, ARGV[1]) end`,

  /**
   * Arguments: quietMs, claimMs. Ends the registration of each holder whose lease has lapsed. Then
   * answers a holder whose entries the caller is to end, and the claim: the time at which it
   * lapses. Answers nothing when none is due, or in the quiet time.
   */
  presenceClaim: `
if isQuiet(ARGV[1]) then return false end
for _, holder in ipairs(redis.call('ZRANGEBYSCORE', nodes, '-inf', now)) do
  redis.call('ZREM', nodes, holder)
  redis.call('ZADD', leaving, now, holder)
end
local due = redis.call('ZRANGEBYSCORE', leaving, '-inf', now, 'LIMIT', 0, 1)[1]
if not due then return false end
redis.call('ZADD', leaving, now + ARGV[2], due)
return { due, now + ARGV[2] }`,

  /**
   * Arguments: holder, claim, claimMs, the largest number of entries, then the entries that ended
   * in the step before and were reported. Answers the prolonged claim, the time of the holder's
   * last heartbeat or departure, and the entries that ended. Answers nothing when all is done, or
   * when the claim lapsed and another node has it. An ended entry stays listed until it was
   * reported, so a node that takes over reports it again.
   */
  presenceEnd: `
local holder, node = ARGV[1], prefix .. 'node:' .. ARGV[1]
if tonumber(redis.call('ZSCORE', leaving, holder) or 0) ~= tonumber(ARGV[2]) then return false end
for i = 5, #ARGV do redis.call('SREM', node, ARGV[i]) end
local chunk = redis.call('SRANDMEMBER', node, ARGV[4])
if #chunk == 0 then
  redis.call('ZREM', leaving, holder)
  redis.call('HDEL', seen, holder)
  return false
end
local ended = {}
for _, entry in ipairs(chunk) do
  if letGo(holder, entry) then ended[#ended + 1] = entry else redis.call('SREM', node, entry) end
end
redis.call('ZADD', leaving, now + ARGV[3], holder)
return { now + ARGV[3], tonumber(redis.call('HGET', seen, holder) or now), ended }`,

  /**
   * Arguments: the reaper that asks, claimMs, quietMs, the largest number of entries, then what the
   * step before answered, which was reported and is taken off the list. Answers the oldest untold
   * ends, each followed by the time at which it ended, for the reaper to report. Answers nothing
   * when all is told, in the quiet time, or while another reaper tells. If a reaper dies, another
   * one reports its last step again once claimMs have passed.
   */
  presenceTellUntold: `
local current = redis.call('GET', teller)
if isQuiet(ARGV[3]) or current and current ~= ARGV[1] then return {} end
for i = 5, #ARGV, 2 do
  local entry = ARGV[i]
  if redis.call('ZSCORE', untold, entry) == ARGV[i + 1] then redis.call('ZREM', untold, entry) end
end
local chunk = redis.call('ZRANGE', untold, 0, ARGV[4] - 1, 'WITHSCORES')
if #chunk > 0 then
  redis.call('SET', teller, ARGV[1], 'PX', ARGV[2])
elseif current then
  redis.call('DEL', teller)
end
return chunk`,

  /** Arguments: the name of the set, as in its key; member; forMs. Makes the member fresh. */
  presenceRefresh: `
local fresh = prefix .. 'fresh:' .. ARGV[1]
redis.call('ZREMRANGEBYSCORE', fresh, '-inf', now)
redis.call('ZADD', fresh, now + ARGV[3], ARGV[2])
if redis.call('PTTL', fresh) < tonumber(ARGV[3]) then redis.call('PEXPIRE', fresh, ARGV[3]) end`,

  /**
   * Argument: the name of the set, as in its key. Answers its fresh members, each followed by the
   * milliseconds for which it stays fresh.
   */
  presenceFresh: `
local found, fresh = {}, prefix .. 'fresh:' .. ARGV[1]
local all = redis.call('ZRANGE', fresh, '(' .. now, '+inf', 'BYSCORE', 'WITHSCORES')
for i = 1, #all, 2 do
  if redis.call('SISMEMBER', prefix .. 'set:' .. ARGV[1], all[i]) == 1 then
    found[#found + 1] = all[i]
    found[#found + 1] = tostring(all[i + 1] - now)
  end
end
return found`,

  /**
   * Arguments: holder, graceMs, claimMs, quietMs. Ends the holder's registration. Answers 0, and
   * the holder's entries are to be ended after graceMs. When no other node lives, and not in the
   * quiet time, it answers the caller's claim to end them at once instead. When the holder is not
   * registered, it changes nothing and answers 0.
   */
  presenceDepart: `
if redis.call('ZREM', nodes, ARGV[1]) == 0 then return 0 end
redis.call('HSET', seen, ARGV[1], now)
local alone = redis.call('ZCOUNT', nodes, '(' .. now, '+inf') == 0 and not isQuiet(ARGV[4])
redis.call('ZADD', leaving, now + (alone and ARGV[3] or ARGV[2]), ARGV[1])
return alone and now + ARGV[3] or 0`,
};

/**
 * The steps as functions. Each takes the prefix of the keys first. The scripts
 * above describe the other arguments and the answers.
 */
export interface PresenceScripts {
  presenceHold(prefix: string, holder: string, entry: string): Promise<number>;
  presenceHoldBelow(
    prefix: string,
    holder: string,
    entry: string,
    limit: number,
  ): Promise<number | string[]>;
  presenceRelease(prefix: string, holder: string, entry: string, quietMs: number): Promise<number>;
  presenceBeat(
    prefix: string,
    holder: string,
    knownBeats: number,
    leaseMs: number,
    register: 0 | 1,
  ): Promise<[registered: number, beats: number, nowMs: number, lostAtMs: number]>;
  presenceSettle(prefix: string, holder: string, ...changes: (string | number)[]): Promise<number>;
  presenceRetire(prefix: string, holder: string): Promise<null>;
  presenceClaim(
    prefix: string,
    quietMs: number,
    claimMs: number,
  ): Promise<[holder: string, claim: number] | null>;
  presenceEnd(
    prefix: string,
    holder: string,
    claim: number,
    claimMs: number,
    limit: number,
    ...told: string[]
  ): Promise<[claim: number, seenAtMs: number, ended: string[]] | null>;
  presenceTellUntold(
    prefix: string,
    reaper: string,
    claimMs: number,
    quietMs: number,
    limit: number,
    ...told: string[]
  ): Promise<string[]>;
  presenceRefresh(prefix: string, set: string, member: string, forMs: number): Promise<null>;
  presenceFresh(prefix: string, set: string): Promise<string[]>;
  presenceDepart(
    prefix: string,
    holder: string,
    graceMs: number,
    claimMs: number,
    quietMs: number,
  ): Promise<number>;
}

/** Returns the steps, each of which runs over `client`. */
export function withPresenceScripts(client: Redis): PresenceScripts {
  const steps = Object.entries(LUA).map(([name, lua]) => {
    const script = new RedisScript(COMMON + lua, name);
    const run = (prefix: string, ...args: (string | number)[]) =>
      script.run(client, prefix, ...args);
    return [name, run];
  });
  return Object.fromEntries(steps) as PresenceScripts;
}

/** Returns the rights that the store needs for its keys. */
export function presenceRights(keyPrefix: string): string[][] {
  const all = [COMMON, ...Object.values(LUA)].join('\n');
  const reads = ['SMEMBERS', 'SMISMEMBER', 'SCARD'].map((name) => [name, keyPrefix]);
  return [...rightsOfScripts(all, keyPrefix), ...reads];
}
