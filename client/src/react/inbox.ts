import { useMemo } from 'react';
import type { ParleyClient } from '../client/client.js';
import {
  InboxDocument,
  type InboxPartsFragment,
  InboxUpdatedDocument,
  MarkNotificationsReadDocument,
  type MarkNotificationsReadInput,
  NotificationAddedDocument,
  type NotificationPartsFragment,
  NotificationsDocument,
  type NotificationsQuery,
} from '../generated/graphql.js';
import { type Live, LiveSource } from './live.source.js';
import { useShared, useStore } from './provider.js';
import type { Store } from './store.js';

export interface InboxState extends Live {
  readonly unreadNotificationCount: number;
  readonly unreadConversationCount: number;
  /** Newest first. */
  readonly notifications: readonly NotificationPartsFragment[];
  /** True when `loadMore` would bring notifications. */
  readonly hasMore: boolean;
}

const LOADING: InboxState = {
  status: 'loading',
  error: null,
  unreadNotificationCount: 0,
  unreadConversationCount: 0,
  notifications: [],
  hasMore: false,
};

const KEY = 'inbox';
/** The number of notifications that one request asks for. */
const PAGE_SIZE = 20;

class InboxSource extends LiveSource<InboxState> {
  private cursor: string | null = null;
  private more: Promise<void> | null = null;
  private loads = 0;
  /** The position after which notifications come; null until the first fetch. */
  private position: number | null = null;
  /** Counts the badges that came, which are newer than those of a request from before. */
  private badges = 0;

  constructor(client: ParleyClient) {
    super(client, LOADING);
    this.hear(
      InboxUpdatedDocument,
      () => ({}),
      ({ inboxUpdated }) => {
        // Some were read on another device, and only a fetch says which.
        const isLess = inboxUpdated.unreadNotificationCount < this.state.unreadNotificationCount;
        this.put(inboxUpdated);
        if (isLess) this.sync();
      },
    );
  }

  loadMore(): Promise<void> {
    this.more ??= this.fetchMore().finally(() => {
      this.more = null;
    });
    return this.more;
  }

  async markRead(input: MarkNotificationsReadInput): Promise<void> {
    const answer = await this.client.request(MarkNotificationsReadDocument, { input });
    const { inbox, notifications } = answer.markNotificationsRead;
    this.put(inbox);
    this.set({ notifications: merged([...notifications, ...this.state.notifications]) });
  }

  protected override async fetch(signal: AbortSignal): Promise<void> {
    const { badges } = this;
    const size = Math.max(PAGE_SIZE, this.state.notifications.length);
    const nodes: NotificationPartsFragment[] = [];
    const badge = this.client.request(InboxDocument, {}, { signal });
    let page = await this.fetchPage(null, signal);
    const { lastSequence } = page;
    nodes.push(...page.nodes);
    while (nodes.length < size && page.pageInfo.hasNextPage) {
      page = await this.fetchPage(page.pageInfo.endCursor, signal);
      nodes.push(...page.nodes);
    }
    const { inbox } = await badge;
    if (signal.aborted) return;
    this.loads++;
    if (badges === this.badges) this.put(inbox);
    // Those that are shown may have come while this was fetched.
    const came = this.state.notifications.filter(({ sequence }) => sequence > lastSequence);
    this.show([...came, ...nodes], page.pageInfo);
    const isFirst = this.position === null;
    this.position = lastSequence;
    if (isFirst) this.hearNotifications();
  }

  private hearNotifications(): void {
    this.hear(
      NotificationAddedDocument,
      () => ({ after: this.position }),
      ({ notificationAdded: { inbox, ...notification } }) => {
        this.put(inbox);
        this.set({ notifications: merged([notification, ...this.state.notifications]) });
      },
    );
  }

  private async fetchMore(): Promise<void> {
    const { loads } = this;
    if (!this.state.hasMore) return;
    const { nodes, pageInfo } = await this.fetchPage(this.cursor);
    if (loads === this.loads) this.show([...this.state.notifications, ...nodes], pageInfo);
  }

  private async fetchPage(after: string | null | undefined, signal?: AbortSignal) {
    const variables = { first: PAGE_SIZE, after: after ?? null };
    const options = signal ? { signal } : {};
    return (await this.client.request(NotificationsDocument, variables, options)).notifications;
  }

  private show(
    notifications: readonly NotificationPartsFragment[],
    { endCursor, hasNextPage }: NotificationsQuery['notifications']['pageInfo'],
  ): void {
    this.cursor = endCursor ?? this.cursor;
    this.set({ notifications: merged(notifications), hasMore: hasNextPage });
  }

  private put({ unreadNotificationCount, unreadConversationCount }: InboxPartsFragment): void {
    this.badges++;
    this.set({ unreadNotificationCount, unreadConversationCount });
  }
}

/** Returns each once, newest first: the one with the greater sequence, or else the first. */
function merged(notifications: readonly NotificationPartsFragment[]): NotificationPartsFragment[] {
  const byId = new Map<string, NotificationPartsFragment>();
  for (const one of notifications) {
    const known = byId.get(one.id);
    if (!known || one.sequence > known.sequence) byId.set(one.id, one);
  }
  return [...byId.values()].sort((one, other) => other.sequence - one.sequence);
}

export interface InboxActions {
  /** Loads the next page of notifications. Calls at the same time are one. */
  loadMore(): Promise<void>;
  /** Marks notifications as read, by their ids, or all up to a sequence. */
  markRead(input: MarkNotificationsReadInput): Promise<void>;
}

function actionsOf({ sources }: Store): InboxActions {
  const inbox = () => sources.of<InboxSource>(KEY);
  return {
    loadMore: async () => inbox()?.loadMore(),
    markRead: async (input) => inbox()?.markRead(input),
  };
}

/** The user's badges and notifications. */
export function useInbox(): InboxState & InboxActions {
  const store = useStore();
  const state = useShared(KEY, ({ client }) => new InboxSource(client), LOADING);
  const actions = useMemo(() => actionsOf(store), [store]);
  return useMemo(() => ({ ...state, ...actions }), [state, actions]);
}
