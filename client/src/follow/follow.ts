/**
 * `follow()` keeps one conversation up to date: the newest messages, the offers, the participants,
 * and everything that happens from then on, in order and once, through any outage.
 *
 * How it works. It fetches a page together with `lastSequence`, and subscribes to the
 * conversation's events after that position. An event carries the present state of its message or
 * offer, and the greater version wins. So it does not matter that parts of the page are newer.
 *
 * - **After each connection** it fetches how far the conversation has come. It is `live` only once
 *   the events have reached that, so it is never live over something stale.
 * - **A position that is worthless**: the log was set back, the epoch is another one than that in
 *   which the page was fetched, or an event is missing because the user has left and joined anew.
 *   Everything is fetched again, as many messages as were loaded. Until then the state stays as it
 *   was, and is `catching-up`.
 * - **Receipts** are hints, which may be lost. So participants are fetched after each connection.
 * - **Access that was lost** ends it with the error, and what was seen stays.
 * - **Anything else that fails** is tried again, with a wait that grows to 30 s.
 *
 * The epoch of a page is that of the connection over whose time it was fetched. Without one for a
 * second, the first page is fetched all the same, and once more when there is a connection.
 */
import type { ParleyClient } from '../client/client.js';
import { operationOf } from '../client/operation.js';
import { errorOf, errorOfSubscription, type ParleyError } from '../client/parley.error.js';
import {
  ConversationEventsDocument,
  type ConversationEventsSubscription,
  MessagesReadDocument,
} from '../generated/graphql.js';
import { onChange, sendingsOf } from '../outbox/registry.js';
import { backOffMs, leastWaitMs } from '../resumable/retry.js';
import { Contents } from './contents.js';
import { fetchBefore, fetchConversation, fetchHead, MOST_MESSAGES } from './fetch.js';
import { isFinal, retrying } from './retrying.js';
import type { FollowOptions, Room, RoomState, RoomStatus } from './room.js';
import { isVisible, onVisibility } from './visibility.js';

/** The time for which the first page waits for a connection. */
const PATIENCE_MS = 1_000;

type Event = ConversationEventsSubscription['conversationEvents'];

/**
 * Follows a conversation until it is closed.
 *
 * @throws {RangeError} when the size of a page is none of 1 to 40
 */
export function follow(
  client: ParleyClient,
  conversationId: string,
  { pageSize = 20, viewing = 'visible' }: FollowOptions = {},
): Room {
  if (!(pageSize >= 1 && pageSize <= MOST_MESSAGES))
    throw new RangeError(`pageSize has to be 1 to ${MOST_MESSAGES}, and not ${pageSize}`);
  return new FollowedConversation(client, conversationId, pageSize, viewing);
}

class FollowedConversation implements Room {
  private readonly contents = new Contents();
  private readonly listeners = new Set<() => void>();
  /** The present state; null after a change, until it is read. */
  private snapshot: RoomState | null = null;
  /** The error is null when it was closed. */
  private ending: { error: ParleyError | null } | null = null;
  private position = 0;
  /** False until the first page, and while the position is worthless. */
  private isLoaded = false;
  private hasContents = false;
  /** The epoch of the position; null when there was no connection. */
  private epoch: string | null = null;
  /** The position at which this is up to date; null until this connection has said it. */
  private target: number | null = null;
  /** The sequence of the last event of a participant. */
  private membersChangedAt = 0;
  private syncing: AbortController | null = null;
  private earlier: Promise<void> | null = null;
  /** Counts the loads of everything: a page before another state's first message is void. */
  private loads = 0;
  private isViewing: boolean;
  private stopEvents = () => {};
  private stopReceipts = () => {};
  /** Counts in a row how often the events ended for a reason that passes. */
  private eventsFailures = 0;
  private eventsWait: ReturnType<typeof setTimeout> | undefined;
  private receiptsWait: ReturnType<typeof setTimeout> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;
  private readonly stops: (() => void)[];

  constructor(
    private readonly client: ParleyClient,
    private readonly id: string,
    private readonly pageSize: number,
    private viewing: boolean | 'visible',
  ) {
    this.isViewing = this.viewingNow();
    this.stops = [
      client.onSession(() => this.connectionChanged()),
      onVisibility(() => this.visibilityChanged()),
      onChange(client, () => this.changed()),
    ];
    if (client.session) this.sync();
    else this.awaitConnection();
    this.startReceipts(0);
  }

