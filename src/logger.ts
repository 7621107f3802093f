import pino, { type Logger } from 'pino';

export type { Logger };

/**
 * Makes the logger. It writes one JSON line for each fact to standard output. A line must not
 * contain tokens or content, so callers pass ids. The redaction below is only a second safeguard.
 *
 * @param level a pino level, or `silent`
 */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: null,
    serializers: { err: serializeError },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: ['token', 'authorization', 'content', '*.token', '*.authorization', '*.content'],
      remove: true,
    },
  });
}

/**
 * A log that adds the same fields to each of its lines, such as the user's id. Each operation and
 * each connection has one, and most of them log nothing. So the fields are made only for a line
 * that is written. A child logger of pino would prepare them at once.
 */
export class BoundLog {
  constructor(
    private readonly logger: Logger,
    private readonly fields: () => object,
  ) {}

  debug(fields: object, message: string): void {
    this.write('debug', fields, message);
  }

  info(fields: object, message: string): void {
    this.write('info', fields, message);
  }

  warn(fields: object, message: string): void {
    this.write('warn', fields, message);
  }

  error(fields: object, message: string): void {
    this.write('error', fields, message);
  }

  private write(level: 'debug' | 'info' | 'warn' | 'error', fields: object, message: string): void {
    if (this.logger.isLevelEnabled(level))
      this.logger[level]({ ...this.fields(), ...fields }, message);
  }
}

/**
 * Picks the fields of an error that may be logged. An error of the database also contains the
 * statement's parameters, and so content of users.
 */
function serializeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    ...(typeof code === 'string' && { code }),
    ...(typeof constraint === 'string' && { constraint }),
    ...(error.cause !== undefined && { cause: serializeError(error.cause) }),
  };
}
