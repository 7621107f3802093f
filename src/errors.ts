/** The codes of the errors in this file. */
export const DOMAIN_CODES = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'IDEMPOTENCY_MISMATCH',
  'RESYNC_REQUIRED',
  'RATE_LIMITED',
  'QUERY_TOO_COMPLEX',
  'UNAVAILABLE',
] as const;

/**
 * The base of the errors with which Parley refuses a request; this file is their catalogue. The
 * domain throws them, and only `graphql/errors.ts` turns them into GraphQL errors. The `code` is
 * stable and part of the API. The `message` is for people. The `extensions` are data on which a
 * client may act.
 */
export abstract class ParleyError extends Error {
  abstract readonly code: (typeof DOMAIN_CODES)[number];
  /** Entries of the GraphQL error's `extensions`, beside `code`. */
  readonly extensions: Readonly<Record<string, unknown>> = {};

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** The request has no valid token. A retry with the same token fails again. */
export class UnauthenticatedError extends ParleyError {
  readonly code = 'UNAUTHENTICATED';
  override readonly extensions: { reason?: string };
  /** The check that refused the token, for the log alone: it helps nobody else but an attacker. */
  readonly check: string;

  /** @param options.reason said to the client, e.g. that its valid token names nobody known */
  constructor(options: { message?: string; check?: string; reason?: string } = {}) {
    super(options.message ?? 'A valid token is required.');
    this.extensions = options.reason === undefined ? {} : { reason: options.reason };
    this.check = options.check ?? options.reason ?? 'no token';
  }
}

/** The token was valid, but has expired. The client may retry with a new token of the user. */
export class TokenExpiredError extends UnauthenticatedError {
  constructor() {
    super({ message: 'The token has expired.', check: 'exp' });
  }
}

/**
 * The caller may not access something, or it does not exist. The error is the same in both cases,
 * so that no caller can find out which ids exist.
 */
export class ForbiddenError extends ParleyError {
  readonly code = 'FORBIDDEN';

  constructor() {
    super('You may not access this.');
  }
}

/** Something does not exist, and the caller may know that. */
export class NotFoundError extends ParleyError {
  readonly code = 'NOT_FOUND';
}

/** A request names a user who does not exist or, where that matters, has been deactivated. */
export class UnknownUserError extends NotFoundError {
  constructor() {
    super('There is no such user.');
  }
}

/**
 * An argument breaks a rule.
 *
 * @param field path of the argument, with dots between its parts, e.g. `input.items.0.amount`
 * @param reason the broken rule, as the end of a sentence that begins with the field
 */
export class BadUserInputError extends ParleyError {
  readonly code = 'BAD_USER_INPUT';
  override readonly extensions: { field: string; reason: string };

  constructor(field: string, reason: string) {
    super(`${field}: ${reason}`);
    this.extensions = { field, reason };
  }
}

/**
 * The present state does not allow the operation. The client reads the state again, and then
 * decides.
 */
export class ConflictError extends ParleyError {
  readonly code = 'CONFLICT';

  constructor(
    message: string,
    override readonly extensions: { currentVersion?: number; currentStatus?: string } = {},
  ) {
    super(message);
  }
}

/** The same `client…Id` was used before with other input. */
export class IdempotencyMismatchError extends ParleyError {
  readonly code = 'IDEMPOTENCY_MISMATCH';

  constructor(field: string) {
    super(`${field} was used before with other input.`);
  }
}

/** The client's position is invalid: beyond the end of the log, or of an earlier state of it. */
export class ResyncRequiredError extends ParleyError {
  readonly code = 'RESYNC_REQUIRED';
  override readonly extensions: { lastSequence: number };

  constructor(lastSequence: number) {
    super(
      'The position is not in the log as it is now. Fetch again, then subscribe from lastSequence.',
    );
    this.extensions = { lastSequence };
  }
}

/** The time after which a client may try again, where nothing says more. */
const RETRY_AFTER_MS = 1_000;

/** The caller exceeds a limit. A retry may succeed after `retryAfterMs`, by default after 1 s. */
export class RateLimitedError extends ParleyError {
  readonly code = 'RATE_LIMITED';
  override readonly extensions: { retryAfterMs: number };

  constructor(message: string, retryAfterMs = RETRY_AFTER_MS) {
    super(message);
    this.extensions = { retryAfterMs };
  }
}

/** The operation asks for too much text. The client asks for less at a time. */
export class AnswerTooLargeError extends ParleyError {
  readonly code = 'QUERY_TOO_COMPLEX';
  override readonly extensions: { limit: number; actual: number };

  /** @param what is too large, in characters. There may be more than `actual` of it */
  constructor(what: string, limit: number, actual: number) {
    super(`The ${what} in the answer have more than ${limit} characters.`);
    this.extensions = { limit, actual };
  }
}

/**
 * The database is away or overloaded. A retry may succeed after `retryAfterMs`. `outcome` is
 * `UNKNOWN` when the answer to a commit was lost. Then only a retry with the same client id is
 * safe.
 */
export class UnavailableError extends ParleyError {
  readonly code = 'UNAVAILABLE';
  override readonly extensions: { retryAfterMs: number; outcome?: 'UNKNOWN' };

  constructor(options: { outcome?: 'UNKNOWN'; cause?: unknown } = {}) {
    super('The service cannot answer right now.', { cause: options.cause });
    this.extensions = {
      retryAfterMs: RETRY_AFTER_MS,
      ...(options.outcome && { outcome: options.outcome }),
    };
  }
}

/** The process cannot run as it is set up or called. It prints the message, and ends. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}
