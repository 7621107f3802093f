import { ParleyError } from '../client/parley.error.js';
import type {
  AttachmentInput,
  MessagePartsFragment,
  SendMessageInput,
} from '../generated/graphql.js';
import type { Draft, Sending } from './sending.js';
import type { Stored } from './storage.js';

/** A sending as its outbox holds it. */
export class Item implements Sending {
  state: Sending['state'] = 'pending';
  error: ParleyError | null = null;
  message: MessagePartsFragment | null = null;
  order = Number.POSITIVE_INFINITY;
  /** True when the storage has it as it is, or cannot have it. */
  isSaved = false;
  /** True when it is to be removed once its answer has come. */
  isDropped = false;
  /** Counts the refusals that passed, for the wait after the next one. */
  failures = 0;
  readonly conversationId: string;
  readonly content: string;
  readonly attachments?: readonly AttachmentInput[];
  readonly replyToId?: string;
  /** Calls back once it has left the outbox. */
  left: () => void = () => {};
  readonly leaving = new Promise<void>((resolve) => {
    this.left = resolve;
  });

  private constructor(
    { conversationId, content, attachments, replyToId }: Draft,
    readonly clientMessageId: string,
    readonly createdAt: string,
  ) {
    this.conversationId = conversationId;
    this.content = content;
    if (attachments) this.attachments = structuredClone(attachments);
    if (replyToId !== undefined) this.replyToId = replyToId;
  }

  static of(draft: Draft): Item {
    return new Item(draft, randomId(), new Date().toISOString());
  }

  static stored(stored: Stored): Item {
    const item = new Item(stored, stored.clientMessageId, stored.createdAt);
    item.update(stored);
    return item;
  }

  /** Takes the order and the state that are stored. */
  update({ order, error }: Stored): void {
    this.order = order;
    this.state = error ? 'failed' : 'pending';
    this.error = error && new ParleyError(error.code, error.message, error.extensions);
    this.isSaved = true;
  }

  toStored(): Stored {
    const { input, createdAt, order, error } = this;
    const reason = error && {
      code: error.code,
      message: error.message,
      extensions: { ...error.extensions },
    };
    return { ...input, createdAt, order, error: reason };
  }

  get input() {
    const { conversationId, content, attachments, replyToId, clientMessageId } = this;
    return {
      conversationId,
      content,
      clientMessageId,
      ...(attachments && { attachments: [...attachments] }),
      ...(replyToId !== undefined && { replyToId }),
    } satisfies SendMessageInput;
  }
}

/** Returns a UUID. `crypto.randomUUID` is missing in pages that came over plain HTTP. */
function randomId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