  get state(): RoomState {
    this.snapshot ??= Object.freeze({
      status: this.status,
      messages: this.contents.messages,
      offers: this.contents.offers,
      participants: this.contents.participants,
      pending: this.pending,
      hasEarlier: this.contents.hasEarlier,
      lastSequence: this.position,
      error: this.ending?.error ?? null,
    });
    return this.snapshot;
  }

  subscribe(listener: () => void): () => void {
    // The same function may be given twice.
    const one = () => listener();
    this.listeners.add(one);
    return () => this.listeners.delete(one);
  }

  loadEarlier(): Promise<void> {
    this.earlier ??= this.fetchEarlier().finally(() => {
      this.earlier = null;
    });
    return this.earlier;
  }

  setViewing(viewing: boolean | 'visible'): void {
    this.viewing = viewing;
    this.visibilityChanged();
  }

  close(): void {
    this.listeners.clear();
    this.end(null);
  }

  private get status(): RoomStatus {
    if (this.ending) return 'ended';
    if (!this.hasContents) return 'loading';
    const isCurrent = this.target !== null && this.position >= this.target;
    return this.isLoaded && this.client.session && isCurrent ? 'live' : 'catching-up';
  }

  private get pending() {
    const ids = new Set(this.contents.messages.map(({ clientMessageId }) => clientMessageId));
    return sendingsOf(this.client, this.id).filter(({ clientMessageId, message }) => {
      if (ids.has(clientMessageId)) return false;
      return message === null || message.sequence > this.position;
    });
  }

  private changed(): void {
    this.snapshot = null;
    for (const listener of [...this.listeners]) listener();
  }

  private connectionChanged(): void {
    this.target = null;
    clearTimeout(this.patience);
    this.syncing?.abort();
    this.syncing = null;
    if (this.client.session) this.sync();
    else if (!this.hasContents) this.awaitConnection();
    this.changed();
  }

  private awaitConnection(): void {
    this.patience = setTimeout(() => this.syncing ?? this.sync(), PATIENCE_MS);
  }

  /** Gets up to date with the server, however often that has to be tried. */
  private sync(): void {
    this.syncing?.abort();
    const controller = new AbortController();
    this.syncing = controller;
    const { signal } = controller;
    void retrying(() => this.attempt(signal), signal).then((error) => {
      if (this.syncing === controller) this.syncing = null;
      if (error && !signal.aborted) this.end(error);
    });
  }

  private async attempt(signal: AbortSignal): Promise<void> {
    const { position } = this;
    const { session } = this.client;
    const isValid = this.isLoaded && session !== null && session.logEpoch === this.epoch;
    while (isValid && !signal.aborted) {
      const { participants, lastSequence } = await fetchHead(this.client, this.id, signal);
      if (lastSequence < position || this.hasJoinedAnew(participants)) break;
      // Somebody came or went while this was fetched.
      if (lastSequence < this.membersChangedAt) continue;
      this.contents.putParticipants(participants);
      this.target ??= lastSequence;
      this.changed();
      return;
    }
    if (!signal.aborted) await this.load(signal);
  }

  /** Fetches everything, and subscribes to what follows. */
  private async load(signal: AbortSignal): Promise<void> {
    const { session } = this.client;
    this.isLoaded = false;
    this.stopEvents();
    if (this.hasContents) this.changed();
    this.contents.expectLoad();
    const size = Math.max(this.pageSize, this.contents.messages.length);
    const fetched = await fetchConversation(this.client, this.id, size, signal);
    if (signal.aborted) return;
    this.loads++;
    this.contents.load(fetched.page, fetched.offers, fetched.participants);
    this.position = fetched.lastSequence;
    this.target = session ? fetched.lastSequence : null;
    this.epoch = session?.logEpoch ?? null;
    this.isLoaded = true;
    this.hasContents = true;
    this.startEvents();
    this.changed();
  }

  private hasJoinedAnew(participants: Contents['participants']): boolean {
    const userId = this.client.session?.userId;
    const own = participants.find(({ user }) => user.id === userId);
    const before = this.contents.participants.find(({ user }) => user.id === userId);
    return own?.joinedSequence !== before?.joinedSequence;
  }

