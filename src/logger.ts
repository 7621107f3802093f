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
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: ['token', 'authorization', 'content', '*.token', '*.authorization', '*.content'], remove: true },
  });
}
