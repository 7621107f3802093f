import pino, { type Logger } from 'pino';

export type { Logger };

/**
 * Structured logs, one JSON line a fact, on standard output. Neither tokens nor content ever
 * belong in a line: call sites pass ids; the redaction below is the second belt.
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
 * A log whose lines all say the same of where they come from. It is made for one operation or
 * connection of many; a child of pino's, which prepares its fields at once, would cost more than
 * most of them log.
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

/** Keeps what may be logged of an error. A database error also holds the statement's parameters,
 * and with them what people wrote. */
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
