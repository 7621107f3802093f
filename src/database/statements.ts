/**
 * Runs single statements on connections of the pool, through pg itself.
 *
 * - Statements are prepared. The first 500 different texts get a name each. Postgres parses a named
 *   statement once for each connection, not once for each call. Any further text runs without a
 *   name.
 * - Every statement ends. Postgres cancels a statement after 10 s (`statement_timeout`). If no
 *   answer has come after 12 s, the server is lost although its connection was never closed. So
 *   the connection's socket is destroyed, and the statement rejects with `NoAnswerError`.
 *
 * All other errors are those of pg. `failures.ts` tells what they mean.
 */
import type { Socket } from 'node:net';
import type { PoolClient, QueryConfig } from 'pg';
import { Histogram } from '../runtime/histogram';
import { errorTypeOf } from '../runtime/span';
import { NoAnswerError } from './failures';
import { beginStatement, endStatement } from './statement.span';

/** Enough for every text in the code, as long as values are passed as parameters. */
const MAX_NAMED = 500;

/** Longer than the `statement_timeout` of 10 s, after which the server itself answers. */
const ANSWER_TIMEOUT_MS = 12_000;

interface PreparedStatement {
  /** undefined when `MAX_NAMED` texts have a name already. */
  name: string | undefined;
  text: string;
}

/** The counts of the statements of one pool since the start of the node. */
export class StatementCounts {
  /** The time until the answer, of every statement. */
  readonly durations = new Histogram();
  /** Statements that were answered with an error, or not at all. */
  failed = 0;
}

/** A connection that knows where its statements are counted; its pool's sessions say so. */
export interface CountedClient extends PoolClient {
  statementCounts?: StatementCounts;
}

const prepared = new Map<string, PreparedStatement>();

/**
 * Runs one statement on a connection, as a prepared one where possible. A connection that does not
 * answer within 12 s is destroyed.
 *
 * @returns the rows alone, for every kind of command
 * @throws {NoAnswerError} when no answer came
 * @throws pg's own error, with the stack of the caller
 */
export async function rowsOf<Row>(
  client: PoolClient,
  sql: string,
  parameters: readonly unknown[] = [],
) {
  try {
    return (await answerTo(client, sql, parameters)) as Row[];
  } catch (error) {
    // The stack of pg's error ends where pg read the answer from the socket.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}

/**
 * Runs the statement with its own callback and timer. pg's promises and its `query_timeout` create
 * functions that keep garbage alive in V8's old generation (docs/performance.md).
 */
function answerTo(
  client: PoolClient,
  sql: string,
  parameters: readonly unknown[],
): Promise<unknown[]> {
  return new Promise((resolve, reject) => {
    const startMs = performance.now();
    const { statementCounts: counts } = client as CountedClient;
    const span = beginStatement(sql);
    const giveUp = setTimeout(() => {
      streamOf(client).destroy();
      if (span) endStatement(span, NoAnswerError.name);
      reject(new NoAnswerError());
    }, ANSWER_TIMEOUT_MS);
    // pg copies each own property of a query. `name` and `text` are inherited, so that calls with
    // the same text share them without a copy.
    const query: QueryConfig = Object.assign(Object.create(preparedStatement(sql)), {
      values: parameters,
    });
    client.query(query, (error: Error | undefined, result) => {
      clearTimeout(giveUp);
      counts?.durations.observe((performance.now() - startMs) / 1_000);
      if (error && counts) counts.failed++;
      if (span) endStatement(span, error ? errorTypeOf(error) : null);
      if (error) reject(error);
      else resolve(result.rows);
    });
  });
}

/** Returns the connection's socket, which pg's types do not declare. */
export function streamOf(client: PoolClient): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

/** Matches the text of a statement that only reads, apart from the functions that it may call. */
const READ = /^(?:[\s(]|--.*\n)*(?:select|with|show|values|table)\b/i;
const WRITE = /\b(?:insert\s+into|update\s+\w+\s+(?:\w+\s+){0,2}set|delete\s+from|merge\s+into)\b/i;

const knownReads = new Set<string>();

/**
 * Refuses a statement that writes.
 *
 * @throws {Error} as a defect of the caller: the pool repeats reads, and a write would happen twice
 */
export function requireRead(sql: string): void {
  if (knownReads.has(sql)) return;
  if (!READ.test(sql) || WRITE.test(sql))
    throw new Error(`"${sql.trim().slice(0, 40)}" is no read; use Transactions.statement`);
  if (knownReads.size < MAX_NAMED) knownReads.add(sql);
}

function preparedStatement(text: string): PreparedStatement {
  const known = prepared.get(text);
  if (known) return known;
  if (prepared.size === MAX_NAMED) return { name: undefined, text };
  const made = { name: `s${prepared.size}`, text };
  prepared.set(text, made);
  return made;
}
