import type { Socket } from 'node:net';
import type { Pool, PoolClient, QueryConfig } from 'pg';
import type { DataSource } from 'typeorm';

/** Texts that get a name; all of ours do, unless somebody begins to put values into them. */
const MAX_NAMED = 500;

/**
 * The server itself gives a statement up after 10 s: one without an answer by now has lost its
 * server.
 */
const ANSWER_TIMEOUT_MS = 12_000;

interface PreparedStatement {
  /** Undefined: too many have one. */
  name: string | undefined;
  text: string;
}

const prepared = new Map<string, PreparedStatement>();

/**
 * Runs one statement on a connection, prepared: its text is parsed once a connection and not once a
 * call. A connection on which no answer comes is given up: TCP would wait for a server that went
 * without a word for a quarter of an hour.
 *
 * @returns the rows alone, whatever the command was
 */
export async function rowsOf<Row>(
  client: PoolClient,
  sql: string,
  parameters: readonly unknown[] = [],
) {
  try {
    return (await answerTo(client, sql, parameters)) as Row[];
  } catch (error) {
    // The stack of pg's own error shows where it read the answer; the caller's stack is of use.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}

/**
 * By a callback and a timer of our own. Those of pg's promises and of its `query_timeout` are
 * functions that it assigns to a property: V8 creates such in the old generation, where each keeps
 * alive, through the next scavenges, all that it leads to (docs/performance.md).
 */
function answerTo(
  client: PoolClient,
  sql: string,
  parameters: readonly unknown[],
): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => streamOf(client).destroy(), ANSWER_TIMEOUT_MS);
    // pg copies a query's own properties, one by one; what all of the same text share is not its
    // own.
    const query: QueryConfig = Object.assign(Object.create(preparedStatement(sql)), {
      values: parameters,
    });
    client.query(query, (error: Error | undefined, result) => {
      clearTimeout(giveUp);
      if (error) reject(error);
      else resolve(result.rows);
    });
  });
}

/** The stream of a connection, which pg's types do not show. */
function streamOf(client: PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/** Lends one of the pool's connections for the work. */
export async function withConnection<T>(
  dataSource: DataSource,
  work: (client: PoolClient) => Promise<T>,
): Promise<T> {
  const client = await poolOf(dataSource).connect();
  // The pool listens to idle ones only; a connection that is lost meanwhile fails the statement,
  // too.
  client.on('error', ignore);
  try {
    return await work(client);
  } finally {
    client.off('error', ignore);
    // Given up above, it counts as lost only once its end is read: the pool must not lend it until
    // then.
    client.release(streamOf(client).destroyed);
  }
}

function poolOf(dataSource: DataSource): Pool {
  const { master } = dataSource.driver as unknown as { master: Pool | undefined };
  if (!master) throw new Error('Driver not Connected');
  return master;
}

function preparedStatement(text: string): PreparedStatement {
  const known = prepared.get(text);
  if (known) return known;
  if (prepared.size === MAX_NAMED) return { name: undefined, text };
  const made = { name: `s${prepared.size}`, text };
  prepared.set(text, made);
  return made;
}

function ignore(): void {}
