import {
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  TransactionNotStartedError,
} from 'typeorm';
import { ParleyError, UnavailableError } from '../errors';

/**
 * SQLSTATEs after which the same transaction can succeed: a serialization failure and a deadlock.
 * All codes are listed at https://www.postgresql.org/docs/current/errcodes-appendix.html.
 */
const SERIALIZATION_FAILURES = new Set(['40001', '40P01']);

/** Classes of SQLSTATEs of a database that is away, restarting, overloaded or too slow. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57']);
/**
 * SQLSTATEs of the same meaning in other classes. 25006 comes from a server that has become a
 * standby and refuses to write.
 */
const UNAVAILABLE_CODES = new Set(['55P03', '25P03', '25006']);
/**
 * Matches any code of the operating system (`ECONNRESET`, `EHOSTUNREACH`) or of the name resolver
 * (`EAI_AGAIN`). Each of them means that the database did not answer.
 */
const SYSTEM_ERROR = /^E(?!RR_)[A-Z\d_]+$/;
/** Matches the messages of the driver's errors that have no code. */
const UNAVAILABLE_MESSAGES = new RegExp(
  [
    'Connection terminated',
    'timeout exceeded when trying to connect',
    'Client (has encountered a connection error|was closed)',
    'Driver not Connected',
    'after calling end on the pool',
  ].join('|'),
  'i',
);

/** Returns the error's SQLSTATE or the operating system's code; undefined when it has neither. */
export function codeOf(error: unknown): string | undefined {
  const code = (sourceOf(error) as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** Returns the driver's own error, which TypeORM wraps for the statements that it runs itself. */
function sourceOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

/** True when the database aborted the transaction so that others could go on. */
export function isSerializationFailure(error: unknown): boolean {
  return SERIALIZATION_FAILURES.has(codeOf(error) ?? '');
}

/**
 * Returns the name of the unique constraint or index that a statement violated; undefined for any
 * other error.
 */
export function violatedUnique(error: unknown): string | undefined {
  if (codeOf(error) !== '23505') return undefined;
  return (sourceOf(error) as { constraint?: string }).constraint;
}

/** SQLSTATEs with which the server says that it rolled back, so that the outcome is known. */
const ROLLED_BACK = new Set(['55P03', '57014', '25006']);

/**
 * True for TypeORM's errors about a connection that had been lost before the statement. The
 * statement was not sent.
 */
function isLostBefore(error: unknown): boolean {
  return (
    error instanceof QueryRunnerAlreadyReleasedError || error instanceof TransactionNotStartedError
  );
}

function isUnavailable(error: unknown): boolean {
  if (isLostBefore(error)) return true;
  const code = codeOf(error);
  if (code !== undefined) {
    if (UNAVAILABLE_CODES.has(code) || SYSTEM_ERROR.test(code)) return true;
    if (code.length === 5 && UNAVAILABLE_CLASSES.has(code.slice(0, 2))) return true;
  }
  return error instanceof Error && UNAVAILABLE_MESSAGES.test(error.message);
}

/**
 * Turns an error that says that the database is away into an {@link UnavailableError}. Any other
 * error is returned unchanged.
 *
 * @param options.commit true when the error came instead of the answer to a commit. The result then
 *   has `outcome: 'UNKNOWN'`, unless the commit was not sent or the server says that it rolled back
 */
export function asDomainError(error: unknown, options: { commit?: boolean } = {}): unknown {
  if (error instanceof ParleyError || !isUnavailable(error)) return error;
  const unknown = options.commit && !isLostBefore(error) && !ROLLED_BACK.has(codeOf(error) ?? '');
  return new UnavailableError({ cause: error, ...(unknown && { outcome: 'UNKNOWN' as const }) });
}
