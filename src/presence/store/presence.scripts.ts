import type { Redis } from 'ioredis';

/*
 * The atomic steps of the presence store, all keys under one prefix. A *holder* is one registration of
 * one node. A node takes a new one with each connection, and when it finds itself given up: so what an
 * ended connection still brings, what Redis restored from an old snapshot, and what a node holds now
 * never meet.
 *
 * nodes     zset  holder -> until when it counts as living (each heartbeat moves it on)
 * leaving   zset  holder -> from when on its entries are to be ended; while somebody is at it: when that claim lapses
 * seen      hash  holder -> its last heartbeat, or when it departed
 * node:H    set   the entries of holder H, "<set> <member>"
 * held:E    set   the holders of entry E
 * set:S     set   the members of set S
 * memory    hash  beats: counts all heartbeats, so that whoever saw a greater number knows that Redis forgot;
 *                 lostAt: when a node last noticed that
 * untold    zset  entry -> when it ended, nobody having been told
 *
 * Times are milliseconds of Redis' own clock. Keys are derived within the scripts: one Redis, no cluster.
 */
const COMMON = `
local prefix = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local nodes, leaving, seen = prefix .. 'nodes', prefix .. 'leaving', prefix .. 'seen'
local memory, untold = prefix .. 'memory', prefix .. 'untold'

local function parse(entry)
  local space = string.find(entry, ' ', 1, true)
  return prefix .. 'set:' .. string.sub(entry, 1, space - 1), string.sub(entry, space + 1)
end
local function isRegistered(holder)
  return redis.call('ZSCORE', nodes, holder)
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
  if redis.call('EXISTS', prefix .. 'held:' .. entry) == 1 then return false end
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
  /** holder, entry -> 1 first, 0 not, -1 the holder is not registered (any more) */
  presenceHold: `
if not isRegistered(ARGV[1]) then return -1 end
return hold(ARGV[1], ARGV[2])`,

  /** holder, entry, quietMs -> 1 last, 0 not */
  presenceRelease: `
if not release(ARGV[1], ARGV[2]) then return 0 end
if not isQuiet(ARGV[3]) then return 1 end
redis.call('ZADD', untold, now, ARGV[2])
return 0`,

  /**
   * holder, the greatest count of beats that it knows, leaseMs, 1 to register it or 0 -> 1, or 0 if it is
   * not registered; the count; now
   */
  presenceBeat: `
local beats, known = tonumber(redis.call('HGET', memory, 'beats') or 0), tonumber(ARGV[2])
if known > beats then redis.call('HSET', memory, 'lostAt', now) end
-- Beyond what anybody knows, so that this loss is not noticed again by a node that comes back much later.
beats = math.max(beats, known) + 1
redis.call('HSET', memory, 'beats', beats)
if ARGV[4] == '0' and not isRegistered(ARGV[1]) then return { 0, beats, now } end
redis.call('ZADD', nodes, now + ARGV[3], ARGV[1])
redis.call('HSET', seen, ARGV[1], now)
return { 1, beats, now }`,

  /**
   * holder, then for each entry, 1 to hold it or 0 to release it -> 1, or 0 if the holder is not
   * registered. Nobody is told who was first; the last are untold.
   */
  presenceSettle: `
if not isRegistered(ARGV[1]) then return 0 end
for i = 2, #ARGV, 2 do
  if ARGV[i + 1] == '1' then
    hold(ARGV[1], ARGV[i])
  elseif release(ARGV[1], ARGV[i]) then
    redis.call('ZADD', untold, now, ARGV[i])
  end
end
return 1`,

  /** holder: what only this one has is to be ended from now on */
  presenceRetire: `
if redis.call('ZREM', nodes, ARGV[1]) == 1 then redis.call('ZADD', leaving, now, ARGV[1]) end`,

  /** quietMs, claimMs -> a holder whose entries the caller is to end, and the claim; or nothing */
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
   * holder, claim, claimMs, most entries, then the entries of the step before, which were told -> the
   * prolonged claim, the holder's last heartbeat, the entries that ended; or nothing: done, or the claim
   * lapsed and another has it. What ended stays listed until it was told: who takes over tells it again.
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

  /** quietMs, most entries -> entries and when they ended, in turn */
  presenceTakeUntold: `
if isQuiet(ARGV[1]) then return {} end
return redis.call('ZPOPMIN', untold, ARGV[2])`,

  /** holder, graceMs, claimMs, quietMs -> with no other node living the caller's claim to end it all, else 0 */
  presenceDepart: `
if redis.call('ZREM', nodes, ARGV[1]) == 0 then return 0 end
redis.call('HSET', seen, ARGV[1], now)
local alone = redis.call('ZCOUNT', nodes, '(' .. now, '+inf') == 0 and not isQuiet(ARGV[4])
redis.call('ZADD', leaving, now + (alone and ARGV[3] or ARGV[2]), ARGV[1])
return alone and now + ARGV[3] or 0`,
};

/** A Redis client with the steps as commands; each takes the prefix first. See the scripts above. */
export interface PresenceScripts {
  presenceHold(prefix: string, holder: string, entry: string): Promise<number>;
  presenceRelease(prefix: string, holder: string, entry: string, quietMs: number): Promise<number>;
  presenceBeat(
    prefix: string,
    holder: string,
    knownBeats: number,
    leaseMs: number,
    register: 0 | 1,
  ): Promise<[registered: number, beats: number, nowMs: number]>;
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
  presenceTakeUntold(prefix: string, quietMs: number, limit: number): Promise<string[]>;
  presenceDepart(
    prefix: string,
    holder: string,
    graceMs: number,
    claimMs: number,
    quietMs: number,
  ): Promise<number>;
}

/** Teaches a client the steps. */
export function withPresenceScripts(client: Redis): PresenceScripts {
  for (const [name, lua] of Object.entries(LUA))
    client.defineCommand(name, { numberOfKeys: 1, lua: COMMON + lua });
  return client as unknown as PresenceScripts;
}
