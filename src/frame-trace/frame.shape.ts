/**
 * The shape of a frame: its ids, sequences, kinds, codes and times as they are, and a hash in the
 * place of everything else.
 *
 * - Nothing is shown that the list below does not name. So a field that is added later is hidden
 *   until it is added here as well, and so is any text of a client that is no field at all.
 * - A name alone is not enough: the value must also look like one of its kind. A text under the
 *   name of a sequence is hidden.
 * - A client may give a field another name (`id: content`). With the operation's document, the key
 *   is taken for the field behind it. Without the document, of an operation that began before the
 *   trace, only ids that are UUIDs are shown.
 * - Objects are entered where the schema has objects. JSON is one hash as a whole, since its keys
 *   are texts as well.
 * - The hash is keyed by a secret of the trace, so equal texts have the same hash within one trace
 *   only. `#1f2e3d4c~12` stands for a text of twelve characters.
 */
import { createHmac } from 'node:crypto';
import { codePoints } from '../input/text';
import type { Vocabulary } from './frame.vocabulary';
import type { OperationFacts } from './operation.facts';

/** The values of one frame that are looked at. The others are only counted. */
const MAX_VALUES = 200;
const MAX_ENTRIES = 20;
const MAX_ID_LENGTH = 128;
const HASH_LENGTH = 8;

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
/** An id that a client makes, such as `clientMessageId`. */
const CLIENT_ID = /^[\w.:-]{1,64}$/;
const ERROR_CODE = /^[A-Z][A-Z_]{0,59}$/;
const INPUT_PATH = /^[\w.$]{1,200}$/;
const HEXADECIMAL = /^[\da-f]{1,128}$/i;
const NAME = /^[_A-Za-z]\w{0,99}$/;

type Kind = 'id' | 'client id' | 'number' | 'flag' | 'time' | 'code' | 'type';

const KINDS: Readonly<Record<Kind, readonly string[]>> = {
  id: [
    ...['id', 'ids', 'conversationId', 'userId', 'userIds', 'messageId', 'offerId', 'replyToId'],
    ...['recipientId', 'giverId', 'participantIds', 'listingId', 'connectionId', 'logEpoch'],
  ],
  'client id': ['clientMessageId', 'clientOfferId', 'clientConversationId'],
  number: [
    ...['sequence', 'lastSequence', 'joinedSequence', 'lastReadSequence', 'throughSequence'],
    ...['lastNotificationSequence', 'version', 'after', 'first', 'last', 'count', 'unreadCount'],
    ...['unreadConversationCount', 'unreadNotificationCount'],
  ],
  flag: [
    ...['archived', 'created', 'hasNextPage', 'hasPreviousPage', 'isTyping', 'ok', 'online'],
    ...['unreadOnly', 'viewing'],
  ],
  time: [
    ...['at', 'createdAt', 'updatedAt', 'editedAt', 'deletedAt', 'expiresAt', 'joinedAt'],
    ...['readAt', 'lastReadAt', 'lastSeenAt', 'mutedUntil', 'until'],
  ],
  code: ['action', 'availableActions', 'change', 'kind', 'offerAction', 'state', 'status'],
  type: ['__typename'],
};

const SHOWN: ReadonlyMap<string, Kind> = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) => names.map((name) => [name, kind as Kind])),
);

/** The names of fields that may be shown. */
export const SHOWN_NAMES: readonly string[] = [...SHOWN.keys()];

type Test = (value: unknown) => boolean;
const isText = (pattern: RegExp): Test => {
  return (value) => typeof value === 'string' && pattern.test(value);
};

/** The members of an error's `extensions` that may be shown. */
const SHOWN_OF_ERRORS: ReadonlyMap<string, Test> = new Map([
  ['code', isText(ERROR_CODE)],
  ['currentStatus', isText(ERROR_CODE)],
  ['outcome', isText(ERROR_CODE)],
  ['field', isText(INPUT_PATH)],
  ['requestId', isText(/^[\w.:+/=-]{1,128}$/)],
  ...['retryAfterMs', 'limit', 'actual', 'currentVersion', 'lastSequence'].map(
    (name): [string, Test] => [name, Number.isSafeInteger],
  ),
]);

/** Makes the shapes of one trace's frames. */
export class FrameShapes {
  private valuesLeft = 0;

