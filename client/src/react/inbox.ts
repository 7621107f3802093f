import { useMemo } from 'react';
import { LatestAnswers } from '../cache/latest.answers.js';
import type { ParleyClient } from '../client/client.js';
import type { RequestOptions } from '../client/operation.js';
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
import { useShared, useStore } from './context.js';
import { PAGE_SIZE, PagedSource } from './paged.source.js';
import { LOADING, type Paged, type Paging } from './state.js';
import type { Store } from './store.js';

export interface InboxState extends Paged {
  readonly unreadNotificationCount: number;
  readonly unreadConversationCount: number;
  /** Newest first. */
  readonly notifications: readonly NotificationPartsFragment[];
}

const NONE: InboxState = {
  ...LOADING,
  unreadNotificationCount: 0,
  unreadConversationCount: 0,
  notifications: [],
  hasMore: false,
};
const KEY = 'inbox';

class InboxSource extends PagedSource<
  InboxState,
  NotificationPartsFragment,
  NotificationsQuery['notifications']
> {
  /** The position after which notifications come; null until the first fetch. */
  private position: number | null = null;
  /** Notifications that came while pages were being fetched. */
  private came: NotificationPartsFragment[] = [];
  private readonly answers = new LatestAnswers({ inbox: 'Inbox', inboxUpdated: 'Inbox' });
  private readonly told = this.answers.begin('subscription');

  constructor(client: ParleyClient) {
    super(client, NONE);
    this.hear(
      InboxUpdatedDocument,
      () => ({}),
      (data) => {
        const { inboxUpdated } = this.told(data);
        // Some were read on another device, and only a fetch says which.
        const isLess = inboxUpdated.unreadNotificationCount < this.state.unreadNotificationCount;
        this.put(inboxUpdated);
        if (isLess) this.sync();
      },
    );
  }

  async markRead(input: MarkNotificationsReadInput): Promise<void> {
    const latest = this.answers.begin('mutation');
    const answer = await this.client.request(MarkNotificationsReadDocument, { input });
    const { inbox, notifications } = latest(answer).markNotificationsRead;
    this.put(inbox, notifications);
  }

  protected get nodes(): readonly NotificationPartsFragment[] {
    return this.state.notifications;
  }

  protected override async fetch(signal: AbortSignal): Promise<void> {
    const latest = this.answers.begin('query');
    this.came = [];
    const [badges, first] = await Promise.all([
      this.client.request(InboxDocument, {}, { signal }),
      this.fetchPages(signal),
    ]);
    if (!first) return;
    this.put(latest(badges).inbox);
    const isFirst = this.position === null;
    this.position = first.lastSequence;
    if (isFirst) this.hearNotifications();
  }

  protected async fetchPage(after: string | null, options: RequestOptions) {
    const variables = { first: PAGE_SIZE, after };
    return (await this.client.request(NotificationsDocument, variables, options)).notifications;
  }

  protected show(nodes: NotificationPartsFragment[], hasMore: boolean): void {
    this.set({ notifications: merged([...nodes, ...this.came]), hasMore });
  }

  private hearNotifications(): void {
    this.hear(
      NotificationAddedDocument,
      () => ({ after: this.position }),
      (data) => {
        const { inbox, ...notification } = this.told(data).notificationAdded;
        this.put(inbox, [notification]);
      },
    );
  }

  private put(inbox: InboxPartsFragment, came: NotificationPartsFragment[] = []): void {
    if (this.isSyncing || this.more) this.came.push(...came);
    const { unreadNotificationCount, unreadConversationCount } = inbox;
    const notifications = merged([...this.nodes, ...came]);
    this.set({ unreadNotificationCount, unreadConversationCount, notifications });
  }
}

/** Returns each once, newest first. When two states of one meet, the newer one stays. */
function merged(notifications: readonly NotificationPartsFragment[]): NotificationPartsFragment[] {
  const byId = new Map<string, NotificationPartsFragment>();
  for (const one of notifications) {
    const known = byId.get(one.id);
    // Each change has a new sequence, and so has being read.
    if (!known || one.sequence >= known.sequence) byId.set(one.id, one);
  }
  return [...byId.values()].sort((one, other) => other.sequence - one.sequence);
}

export interface InboxActions extends Paging {
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
  const state = useShared(KEY, ({ client }) => new InboxSource(client), NONE);
  const actions = useMemo(() => actionsOf(store), [store]);
  return useMemo(() => ({ ...state, ...actions }), [state, actions]);
}
