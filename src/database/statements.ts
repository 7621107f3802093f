import type { Socket } from 'node:net';
import type { Pool, PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { isUnanswered } from './failures';

/** Texts that get a name; all of ours do, unless somebody begins to put values into them. */
const MOST_NAMED = 500;

/** The server itself gives a statement up after 10 s: one without an answer by now has lost its server. */
const ANSWER_TIMEOUT_MS = 12_000;

const names = new Map<string, string>();

/**
 * Runs one statement on a connection, prepared: its text is parsed once a connection and not once a call. A connection
 * on which no answer comes is given up: TCP would wait for a server that went without a word for a quarter of an hour.
 *
 * @returns the rows alone, whatever the command was
 */
export async function rowsOf<Row>(client: PoolClient, sql: string, parameters: readonly unknown[] = []) {
  const query = { name: nameOf(sql), text: sql, values: [...parameters], query_timeout: ANSWER_TIMEOUT_MS };
  try {
    const { rows } = await client.query(query);
    return rows as Row[];
  } catch (error) {
    if (isUnanswered(error)) (client as unknown as Lost).connection.stream.destroy();
    throw error;
  }
}

/** What pg does not show of a connection. */
interface Lost {
  connection: { stream: Socket };
}

/** Lends one of the pool's connections for the work. */
export async function withConnection<T>(dataSource: DataSource, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await poolOf(dataSource).connect();
  // The pool listens to idle ones only; a connection that is lost meanwhile fails the statement, too.
  client.on('error', ignore);
  try {
    return await work(client);
  } finally {
    client.off('error', ignore);
    // Given up above, it counts as lost only once its end is read: the pool must not lend it until then.
    client.release((client as unknown as Lost).connection.stream.destroyed);
  }
}

function poolOf(dataSource: DataSource): Pool {
  const { master } = dataSource.driver as unknown as { master: Pool | undefined };
  if (!master) throw new Error('Driver not Connected');
  return master;
}

function nameOf(sql: string): string | undefined {
  const known = names.get(sql);
  if (known !== undefined || names.size === MOST_NAMED) return known;
  const name = `s${names.size}`;
  names.set(sql, name);
  return name;
}

function ignore(): void {}
