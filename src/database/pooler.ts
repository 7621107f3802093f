/**
 * Tells whether a pooler, such as PgBouncer, shares sessions between its clients. Parley needs a
 * session for each connection: its settings, its named statements and its advisory locks belong to
 * the session.
 *
 * Two clients look which session answers them. Nothing is set or locked, since that would stay in
 * sessions that others use.
 *
 * - A session that answers both clients is shared.
 * - A client that is answered by another session than before has none of its own.
 * - Without a pooler, the server tells a client at its start which session it has. If that is the
 *   one that answers, one look is enough.
 * - Behind a pooler, other clients may take the very sessions by which sharing would show. So the
 *   two look several times, in transactions that overlap. A pooler hands on the session that was
 *   returned last, or the one that was returned first. Either way the two get another one than
 *   before.
 */
import { Client, type QueryResult } from 'pg';
import { ConfigError } from '../errors';
import { dropLimits } from './session.client';

const ROUNDS = 10;
const CONNECT_TIMEOUT_MS = 2_400;
/** The longest wait for an answer. A pooler without a free session lets a statement wait. */
const ANSWER_TIMEOUT_MS = 5_000;

/** A process id is used again, but not with the same start. */
const IDENTITY = `select pid, backend_start::text as "startedAt"
  from pg_stat_activity where pid = pg_backend_pid()`;

interface Identity {
  pid: number;
  startedAt: string;
}

/**
 * @throws {ConfigError} when sessions are shared, in one line
 * @throws the driver's error when the database cannot be reached
 */
export async function requireOwnSessions(url: string): Promise<void> {
  const clients = [createClient(url), createClient(url)] as const;
  const connected: Client[] = [];
  const connect = async (client: Client) => {
    await client.connect();
    connected.push(client);
  };
  try {
    await Promise.all(clients.map(connect));
    if (!(await areShared(...clients))) return;
  } finally {
    // The end of a client that has failed to connect may never resolve.
    await Promise.all(connected.map((client) => client.end()));
  }
  throw new ConfigError(
    'DATABASE_URL: leads to a pooler that shares sessions between clients; ' +
      'session pooling is needed, and neither transaction nor statement pooling will do',
  );
}

function createClient(url: string): Client {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'parley',
  });
  dropLimits(client, url);
  // The loss of the connection also rejects the statement under way.
  client.on('error', () => undefined);
  return client;
}

async function areShared(one: Client, other: Client): Promise<boolean> {
  const mine = await identityOf(one);
  const others = await identityOf(other);
  if (isSame(mine, others)) return true;
  if (isTold(one, mine) && isTold(other, others)) return false;
  for (let round = 0; round < ROUNDS; round++) {
    const [now, othersNow] = await Promise.all([beginAt(one), beginAt(other)]);
    if (!now || !othersNow) return true;
    if (!isSame(now, mine) || !isSame(othersNow, others)) return true;
    await Promise.all([answerOf(one, 'rollback'), answerOf(other, 'rollback')]);
  }
  return false;
}

/** Begins a transaction. Returns null when the pooler has none, as in statement pooling. */
async function beginAt(client: Client): Promise<Identity | null> {
  try {
    return await identityOf(client, 'begin; ');
  } catch (error) {
    if (/statement pooling/.test((error as Error).message)) return null;
    throw error;
  }
}

/** @param first a statement that runs before, in the same round trip; default: none */
async function identityOf(client: Client, first = ''): Promise<Identity> {
  const [row] = await answerOf<Identity>(client, `${first}${IDENTITY}`);
  return row!;
}

function isSame(one: Identity, other: Identity): boolean {
  return one.pid === other.pid && one.startedAt === other.startedAt;
}

/** True when the session is the one that was named at the client's start. */
function isTold(client: Client, { pid }: Identity): boolean {
  return (client as unknown as { processID: number | null }).processID === pid;
}

/**
 * Runs statements without a name, and returns the rows of the last one. Gives the connection up
 * when no answer comes.
 */
async function answerOf<Row>(client: Client, sql: string): Promise<Row[]> {
  const timer = setTimeout(() => client.connection.stream.destroy(), ANSWER_TIMEOUT_MS);
  try {
    const results: QueryResult | QueryResult[] = await client.query(sql);
    return (Array.isArray(results) ? results.at(-1)! : results).rows as Row[];
  } finally {
    clearTimeout(timer);
  }
}
