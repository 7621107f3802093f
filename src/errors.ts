/**
 * The catalogue of everything that Parley refuses. The domain throws these; `graphql/errors.ts`
 * is the one place that turns them into GraphQL errors. A `code` is stable and part of the
 * contract, a `message` is for people, `extensions` hold what a client may act on.
 */
export abstract class ParleyError extends Error {
  abstract readonly code: string;
  /** Entries beside `code` in the GraphQL error's `extensions`. */
  readonly extensions: Readonly<Record<string, unknown>> = {};

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** No valid token. A retry with the same token is useless. */
export class UnauthenticatedError extends ParleyError {
  readonly code = 'UNAUTHENTICATED';

  constructor(message = 'A valid token is required.') {
    super(message);
  }
}

/** The token was good once; a fresh one of the same user will do. */
export class TokenExpiredError extends UnauthenticatedError {
  constructor() {
    super('The token has expired.');
  }
}

/**
 * The caller may not reach this. It is worded alike for what exists and for what does not,
 * so that nobody learns which ids exist.
 */
export class ForbiddenError extends ParleyError {
  readonly code = 'FORBIDDEN';

  constructor() {
    super('You may not access this.');
  }
}

/** Something named inside what the caller may see does not exist. */
export class NotFoundError extends ParleyError {
  readonly code = 'NOT_FOUND';
}

/**
 * An argument breaks a rule.
 *
 * @param field path of the argument, dots between the parts, e.g. `input.items.0.amount`
 * @param reason the broken rule as a sentence
 */
export class BadUserInputError extends ParleyError {
  readonly code = 'BAD_USER_INPUT';
  override readonly extensions: { field: string; reason: string };

  constructor(field: string, reason: string) {
    super(`${field}: ${reason}`);
    this.extensions = { field, reason };
  }
}

/** The state does not allow it (any more). Read again, then decide. */
export class ConflictError extends ParleyError {
  readonly code = 'CONFLICT';

  constructor(
    message: string,
    override readonly extensions: { currentVersion?: number; currentStatus?: string } = {},
  ) {
    super(message);
  }
}

/** A `client…Id` was used before with other input. */
export class IdempotencyMismatchError extends ParleyError {
  readonly code = 'IDEMPOTENCY_MISMATCH';

  constructor(field: string) {
    super(`${field} was used before with other input.`);
  }
}

/** `after` is beyond the end of the log: the client's position is worthless. */
export class ResyncRequiredError extends ParleyError {
  readonly code = 'RESYNC_REQUIRED';
  override readonly extensions: { lastSequence: number };

  constructor(lastSequence: number) {
    super(
      'The position is beyond the end of the log. Fetch again, then subscribe from lastSequence.',
    );
    this.extensions = { lastSequence };
  }
}

/** Too much in too short a time; worth a retry after `retryAfterMs`. */
export class RateLimitedError extends ParleyError {
  readonly code = 'RATE_LIMITED';
  override readonly extensions: { retryAfterMs: number };

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.extensions = { retryAfterMs };
  }
}

/**
 * The database is away or overloaded; worth a retry after `retryAfterMs`. With `outcome: 'UNKNOWN'`
 * the answer to a commit was lost: repeat with the same client id.
 */
export class UnavailableError extends ParleyError {
  readonly code = 'UNAVAILABLE';
  override readonly extensions: { retryAfterMs: number; outcome?: 'UNKNOWN' };

  constructor(options: { outcome?: 'UNKNOWN'; cause?: unknown } = {}) {
    super('The service cannot answer right now.', { cause: options.cause });
    this.extensions = { retryAfterMs: 1_000, ...(options.outcome && { outcome: options.outcome }) };
  }
}

/** A setting makes no sense; the start ends with this one line. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}
