import type { Follower } from './follower';

/** A row of the log, as the database has it. */
export interface Logged {
  sequence: number;
  kind: string;
  participant_id: string | null;
  message_id: string | null;
}

/** When somebody was present: they see what is greater than `joined`, up to `until` (null: still present). */
interface Span {
  joined: number;
  until: number | null;
}

/** When somebody was present, by the log. */
export function spansOf(userId: string, log: readonly Logged[], initially: boolean): Span[] {
  const spans: Span[] = initially ? [{ joined: 0, until: null }] : [];
  for (const { kind, sequence, participant_id } of log) {
    if (participant_id !== userId) continue;
    if (kind === 'PARTICIPANT_REMOVED') spans.at(-1)!.until = sequence;
    else spans.push({ joined: sequence, until: null });
  }
  return spans;
}

/** What a follower got that is not theirs, and did not get that is; in order, once. */
export function complaintsAboutEvents(
  follower: Follower,
  spans: readonly Span[],
  head: number,
): string[] {
  const sequences = follower.received.map((event) => event.sequence);
  const complaints: string[] = [];
  if (sequences.some((sequence, index) => sequence <= (sequences[index - 1] ?? follower.after)))
    complaints.push(`out of order or twice: ${sequences}`);
  const isAllowed = (sequence: number) =>
    spans.some(
      ({ joined, until }) => sequence > joined && sequence <= (until ?? Number.POSITIVE_INFINITY),
    );
  const foreign = sequences.filter((sequence) => !isAllowed(sequence));
  if (foreign.length > 0) complaints.push(`got what is not theirs: ${foreign}`);
  for (const { joined, until } of spans) {
    const inSpan = sequences.filter((sequence) => sequence > joined && sequence <= (until ?? head));
    const from = Math.max(joined, follower.after) + 1;
    if (inSpan.some((sequence, index) => sequence !== from + index))
      complaints.push(`a gap from ${from} on: ${inSpan}`);
  }
  const { joined, until } = spans.at(-1)!;
  const wasAlwaysPresent = spans.length === 1 && until === null;
  if (follower.ending && (follower.ending !== 'FORBIDDEN' || wasAlwaysPresent))
    complaints.push(`ended: ${JSON.stringify(follower.ending)}`);
  const due = Math.max(joined, follower.after);
  if (follower.ending === null && until === null && due < head && follower.last !== head)
    complaints.push(`stands at ${follower.last} of ${head}: ${sequences}`);
  return complaints;
}