  /**
   * @param key the secret of the hashes
   * @param userId the user who is followed, whose id may be shown anywhere where ids may stand
   */
  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly key: Buffer,
    private readonly userId: string,
  ) {}

  /** Returns the hash that stands in the place of a value. */
  hidden(value: unknown): string {
    const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    const hash = createHmac('sha256', this.key).update(text).digest('hex').slice(0, HASH_LENGTH);
    return typeof value === 'string' ? `#${hash}~${codePoints(value)}` : `#${hash}`;
  }

  /** Returns an operation's id as it is, or hidden when it is more than a short word. */
  operationId(id: string): string {
    return /^[\x21-\x7e]{1,64}$/.test(id) ? id : this.hidden(id);
  }

  /** Returns the shape of the payload of `subscribe`, without what is told by `facts`. */
  ofRequest(payload: unknown, facts: OperationFacts | null): unknown {
    this.valuesLeft = MAX_VALUES;
    if (!isObject(payload)) return this.hidden(payload);
    const { query, variables, extensions } = payload;
    const sha256Hash = hashIn(extensions);
    return {
      ...(typeof query === 'string' && query !== '' && { query: this.hidden(query) }),
      ...(sha256Hash !== null && { sha256Hash }),
      ...(isObject(variables) && { variables: this.variables(variables, facts) }),
    };
  }

  /**
   * Returns the shape of the payload of `next`, `error` or `connection_ack`.
   *
   * @param facts null when the operation's document is not known
   */
  ofAnswer(type: string, payload: unknown, facts: OperationFacts | null): unknown {
    this.valuesLeft = MAX_VALUES;
    if (type === 'error') return this.errors(payload);
    if (!isObject(payload)) return this.hidden(payload);
    if (type !== 'next') return this.members(payload, null, false);
    const { data, errors } = payload;
    return {
      ...(data !== undefined && { data: isObject(data) ? this.data(data, facts) : null }),
      ...(errors !== undefined && { errors: this.errors(errors) }),
    };
  }

  private data(data: Readonly<Record<string, unknown>>, facts: OperationFacts | null): unknown {
    return this.members(data, facts?.fieldOfKey ?? null, facts === null);
  }

  private variables(
    variables: Readonly<Record<string, unknown>>,
    facts: OperationFacts | null,
  ): unknown {
    return this.mapped(variables, (key, value) => {
      const type = facts?.typeOfVariable.get(key);
      if (type === undefined) return [this.shownKey(key), this.hiddenOrNull(value)];
      return [key, this.variable(key, type, value)];
    });
  }

  /** A client chooses the names of variables, so a variable's type has to fit as well. */
  private variable(name: string, type: string, value: unknown): unknown {
    const { inputTypes, enumTypes } = this.vocabulary;
    if (inputTypes.has(type)) return this.entered(value, null, false);
    if (enumTypes.has(type)) return this.leaf('code', value, false);
    if (type === 'ID') return this.leaf('id', value, false);
    const kind = SHOWN.get(name);
    const fits =
      (kind === 'number' && type === 'Int') ||
      (kind === 'flag' && type === 'Boolean') ||
      (kind === 'time' && type === 'DateTime');
    return fits ? this.leaf(kind, value, false) : this.hiddenOrNull(value);
  }

  /**
   * @param fieldOfKey the fields behind the keys; null when each key is the name of its field
   * @param isUncertain true when a key may have another field behind it
   */
  private members(
    object: Readonly<Record<string, unknown>>,
    fieldOfKey: ReadonlyMap<string, string | null> | null,
    isUncertain: boolean,
  ): unknown {
    return this.mapped(object, (key, value) => {
      const field = fieldOfKey?.get(key);
      const name = field === undefined ? key : field;
      const shownKey = field === undefined ? this.shownKey(key) : key;
      if (name === null) return [shownKey, this.hiddenOrNull(value)];
      if (this.vocabulary.containers.has(name))
        return [shownKey, this.entered(value, fieldOfKey, isUncertain)];
      const kind = SHOWN.get(name);
      if (kind === undefined) return [shownKey, this.hiddenOrNull(value)];
      return [shownKey, this.leaf(kind, value, isUncertain)];
    });
  }

  /** Returns the shape of the objects where the schema has objects. */
  private entered(
    value: unknown,
    fieldOfKey: ReadonlyMap<string, string | null> | null,
    isUncertain: boolean,
  ): unknown {
    if (Array.isArray(value))
      return this.entries(value, (entry) => this.entered(entry, fieldOfKey, isUncertain));
    return isObject(value)
      ? this.members(value, fieldOfKey, isUncertain)
      : this.hiddenOrNull(value);
  }

  private leaf(kind: Kind, value: unknown, isUncertain: boolean): unknown {
    if (Array.isArray(value))
      return this.entries(value, (entry) => this.leaf(kind, entry, isUncertain));
    return this.isShown(kind, value, isUncertain) ? value : this.hiddenOrNull(value);
  }

  private isShown(kind: Kind, value: unknown, isUncertain: boolean): boolean {
    if (kind === 'number') return Number.isSafeInteger(value);
    if (kind === 'flag') return typeof value === 'boolean';
    if (typeof value !== 'string') return kind === 'id' && Number.isSafeInteger(value);
    if (kind === 'time') return TIME.test(value);
    if (kind === 'code') return this.vocabulary.codes.has(value);
    if (kind === 'type') return this.vocabulary.types.has(value);
    if (UUID.test(value)) return true;
    if (isUncertain) return kind === 'id' && value === this.userId;
    return kind === 'id' ? value.length <= MAX_ID_LENGTH : CLIENT_ID.test(value);
  }

  private errors(errors: unknown): unknown {
    if (!Array.isArray(errors)) return this.hiddenOrNull(errors);
    return this.entries(errors, (error) => {
      if (!isObject(error)) return this.hiddenOrNull(error);
      const { message, path, extensions } = error;
      return {
        message: this.hidden(message ?? ''),
        ...(Array.isArray(path) && { path: this.entries(path, (step) => this.step(step)) }),
        ...(isObject(extensions) && { extensions: this.extensions(extensions) }),
      };
    });
  }

  private step(step: unknown): unknown {
    const isShown = typeof step === 'string' ? NAME.test(step) : Number.isSafeInteger(step);
    return isShown ? step : this.hiddenOrNull(step);
  }

  private extensions(extensions: Readonly<Record<string, unknown>>): unknown {
    return this.mapped(extensions, (key, value) => {
      const test = SHOWN_OF_ERRORS.get(key);
      if (test === undefined) return [NAME.test(key) ? key : this.hidden(key), this.hidden(value)];
      return [key, test(value) ? value : this.hiddenOrNull(value)];
    });
  }

  /** Maps the members of an object, as long as values may be looked at. */
  private mapped(
    object: Readonly<Record<string, unknown>>,
    map: (key: string, value: unknown) => [key: string, value: unknown],
  ): unknown {
    const members: [string, unknown][] = [];
    const given = Object.entries(object);
    for (const [index, [key, value]] of given.entries()) {
      if (this.valuesLeft === 0) {
        members.push(['…', given.length - index]);
        break;
      }
      this.valuesLeft--;
      members.push(map(key, value));
    }
    // It makes `__proto__` a member like any other.
    return Object.fromEntries(members);
  }

  private entries(values: readonly unknown[], map: (value: unknown) => unknown): unknown[] {
    const shown: unknown[] = [];
    while (shown.length < Math.min(values.length, MAX_ENTRIES) && this.valuesLeft > 0) {
      this.valuesLeft--;
      shown.push(map(values[shown.length]));
    }
    const left = values.length - shown.length;
    return left === 0 ? shown : [...shown, `… ${left} more`];
  }

  private shownKey(key: string): string {
    return this.vocabulary.names.has(key) || SHOWN.has(key) ? key : this.hidden(key);
  }

  /** Absence is shown. */
  private hiddenOrNull(value: unknown): string | null {
    return value === null || value === undefined ? null : this.hidden(value);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the hash by which an operation names its persisted query; null for none. */
function hashIn(extensions: unknown): string | null {
  if (!isObject(extensions) || !isObject(extensions.persistedQuery)) return null;
  const { sha256Hash } = extensions.persistedQuery;
  return typeof sha256Hash === 'string' && HEXADECIMAL.test(sha256Hash) ? sha256Hash : null;
}
