import type { Place } from './place';
import type { PostgresOperator } from './postgres.operator';

/** A WebSocket of a listener that was open, and is closed. */
export interface Close {
  place: Place;
  /** The index of the node's life that it was connected to. */
  life: number;
  code: number;
  reason: string;
  at: number;
  /** The listener dropped it itself. */
  isOwn: boolean;
}

/** `none`: there was no reason that the contract knows. */
export type Cause = 'its client' | "its node's end" | 'postgres away' | 'none';

/** A node's end is noticed so much later than its sockets' by whoever watches the process. */
const NOTICE_MS = 2_000;
/** A node notices that Postgres is back so much later. */
const RECOVERY_MS = 5_000;

/** The warnings of so long before a close are told with it: a frozen connection is given up within 12 s. */
const WARNED_MS = 13_000;

/** Normal closure: a listener whose last subscription has ended. */
const NORMAL = 1000;
const GOING_AWAY = 1001;
/** There was no closing handshake. */
const ABNORMAL = 1006;
const TRY_AGAIN_LATER = 1013;

/**
 * Finds why a socket was closed. A node may close one only when it ends itself, when Postgres is
 * wholly away while it has to read, or when its client was silent. No listener is silent for long
 * enough, so a close for that reason is none.
 */
export function causeOf(close: Close, { absences }: PostgresOperator): Cause {
  if (close.isOwn || close.code === NORMAL) return 'its client';
  if (isAtNodesEnd(close)) return "its node's end";
  const wasAway = absences.some(
    ({ from, until }) => close.at >= from && close.at <= (until ?? close.at) + RECOVERY_MS,
  );
  if (close.code === TRY_AGAIN_LATER && wasAway) return 'postgres away';
  return 'none';
}

function isAtNodesEnd({ place, life, code, at }: Close): boolean {
  const { toldAt, endedAt } = place.lives[life]!;
  if (code === GOING_AWAY) return toldAt !== null && at >= toldAt;
  if (code !== ABNORMAL) return false;
  if (toldAt !== null && at >= toldAt) return true;
  return endedAt !== null && at >= endedAt - NOTICE_MS;
}

/** Returns the close in words, with the warnings that the node logged before it. */
export function describeClose({ place, code, reason, at }: Close): string {
  const warnings = place.warnings(at - WARNED_MS, at);
  const logged = warnings.length === 0 ? '' : `, after: ${[...new Set(warnings)].join('; ')}`;
  return `${place.name} closed a socket with ${code} ${reason}${logged}`;
}
