/**
 * Keeps late answers from undoing newer ones, in the fields that have no version: what a user
 * alone sees of a conversation, and the badges. Only the time at which something was asked for, or
 * came, tells which of two values is the newer one.
 */
import type { Fields } from './fields.js';

interface Kind {
  /** The name under which the values are kept, with the object's id. */
  name: string;
  /** The field that tells of two states which is the newer one, unless they are equal in it. */
  version?: string;
  /** The fields, and the names of their values. */
  values: Readonly<Record<string, string>>;
}

const BADGE = 'unreadNotificationCount';
const KINDS: Readonly<Record<string, Kind>> = {
  Conversation: {
    name: 'Conversation',
    values: { archived: 'archived', mutedUntil: 'mutedUntil', unreadCount: 'unreadCount' },
  },
  Inbox: {
    name: 'Inbox',
    version: 'lastNotificationSequence',
    values: { [BADGE]: BADGE, unreadConversationCount: 'unreadConversationCount' },
  },
  NotificationConnection: {
    name: 'Inbox',
    version: 'lastSequence',
    values: { unreadCount: BADGE },
  },
};

/** The subscriptions that tell of every change of these values. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  archived: ['conversationUpdated'],
  mutedUntil: ['conversationUpdated'],
  unreadCount: ['conversationUpdated', 'messagesRead'],
  [BADGE]: ['inboxUpdated'],
  unreadConversationCount: ['inboxUpdated'],
};

interface Known {
  value: unknown;
  version: unknown;
  /** A query that was begun before this time has an older value. */
  sinceQuery: number;
  /** A mutation that was begun before this time has an older value. */
  sinceMutation: number;
}

export type OperationKind = 'query' | 'mutation' | 'subscription';

interface Answer {
  kind: OperationKind;
  /** When it was asked for. */
  begun: number;
  /** When it came. */
  came: number;
  /** The field of the operation's root. */
  root: string;
}

export class LatestAnswers {
  /** Counts what was asked for and what came. */
  private now = 0;
  private readonly known = new Map<string, Known>();

  /**
   * @param types the types of the objects that come without their `__typename`, by the names of the
   *   fields that have them
   */
  constructor(private readonly types: Readonly<Record<string, string>> = {}) {}

  /**
   * Notes that an operation begins.
   *
   * @returns a function that is given the data of each answer, and puts newer values into it
   */
  begin(kind: OperationKind): <Data>(data: Data) => Data {
    const begun = ++this.now;
    return (data) => {
      const came = ++this.now;
      for (const [root, value] of Object.entries(data ?? {}))
        this.take(value, root, { kind, begun, came, root });
      return data;
    };
  }

  /** @param name the field that has the value, or a list with the value in it */
  private take(value: unknown, name: string, answer: Answer): void {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const item of value) this.take(item, name, answer);
      return;
    }
    const object = value as Record<string, unknown>;
    const kind = KINDS[(object.__typename as string | undefined) ?? this.types[name] ?? ''];
    for (const [field, valueName] of Object.entries(kind?.values ?? {}))
      if (object[field] !== undefined)
        object[field] = this.latest(kind!, object, valueName, object[field], answer);
    for (const [field, inner] of Object.entries(object)) this.take(inner, field, answer);
  }

  private latest(kind: Kind, object: Fields, name: string, value: unknown, answer: Answer) {
    // There is one inbox, and its list of notifications has no id.
    const key = `${kind.name} ${kind.name === 'Inbox' ? '' : object.id} ${name}`;
    const version = kind.version && object[kind.version];
    const known = this.known.get(key);
    if (known && !isLatest(version, known, answer)) return known.value;
    const { sinceQuery = 0, sinceMutation = 0 } = known ?? {};
    const told = TELLING[name]!.includes(answer.root) ? answer.came : 0;
    this.known.set(key, {
      value,
      version: version ?? known?.version,
      sinceQuery: Math.max(sinceQuery, answer.kind === 'query' ? answer.begun : answer.came),
      sinceMutation: Math.max(sinceMutation, answer.kind === 'mutation' ? answer.begun : told),
    });
    return value;
  }
}

function isLatest(version: unknown, known: Known, { kind, begun }: Answer): boolean {
  // It also takes what a restored server says, whose versions are smaller.
  if (kind === 'query' && begun >= known.sinceQuery) return true;
  if (typeof version === 'number' && typeof known.version === 'number' && version !== known.version)
    return version > known.version;
  return kind === 'subscription' || (kind === 'mutation' && begun >= known.sinceMutation);
}
