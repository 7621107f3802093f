import pino from 'pino';
import type { Logger } from '../../src/logger';

export interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** A logger that writes nowhere, and what it was told. */
export function openLogbook(): {
  logger: Logger;
  lines: LogLine[];
  about: (text: string) => LogLine[];
} {
  const lines: LogLine[] = [];
  const logger = pino(
    { level: 'trace', base: null },
    { write: (line: string) => void lines.push(JSON.parse(line)) },
  );
  return { logger, lines, about: (text) => lines.filter(({ msg }) => msg.includes(text)) };
}
