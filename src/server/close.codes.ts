/** The code of a close frame, and a text for people beside it. */
export type CloseCode = readonly [code: number, reason: string];

/** Close codes and reasons of this server, beside those that graphql-ws sends by itself. */
export const CLOSE = {
  goingAway: [1001, 'Going away'],
  tryAgainLater: [1013, 'Reading too slowly'],
  unavailable: [1013, 'Try again later'],
  unauthenticated: [4401, 'Unauthorized'],
  badId: [4400, 'The id of an operation is too long'],
  badMessage: [4400, 'Invalid message received'],
  tokenExpired: [4403, 'Token expired'],
  initTimeout: [4408, 'Connection initialisation timeout'],
  subscriberExists: [4409, 'Subscriber already exists'],
  tooManySockets: [4429, 'Too many sockets'],
  socketsInDoubt: [1013, 'Too many sockets, of which some may be dead'],
} as const satisfies Record<string, CloseCode>;

/** The codes by which ended connections are counted. A client may send any other one. */
export const COUNTED_CODES: ReadonlySet<number> = new Set([
  ...Object.values(CLOSE).map(([code]) => code),
  ...[1000, 1005, 1006, 1007, 1009, 1011, 4406, 4429],
]);

const MAX_REASON_BYTES = 123;

/** Returns a text as the reason of a close, which has at most 123 bytes (RFC 6455, section 5.5). */
export function closeReason(text: string): string {
  return Buffer.from(text)
    .subarray(0, MAX_REASON_BYTES)
    .toString()
    .replace(/\ufffd+$/, '');
}
