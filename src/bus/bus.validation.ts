import type { BusEvent } from '../events';

/**
 * The rule of a field. `text` is a string, `text?` a string or null, `count` a whole number from 0
 * on, `flag` a boolean, `texts` a list of strings, and `any` any JSON value. An object lists the
 * strings that are allowed.
 */
type FieldRule<T> = unknown extends T
  ? 'any'
  : [T] extends [number]
    ? 'count'
    : [T] extends [boolean]
      ? 'flag'
      : [T] extends [readonly string[]]
        ? 'texts'
        : [T] extends [string | null]
          ? null extends T
            ? 'text?'
            : string extends T
              ? 'text'
              : { readonly [Allowed in T & string]: true }
          : never;

type EventRules<E extends BusEvent> = {
  readonly [F in Exclude<keyof E & string, 'name'>]-?: FieldRule<E[F]>;
};
type AnyRule =
  | 'any'
  | 'count'
  | 'flag'
  | 'texts'
  | 'text'
  | 'text?'
  | Readonly<Record<string, true>>;

const KINDS = {
  MESSAGE_ADDED: true,
  MESSAGE_EDITED: true,
  MESSAGE_DELETED: true,
  OFFER_UPDATED: true,
  PARTICIPANT_ADDED: true,
  PARTICIPANT_REMOVED: true,
} as const;

// The type follows the catalogue in `events.ts`. When an event or a field is missing here, or has
// the wrong rule, the code does not compile.
const rulesByName: {
  readonly [Name in BusEvent['name']]: EventRules<Extract<BusEvent, { name: Name }>>;
} = {
  'log.appended': {
    conversationId: 'text',
    sequence: 'count',
    kind: KINDS,
    actorId: 'text?',
    messageId: 'text?',
    offerId: 'text?',
    offerAction: 'text?',
    participantId: 'text?',
    at: 'text',
  },
  'inbox.appended': { userId: 'text', sequence: 'count', notificationId: 'text' },
  'conversation.started': { conversationId: 'text' },
  'participation.changed': { conversationId: 'text', userId: 'text' },
  'messages.read': {
    conversationId: 'text',
    userId: 'text',
    lastReadSequence: 'count',
    readAt: 'text',
  },
  'viewers.changed': {
    conversationId: 'text',
    userId: 'text',
    state: { JOINED: true, LEFT: true },
    at: 'text',
  },
  'block.changed': { blockerId: 'text', blockedId: 'text' },
  'custom.emitted': { event: 'text', conversationId: 'text?', data: 'any', at: 'text' },
  'typing.changed': {
    conversationId: 'text',
    userId: 'text',
    isTyping: 'flag',
    expiresAt: 'text?',
  },
  'presence.changed': { userId: 'text', online: 'flag', lastSeenAt: 'text?' },
  'presence.reviewed': { userId: 'text', online: 'flag' },
  'viewers.reviewed': { conversationId: 'text', userIds: 'texts', tellsEnds: 'flag' },
  'user.disconnected': { userId: 'text' },
  'user.deactivated': { userId: 'text' },
  'tokens.revoked': { userId: 'text', validFromS: 'count' },
  'sockets.questioned': { questionId: 'text', connectionIds: 'texts' },
  'sockets.answered': { questionId: 'text', alive: 'texts', ended: 'texts' },
  'frames.asked': {
    traceId: 'text',
    userId: 'text',
    key: 'text',
    leaseMs: 'count',
    includesPings: 'flag',
    by: 'text',
  },
  'frames.declined': { traceId: 'text' },
  'frames.refused': { traceId: 'text', node: 'text', reason: 'text' },
  'frames.copied': {
    traceId: 'text',
    node: 'text',
    partId: 'text',
    connections: 'count',
    through: 'count',
    frames: 'texts',
  },
};

const rulesOf = new Map<string, readonly (readonly [field: string, rule: AnyRule])[]>(
  Object.entries(rulesByName).map(([name, shape]) => [name, Object.entries<AnyRule>(shape)]),
);

/**
 * True when a value from the wire is an event of the catalogue, with all its fields. It may have
 * further fields, since a newer node may send them.
 */
export function isBusEvent(value: unknown): value is BusEvent {
  if (typeof value !== 'object' || value === null) return false;
  const event = value as Readonly<Record<string, unknown>>;
  const rules = typeof event.name === 'string' ? rulesOf.get(event.name) : undefined;
  return rules?.every(([field, rule]) => follows(event[field], rule)) ?? false;
}

function follows(value: unknown, rule: AnyRule): boolean {
  switch (rule) {
    case 'any':
      return value !== undefined;
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 0;
    case 'flag':
      return typeof value === 'boolean';
    case 'texts':
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    case 'text':
      return typeof value === 'string';
    case 'text?':
      return value === null || typeof value === 'string';
    default:
      return typeof value === 'string' && Object.hasOwn(rule, value);
  }
}