  private startEvents(): void {
    this.stopEvents();
    let isWanted = true;
    const variables = { conversationId: this.id, after: this.position, viewing: this.isViewing };
    const operation = operationOf(ConversationEventsDocument, variables);
    const extensions = this.epoch === null ? null : { logEpoch: this.epoch };
    const stop = this.client.socket.subscribe<ConversationEventsSubscription>(
      { ...operation, extensions },
      {
        next: ({ data, errors }) => {
          if (!isWanted) return;
          if (data && !errors?.length) this.happened(data.conversationEvents);
          else this.eventsEnded(errors?.length ? errorOf(errors) : null);
        },
        error: (problem) => {
          if (isWanted) this.eventsEnded(errorOfSubscription(problem));
        },
        complete: () => {
          if (isWanted) this.end(null);
        },
      },
    );
    this.stopEvents = () => {
      if (!isWanted) return;
      isWanted = false;
      stop();
    };
  }

  private happened(event: Event): void {
    if (event.sequence <= this.position) return;
    // The log has no gaps. So what is missing was before the user joined, perhaps anew.
    if (event.sequence !== this.position + 1) {
      this.resync();
      return;
    }
    this.position = event.sequence;
    this.eventsFailures = 0;
    const { kind, message, offer, participant } = event;
    if (participant) this.membersChangedAt = event.sequence;
    if (message) this.contents.putMessage(message);
    if (offer) this.contents.putOffer(offer);
    if (kind === 'PARTICIPANT_REMOVED' && participant)
      this.contents.removeParticipant(participant.id);
    // The event names the user alone.
    if (kind === 'PARTICIPANT_ADDED') this.sync();
    this.changed();
  }

  private eventsEnded(error: ParleyError | null): void {
    if (isFinal(error)) {
      this.end(error);
      return;
    }
    if (error?.code === 'RESYNC_REQUIRED') this.eventsFailures = 0;
    this.resync(this.eventsFailures++);
  }

  /** The position is worthless: fetches everything again, after a wait if that did not help. */
  private resync(failures = 0): void {
    this.stopEvents();
    this.isLoaded = false;
    clearTimeout(this.eventsWait);
    const ms = failures === 0 ? 0 : backOffMs(failures - 1, 1_000);
    this.eventsWait = setTimeout(() => this.sync(), ms);
    this.changed();
  }

  private startReceipts(failures: number): void {
    const variables = { conversationId: this.id };
    this.stopReceipts = this.client.subscribe(MessagesReadDocument, variables, {
      next: ({ messagesRead: { participant, lastReadSequence } }) => {
        if (this.contents.read(participant.id, lastReadSequence)) this.changed();
      },
      error: (error) => this.receiptsEnded(error, failures),
      // The client was disposed, which the answer to a request says.
      complete: () => this.isLoaded || this.ending || this.sync(),
    });
  }

  /** The events tell of access that was lost. Before there are any, the page does. */
  private receiptsEnded(error: ParleyError, failures: number): void {
    if (this.ending) return;
    const ms = backOffMs(failures, leastWaitMs(error.extensions.retryAfterMs));
    if (isFinal(error)) {
      if (!this.isLoaded && !this.syncing) this.sync();
    } else
      this.receiptsWait = setTimeout(() => {
        this.startReceipts(failures + 1);
        if (this.client.session) this.sync();
      }, ms);
  }

  private async fetchEarlier(): Promise<void> {
    const { contents, loads } = this;
    if (this.ending || !contents.hasEarlier) return;
    contents.expectEarlier();
    const page = await fetchBefore(this.client, this.id, contents.cursor, this.pageSize);
    if (this.ending || loads !== this.loads) return;
    contents.prepend(page);
    this.changed();
  }

  private viewingNow(): boolean {
    return this.viewing === 'visible' ? isVisible() : this.viewing;
  }

  /** Subscribes anew after the position, so nothing is lost and nothing comes twice. */
  private visibilityChanged(): void {
    const isViewing = this.viewingNow();
    if (this.isViewing === isViewing) return;
    this.isViewing = isViewing;
    if (this.isLoaded && !this.ending) this.startEvents();
  }

  private end(error: ParleyError | null): void {
    if (this.ending) return;
    this.ending = { error };
    clearTimeout(this.patience);
    clearTimeout(this.receiptsWait);
    clearTimeout(this.eventsWait);
    this.syncing?.abort();
    this.stopEvents();
    this.stopReceipts();
    for (const stop of this.stops) stop();
    this.changed();
  }
}
