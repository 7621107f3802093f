/**
 * The messages of one conversation that a cache knows, with the ranges of sequences in which it
 * knows all of them. Pages and a stream make ranges, and ranges that touch become one. Only the
 * newest range is shown, with what came by itself after it; older ones are kept until what is
 * missing between has come. So there is never a gap that nothing tells of.
 */
import { sequenceIn } from './cursor.js';

/** All with a sequence greater than the first number, up to the second. */
type Range = readonly [number, number];

export interface History {
  readonly sequences: Readonly<Record<string, number>>;
  /** Ascending; they do not touch. Empty while no page has come. */
  readonly ranges: readonly Range[];
  /** True when the server has more after the newest range, as far as is known. */
  readonly hasMore: boolean;
}

export interface PageOfMessages {
  /** The sequences of its messages, by their keys in the cache. */
  sequences: Record<string, number>;
  hasPreviousPage: boolean | undefined;
  hasNextPage: boolean | undefined;
  /** The conversation's newest event, as it was when the page was read. */
  lastSequence: number | undefined;
  args: Record<string, unknown> | null | undefined;
}

export interface Shown {
  /** Ascending. */
  keys: string[];
  hasPreviousPage: boolean;
  hasNextPage: boolean;
}

/** The history of a conversation of which no page has come. */
export const NOTHING: History = { sequences: {}, ranges: [], hasMore: false };

/** Returns the history with a page. */
export function withPage(history: History = NOTHING, page: PageOfMessages): History {
  const range = rangeOf(page);
  const newest = history.ranges.at(-1);
  const isNewest = !newest || range[1] >= newest[1];
  return {
    sequences: { ...history.sequences, ...page.sequences },
    ranges: joined([...history.ranges, range]),
    hasMore: isNewest ? (page.hasNextPage ?? false) : history.hasMore,
  };
}

function rangeOf(page: PageOfMessages): Range {
  const sequences = Object.values(page.sequences);
  const after = sequenceIn(page.args?.after);
  const before = sequenceIn(page.args?.before);
  const first = Math.min(...sequences, before ?? Number.POSITIVE_INFINITY);
  const from =
    after !== undefined && !page.args?.last
      ? after
      : page.hasPreviousPage === false && after === undefined
        ? 0
        : Number.isFinite(first)
          ? first - 1
          : 0;
  if (before !== undefined && !page.args?.first) return [from, Math.max(from, before - 1)];
  const last = Math.max(from, ...sequences);
  return [from, page.hasNextPage === false ? Math.max(last, page.lastSequence ?? 0) : last];
}

function joined(ranges: readonly Range[]): Range[] {
  const result: Range[] = [];
  for (const range of [...ranges].sort((one, other) => one[0] - other[0])) {
    const last = result.at(-1);
    if (last && range[0] <= last[1])
      result[result.length - 1] = [last[0], Math.max(last[1], range[1])];
    else result.push(range);
  }
  return result;
}

/**
 * Returns the history with a message that came by itself. One that is older than what is shown, and
 * was not loaded, is left out.
 */
export function withMessage(history: History, key: string, sequence: number): History {
  const newest = history.ranges.at(-1);
  const isWanted =
    !newest ||
    sequence > newest[1] ||
    history.ranges.some(([from, to]) => from < sequence && sequence <= to);
  if (!isWanted || history.sequences[key] === sequence) return history;
  return { ...history, sequences: { ...history.sequences, [key]: sequence } };
}

/** Returns the history when a stream has told everything after `after`, up to `sequence`. */
export function withStream(history: History, after: number, sequence: number): History {
  // Without a page there is nothing that it could go on from.
  if (history.ranges.length === 0 || sequence <= after) return history;
  return { ...history, ranges: joined([...history.ranges, [after, sequence]]) };
}

/**
 * Returns what of a history is shown; undefined while no page has come.
 *
 * @param isThere returns false for what was optimistic and is undone
 */
export function shown(
  history: History,
  isThere: (key: string) => boolean = () => true,
): Shown | undefined {
  const newest = history.ranges.at(-1);
  if (!newest) return undefined;
  const all = Object.entries(history.sequences).filter(
    ([key, sequence]) => sequence > newest[0] && isThere(key),
  );
  all.sort((one, other) => one[1] - other[1]);
  return {
    keys: all.map(([key]) => key),
    hasPreviousPage: newest[0] > 0,
    hasNextPage: history.hasMore || all.some(([, sequence]) => sequence > newest[1]),
  };
}

/** The progress of each stream, by its field, conversation and `after`. */
export class Streams {
  private readonly told = new Map<string, number>();

  /**
   * Notes an event.
   *
   * @returns after what it and all before it were told; undefined for a stream that may have gaps
   */
  note(field: string, args: Record<string, unknown> | null, sequence: number): number | undefined {
    const { conversationId, after } = args ?? {};
    if (typeof conversationId !== 'string' || typeof after !== 'number') return undefined;
    const stream = `${field} ${conversationId} ${after}`;
    const before = this.told.get(stream) ?? after;
    this.told.set(stream, Math.max(before, sequence));
    return before;
  }
}
