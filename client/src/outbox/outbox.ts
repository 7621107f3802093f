/**
 * An outbox sends messages in the order in which they were written, once each, however often the
 * connection is lost, the page is reloaded, or the browser is ended.
 *
 * How it works. A message gets its `clientMessageId` when it is written, and is stored before it is
 * sent. The answer removes it from the storage. If the answer is lost, the message is sent again
 * with the same id, and the server answers with the first one. Within a conversation the next
 * message waits for the answer to the one before.
 *
 * - **Refusals that pass** (`UNAVAILABLE`, `RATE_LIMITED`, `UNAUTHENTICATED`) and lost connections
 *   leave a message pending. It is tried again after the time that the server names, or else after
 *   a wait that grows to 30 s, and after each reconnection.
 * - **Any other refusal** fails the message, and those behind it go on.
 * - **The owner.** What is unsent belongs to the URL and the user: the one of the connection or,
 *   before there is one, the `sub` of the client's token. It is sent over a connection that
 *   acknowledged this user, and over no other.
 * - **Several pages** share a storage: one of them sends for all (Web Locks).
 * - **A connection** is held while something is pending.
 */
import type { ParleyClient } from '../client/client.js';
import { ParleyError } from '../client/parley.error.js';
import type { MessagePartsFragment } from '../generated/graphql.js';
import { backOffMs, leastWaitMs } from '../resumable/retry.js';
import { deliver } from './courier.js';
import { HeldConnection } from './held.connection.js';
import { Item } from './item.js';
import { changed as changedOf, register } from './registry.js';
import type { Draft, Sending } from './sending.js';
import { indexedDbStorage, memoryStorage, type OutboxStorage } from './storage.js';
import { type Notice, Tabs } from './tabs.js';

/** The codes that leave a message pending. */
const PASSING_CODES: readonly string[] = [
  'UNAVAILABLE',
  'RATE_LIMITED',
  'UNAUTHENTICATED',
  'CONNECTION_LOST',
  'INVALID_ANSWER',
];
/** The storage of all outboxes that name none; null until it is needed. */
let database: OutboxStorage | null = null;
/** The reads and writes of each storage, one after the other, also of an outbox that was closed. */
const queues = new WeakMap<OutboxStorage, Promise<void>>();
/** The number of sent messages that `follow` can match with those that come. */
const MOST_SENT = 100;

export interface OutboxOptions {
  /** By default IndexedDB where there is one, and otherwise memory. */
  storage?: OutboxStorage;
}

export interface Outbox {
  /** The pending and failed ones, in the order in which they go out; a new array after a change. */
  readonly sendings: readonly Sending[];
  /** Puts a message last. It returns at once. */
  send(draft: Draft): Sending;
  /** Makes a failed message pending again, and puts it last. Others stay as they are. */
  retry(sending: Sending): void;
  /**
   * Removes a message that is not sent. While it is being sent, its answer is waited for: an
   * accepted message is sent, and any other answer or a lost connection removes it.
   *
   * @returns true when it was removed, false when it was sent
   */
  drop(sending: Sending): Promise<boolean>;
  /**
   * Calls the listener after each change.
   *
   * @returns a function that ends it
   */
  subscribe(listener: () => void): () => void;
  /** Stops sending. What is unsent stays in the storage. */
  close(): void;
}

/** Creates an outbox over a client. A client with another user's token needs another outbox. */
export function createOutbox(client: ParleyClient, options: OutboxOptions = {}): Outbox {
  if (options.storage) return new StoredOutbox(client, options.storage);
  if (typeof indexedDB === 'undefined') return new StoredOutbox(client, memoryStorage());
  database ??= indexedDbStorage();
  return new StoredOutbox(client, database);
}

class StoredOutbox implements Outbox {
  sendings: readonly Sending[] = [];
  private items: Item[] = [];
  private sent: Item[] = [];
  private readonly settled = new Set<string>();
  private readonly listeners = new Set<() => void>();
  private userId: string | null = null;
  private isLoaded = false;
  private isClosed = false;
  private lastOrder = 0;
  /** The conversations of which a message is being sent, or waits to be tried again. */
  private readonly busy = new Map<string, { item: Item; wake: () => void }>();
  private tabs: Tabs | null = null;
  private readonly connection: HeldConnection;
  private readonly stops: (() => void)[];

