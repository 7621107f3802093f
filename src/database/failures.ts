import { QueryFailedError } from 'typeorm';
import { ParleyError, UnavailableError } from '../errors';

/**
 * SQLSTATEs after which the same transaction can succeed: a serialization failure and a deadlock.
 * All codes are listed at https://www.postgresql.org/docs/current/errcodes-appendix.html.
 */
const SERIALIZATION_FAILURES = new Set(['40001', '40P01']);

/** SQLSTATE of a server that is a standby, or was set to refuse writes. */
const READ_ONLY = '25006';

/** SQLSTATE of a statement that waited too long for a lock. */
const LOCK_TIMEOUT = '55P03';

/** Classes of SQLSTATEs of a database that is away, restarting, overloaded or too slow. */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57']);
/** SQLSTATEs of the same meaning in other classes. */
const UNAVAILABLE_CODES = new Set([LOCK_TIMEOUT, '25P03', READ_ONLY]);
/** Matches pg's errors about a connection that it knew to be lost. The statement was not sent. */
const NOT_QUERYABLE = 'Client (has encountered a connection error|was closed)';
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
    NOT_QUERYABLE,
    'Driver not Connected',
    'after calling end on the pool',
  ].join('|'),
  'i',
);

/** The server did not answer a statement in time. The statement may have been executed. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';

  constructor() {
    super('The database did not answer in time.');
  }
}

/** The connection had been lost before the statement, which was not sent. */
export class NotSentError extends Error {
  override name = 'NotSentError';

  constructor(options: { cause?: unknown } = {}) {
    super('The connection was lost before the statement was sent.', options);
  }
}

/** A server said that it is read-only before anything was written. Means the same as 25006. */
export class ReadOnlyError extends Error {
  override name = 'ReadOnlyError';
  readonly code = READ_ONLY;

  constructor() {
    super('The database is read-only.');
  }
}

/** Returns the error's SQLSTATE or the operating system's code; undefined when it has neither. */
export function codeOf(error: unknown): string | undefined {
  const code = (sourceOf(error) as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/**
 * Returns the driver's own error, which TypeORM wraps for the statements that it runs itself, and
 * which is the cause of an {@link UnavailableError} and of a {@link NotSentError}.
 */
function sourceOf(error: unknown): unknown {
  const isWrapper = error instanceof UnavailableError || error instanceof NotSentError;
  if (isWrapper && error.cause) return sourceOf(error.cause);
  return error instanceof QueryFailedError ? error.driverError : error;
}

/**
 * SQLSTATEs with which the server ends a session: an administrator did it, another session crashed,
 * the server goes down, the database was dropped, the session was idle for too long.
 */
const SESSION_ENDS = new Set(['57P01', '57P02', '57P03', '57P04', '57P05', '25P03']);
/** The ones among them after which another session can be had at once. */
const LOST_CODES = new Set(['57P01', '57P02', '57P05']);
/** Codes of the operating system for a connection that existed and was ended. */
const LOST_SYSTEM_CODES = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ENOTCONN']);
/** Matches the messages of pg's errors of the same meaning. A connection timeout is not matched. */
const LOST_MESSAGES = new RegExp(`^Connection terminated( unexpectedly)?$|${NOT_QUERYABLE}`);

/**
 * True when the connection of a statement was ended by the server or the network, so that another
 * connection may do. False after a timeout, when no connection can be made, and after an answer of
 * the server that means something else.
 */
export function isLostConnection(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined && code.length === 5 && code.startsWith('08')) return true;
  if (code !== undefined) return LOST_CODES.has(code) || LOST_SYSTEM_CODES.has(code);
  const source = sourceOf(error);
  return source instanceof Error && LOST_MESSAGES.test(source.message);
}

/** True when the server or a pooler says that it has no further session. */
export function isShortage(error: unknown): boolean {
  if (codeOf(error) === '53300') return true;
  return error instanceof Error && /^no more connections allowed/.test(error.message);
}

/** True when the statement waited too long for a lock that other work holds. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === LOCK_TIMEOUT;
}

/** True when the server refused to write because it is a standby or was set to be read-only. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === READ_ONLY;
}

/**
 * True when the session that met the error must not be used again: it has ended, or is read-only.
 */
export function endsSession(error: unknown): boolean {
  const source = sourceOf(error);
  if (isLostConnection(error) || isReadOnly(error) || source instanceof NoAnswerError) return true;
  const { severity } = (source ?? {}) as { severity?: unknown };
  return SESSION_ENDS.has(codeOf(error) ?? '') || severity === 'FATAL' || severity === 'PANIC';
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
const ROLLED_BACK = new Set([LOCK_TIMEOUT, '57014', '25P03', READ_ONLY]);

/** True when the connection had been lost before the statement, which was not sent. */
function isNotSent(error: unknown): boolean {
  return (
    error instanceof NotSentError ||
    (error instanceof Error && new RegExp(NOT_QUERYABLE).test(error.message))
  );
}

function isUnavailable(error: unknown): boolean {
  if (error instanceof NoAnswerError || isNotSent(error)) return true;
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
  const unknown = options.commit && !isNotSent(error) && !ROLLED_BACK.has(codeOf(error) ?? '');
  return new UnavailableError({ cause: error, ...(unknown && { outcome: 'UNKNOWN' as const }) });
}
