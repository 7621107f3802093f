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
    redact: { paths: ['token', 'authorization', 'content', '*.token', '*.authorization', '*.content'], remove: true },
  });
}

/** What may be told of an error: a database's also holds the statement's parameters, and so people's words. */
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
