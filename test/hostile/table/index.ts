import { CONVERSATIONS, MESSAGES } from './conversations';
import { OFFERS } from './offers';
import { NOTIFICATIONS, PEOPLE } from './people';
import type { Area, Row } from './row';

/** The right outcome of every operation for every role. */
export const OPERATIONS: Area = {
  ...CONVERSATIONS,
  ...MESSAGES,
  ...OFFERS,
  ...PEOPLE,
  ...NOTIFICATIONS,
};

export function rowOf(name: string): Row {
  const row = OPERATIONS[name];
  if (!row) throw new Error(`nobody classified ${name}`);
  return row;
}