  constructor(
    private readonly client: ParleyClient,
    private readonly storage: OutboxStorage,
  ) {
    this.connection = new HeldConnection(client);
    const outbox = this;
    const source = {
      get shown() {
        return [...outbox.sent, ...outbox.items];
      },
    };
    this.stops = [client.onSession(() => this.connectionChanged()), register(client, source)];
    if (client.session) this.own(client.session.userId);
    else void client.identify().then((userId) => this.userId ?? (userId && this.own(userId)));
  }

  send(draft: Draft): Sending {
    const item = Item.of(draft);
    this.items.push(item);
    if (this.isLoaded) this.save(item);
    this.changed();
    return item;
  }

  retry(sending: Sending): void {
    const item = this.items.find((one) => one === sending);
    if (item?.state !== 'failed') return;
    item.state = 'pending';
    item.error = null;
    this.items = [...this.items.filter((one) => one !== item), item];
    if (this.isLoaded) this.save(item);
    this.changed();
  }

  async drop(sending: Sending): Promise<boolean> {
    const item = this.items.find((one) => one === sending);
    if (!item) return sending.state !== 'sent';
    item.isDropped = true;
    const busy = this.busy.get(item.conversationId);
    if (busy?.item === item) busy.wake();
    else this.remove(item);
    await item.leaving;
    return item.message === null;
  }

  subscribe(listener: () => void): () => void {
    const one = () => listener();
    this.listeners.add(one);
    return () => this.listeners.delete(one);
  }

  close(): void {
    this.isClosed = true;
    this.listeners.clear();
    for (const stop of this.stops) stop();
    for (const { wake } of this.busy.values()) wake();
    this.tabs?.close();
    this.connection.need(false);
  }

  private get owner(): string {
    return `${this.client.url} ${this.userId}`;
  }

  private get hasPending(): boolean {
    return !this.isClosed && this.items.some(({ state }) => state === 'pending');
  }

  private get maySend(): boolean {
    const isOurs = this.userId !== null && this.client.session?.userId === this.userId;
    return isOurs && this.isLoaded && !this.isClosed && this.tabs?.isSender === true;
  }

  /** The user is known, or is another one: takes over what is stored of theirs. */
  private own(userId: string): void {
    if (this.isClosed || this.userId === userId) return;
    // Sendings that were written before the user was known are theirs.
    if (this.userId !== null) this.items = [];
    this.userId = userId;
    this.isLoaded = false;
    this.tabs?.close();
    this.tabs = new Tabs(`parley-outbox ${this.owner}`, this.storage.isShared, {
      elected: () => this.load(),
      noticed: (notice) => this.noticed(notice),
    });
    this.load();
  }

  /** Reads the storage after all that was written to it before. */
  private load(): void {
    const { owner } = this;
    void this.queue(async () => {
      const stored = await this.storage.load(owner);
      if (this.isClosed || owner !== this.owner) return;
      this.lastOrder = Math.max(this.lastOrder, ...stored.map(({ order }) => order));
      const isKnown = new Set(stored.map(({ clientMessageId }) => clientMessageId));
      for (const item of this.items)
        if (item.isSaved && !isKnown.has(item.clientMessageId)) this.goneElsewhere(item);
      for (const one of stored) {
        if (this.settled.has(one.clientMessageId)) continue;
        const item = this.items.find((known) => known.clientMessageId === one.clientMessageId);
        if (!item) this.items.push(Item.stored(one));
        else if (item.isSaved && !this.isBusy(item)) item.update(one);
      }
    })
      .catch(() => {})
      .then(() => this.loaded(owner));
  }

  private loaded(owner: string): void {
    if (this.isClosed || owner !== this.owner) return;
    const wasLoaded = this.isLoaded;
    this.isLoaded = true;
    if (!wasLoaded) for (const item of this.items) if (!item.isSaved) this.save(item);
    this.items.sort((one, other) => one.order - other.order);
    this.changed();
  }

  /** Another page has removed it. */
  private goneElsewhere(item: Item): void {
    item.isDropped = true;
    if (!this.isBusy(item)) this.remove(item);
  }

