import {
  QueryFailedError,
  QueryRunnerAlreadyReleasedError,
  TransactionNotStartedError,
} from 'typeorm';
import { ParleyError, UnavailableError } from '../errors';

/**
 * SQLSTATEs of https://www.postgresql.org/docs/current/errcodes-appendix.html that a retry heals.
 */
const SERIALIZATION_FAILURES = new Set(['40001', '40P01']);

/** Classes and codes that say: the database is away, restarting, overloaded or too slow. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57']);
/** 25006: a server that has become a standby is asked to write. */
const UNAVAILABLE_CODES = new Set(['55P03', '25P03', '25006']);
/**
 * The operating system's (`ECONNRESET`, `EHOSTUNREACH`) and the resolver's (`EAI_AGAIN`),
 * whichever: no answer came.
 */
const SYSTEM_ERROR = /^E(?!RR_)[A-Z\d_]+$/;
/** Messages of errors to which pg gives no code. */
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

/** SQLSTATE or the operating system's code of an error of the database's driver, if it has one. */
export function codeOf(error: unknown): string | undefined {
  const code = (sourceOf(error) as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The driver's own error: typeorm wraps those of its own statements. */
function sourceOf(error: unknown): unknown {
  return error instanceof QueryFailedError ? error.driverError : error;
}

/** The database aborted the transaction so that others could go on. */
export function isSerializationFailure(error: unknown): boolean {
  return SERIALIZATION_FAILURES.has(codeOf(error) ?? '');
}

/** The violated unique constraint or index, if that is what went wrong. */
export function violatedUnique(error: unknown): string | undefined {
  if (codeOf(error) !== '23505') return undefined;
  return (sourceOf(error) as { constraint?: string }).constraint;
}

/** The server itself gave up and rolled back: the outcome is known. */
const ROLLED_BACK = new Set(['55P03', '57014', '25006']);

/**
 * True for TypeORM's errors about a connection that was lost before: the statement was not sent.
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
 * Makes an {@link UnavailableError} of what says that the database is away; any other error stays
 * what it is.
 *
 * @param options.commit the error came instead of the answer to a commit: nobody knows its outcome
 */
export function asDomainError(error: unknown, options: { commit?: boolean } = {}): unknown {
  if (error instanceof ParleyError || !isUnavailable(error)) return error;
  const unknown = options.commit && !isLostBefore(error) && !ROLLED_BACK.has(codeOf(error) ?? '');
  return new UnavailableError({ cause: error, ...(unknown && { outcome: 'UNKNOWN' as const }) });
}
