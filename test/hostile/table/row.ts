/** The error with which an attempt is refused. */
export type Code = 'FORBIDDEN' | 'NOT_FOUND' | 'BAD_USER_INPUT' | 'CONFLICT';

/** The right outcome of an attempt. `ok`: no error, and nothing that the role may not see. */
export type Outcome = Code | 'ok' | 'null';

/** The roles as they stand to what an attempt names. People without a valid token are none. */
export interface Outcomes {
  /** Was never in the conversation, or has left it, or was removed from it. */
  outsider: Outcome;
  /** Has left or was removed; about a message and an offer of their own. */
  departed: Outcome;
  /** Left and joined again; about what is from before. */
  returned: Outcome;
  /** Is present, but neither the sender nor a party. */
  member: Outcome;
  /** Has blocked the other of a pair, or was blocked; about their own and the other's. */
  apart: Outcome;
  /** A service token. */
  service: Outcome;
}

export type Column = keyof Outcomes;

/** A root field: the rule of SEMANTICS.md that decides, and what follows from it. */
export interface Row extends Outcomes {
  rule: string;
  /** The offer that it is tried with; default: one that the caller received. */
  offer?: 'received' | 'made' | 'accepted' | 'agreed';
  /** The user that it is tried with; default: someone who shares no conversation with anyone. */
  user?: 'target' | 'hidden' | 'newcomer' | 'other' | 'founder' | 'unknown';
}

export type Area = Readonly<Record<string, Row>>;

/** Refused to every role. Only the sender, the party or the owner may do it. */
export const TO_NOBODY: Outcomes = {
  outsider: 'FORBIDDEN',
  departed: 'FORBIDDEN',
  returned: 'FORBIDDEN',
  member: 'FORBIDDEN',
  apart: 'FORBIDDEN',
  service: 'FORBIDDEN',
};

/** For those who are present in the conversation, a block aside. */
export const TO_PRESENT: Outcomes = { ...TO_NOBODY, returned: 'ok', member: 'ok', apart: 'ok' };

/** For those who are present in the conversation, and the platform. */
export const TO_READERS: Outcomes = { ...TO_PRESENT, service: 'ok' };

/** For every user, about themselves. */
export const TO_USERS: Outcomes = { ...TO_PRESENT, outsider: 'ok', departed: 'ok' };

export const TO_SERVICE: Outcomes = { ...TO_NOBODY, service: 'ok' };