  private noticed(notice: Notice): void {
    if (notice.kind === 'changed') this.load();
    else {
      const item = this.items.find((one) => one.clientMessageId === notice.clientMessageId);
      if (item) this.settle(item, notice.message as MessagePartsFragment);
    }
  }

  private save(item: Item): void {
    const { owner, tabs } = this;
    this.lastOrder = Math.max(this.lastOrder + 1, Date.now());
    item.order = this.lastOrder;
    item.isSaved = false;
    this.write(item, () => this.storage.put(owner, item.toStored()), tabs);
  }

  /** Writes after all earlier writes. A message that cannot be stored is sent all the same. */
  private write(item: Item, put: () => Promise<void>, tabs: Tabs | null): void {
    void this.queue(async () => {
      if (!this.settled.has(item.clientMessageId)) await put();
    })
      .then(
        () => tabs?.tell({ kind: 'changed' }),
        () => {},
      )
      .then(() => {
        item.isSaved = true;
        this.pump();
      });
  }

  private queue(task: () => Promise<void>): Promise<void> {
    const result = (queues.get(this.storage) ?? Promise.resolve()).then(task);
    queues.set(
      this.storage,
      result.catch(() => {}),
    );
    return result;
  }

  private connectionChanged(): void {
    const { session } = this.client;
    if (session) {
      this.connection.connected();
      this.own(session.userId);
    }
    for (const { wake } of this.busy.values()) wake();
    this.pump();
  }

  private isBusy(item: Item): boolean {
    return this.busy.get(item.conversationId)?.item === item;
  }

  /** Begins to send in each conversation in which nothing is under way. */
  private pump(): void {
    this.connection.need(this.hasPending);
    if (!this.maySend) return;
    for (const item of this.items)
      if (item.state === 'pending' && !this.busy.has(item.conversationId)) {
        const first = this.items.find(
          (one) => one.conversationId === item.conversationId && one.state === 'pending',
        );
        if (first?.isSaved) void this.sendOne(first);
      }
  }

  private async sendOne(item: Item): Promise<void> {
    const entry = { item, wake: () => {} };
    this.busy.set(item.conversationId, entry);
    try {
      this.settle(item, await deliver(this.client, item.input));
    } catch (problem) {
      const error = problem instanceof ParleyError ? problem : null;
      if (item.isDropped) this.remove(item);
      else if (error && !PASSING_CODES.includes(error.code)) this.fail(item, error);
      else await this.pause(item, entry, error);
      if (item.isDropped && this.items.includes(item)) this.remove(item);
    } finally {
      this.busy.delete(item.conversationId);
    }
    this.pump();
  }

  /** Waits until the message may be sent again, or the connection changes. */
  private pause(item: Item, entry: { wake: () => void }, error: ParleyError | null): Promise<void> {
    if (error?.code === 'CONNECTION_LOST' && !this.client.session) return Promise.resolve();
    const ms = backOffMs(item.failures++, leastWaitMs(error?.extensions.retryAfterMs));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      entry.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  private fail(item: Item, error: ParleyError): void {
    item.state = 'failed';
    item.error = error;
    const { owner } = this;
    this.write(item, () => this.storage.put(owner, item.toStored()), this.tabs);
    this.changed();
  }

  private settle(item: Item, message: MessagePartsFragment): void {
    item.state = 'sent';
    item.error = null;
    item.message = message;
    this.sent = [...this.sent, item].slice(-MOST_SENT);
    const { clientMessageId } = item;
    if (this.tabs?.isSender) this.tabs.tell({ kind: 'sent', clientMessageId, message });
    this.remove(item);
  }

  private remove(item: Item): void {
    const { owner, tabs } = this;
    this.settled.add(item.clientMessageId);
    this.items = this.items.filter((one) => one !== item);
    item.left();
    void this.queue(() => this.storage.remove(owner, item.clientMessageId)).then(
      () => tabs?.tell({ kind: 'changed' }),
      () => {},
    );
    this.changed();
  }

  private changed(): void {
    this.sendings = [...this.items];
    this.pump();
    for (const listener of [...this.listeners]) listener();
    changedOf(this.client);
  }
}
