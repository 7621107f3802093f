import { Tally } from '../runtime/tally';
import type { TraceNews } from './trace.follower';
import type { TracedFrame } from './traced.frame';

/** Characters that a terminal would obey, and those that turn the direction of a text. */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** Returns a text in which characters that a terminal would obey are escaped. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Writes a frame trace, one line for each frame, and counts the frames. */
export class TracePrinter {
  private readonly counts = { in: new Tally(), out: new Tally() };
  private leftOut = 0;

  /**
   * @param write takes a line without its end; returns false when it could not be written
   * @param isJson true for one JSON object a line, false for text
   */
  constructor(
    private readonly write: (line: string) => boolean,
    private readonly isJson: boolean,
  ) {}

  print(news: TraceNews): void {
    if (news.kind === 'left out') this.leftOut += news.count;
    if (news.kind === 'frame') {
      const { direction, type } = news.frame;
      if (direction) this.counts[direction].add(type);
    }
    const line = this.isJson ? jsonOf(news) : textOf(news);
    if (!this.write(printable(line)) && news.kind === 'frame') this.leftOut++;
  }

  /** Writes how many frames of each type there were. */
  printSummary(): void {
    const { leftOut } = this;
    const counts = {
      in: Object.fromEntries(this.counts.in.entries()),
      out: Object.fromEntries(this.counts.out.entries()),
    };
    if (this.isJson) {
      this.write(printable(JSON.stringify({ note: 'summary', ...counts, leftOut })));
      return;
    }
    for (const direction of ['in', 'out'] as const) {
      const each = Object.entries(counts[direction]).map(([type, count]) => `${type} ${count}`);
      this.write(printable(`-- frames ${direction}: ${each.join(', ') || 'none'}`));
    }
    if (leftOut > 0) this.write(`-- frames left out: ${leftOut}`);
  }
}

function jsonOf(news: TraceNews): string {
  if (news.kind !== 'frame') {
    const { kind: note, ...details } = news;
    return JSON.stringify({ note, ...details });
  }
  const { n: _, atMs, ...frame } = news.frame;
  return JSON.stringify({ time: new Date(atMs).toISOString(), node: news.node, ...frame });
}

function textOf(news: TraceNews): string {
  switch (news.kind) {
    case 'frame':
      return frameText(news.node, news.frame);
    case 'following':
      return `-- ${news.node} follows the user, who has ${counted(news.connections, 'connection')}`;
    case 'left out':
      return `-- ${news.node}: ${counted(news.count, 'frame')} left out`;
    case 'refused':
      return `-- ${news.node} does not follow the user: ${news.reason}`;
    case 'silent':
      return `-- ${news.node} does not answer any more`;
    case 'nobody':
      return '-- no node has answered yet';
    case 'redis':
      return news.isConnected
        ? '-- Redis is back'
        : '-- Redis is away: frames are missing from here on';
  }
}

function frameText(node: string, frame: TracedFrame): string {
  const { atMs, connectionId, direction, type, bytes, id, operation, shape } = frame;
  const words = [
    new Date(atMs).toISOString().slice('2026-01-01T'.length),
    node,
    connectionId,
    (direction ?? '--').padEnd(3),
    type,
    ...(id === undefined ? [] : [id]),
    ...(operation ? [operation.type, operation.name ?? `{${operation.fields.join(' ')}}`] : []),
    ...(bytes > 0 ? [`${bytes} B`] : []),
    ...(shape === undefined ? [] : [JSON.stringify(shape)]),
  ];
  return words.join(' ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
