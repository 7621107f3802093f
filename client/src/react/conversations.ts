import { useMemo } from 'react';
import type { ParleyClient } from '../client/client.js';
import {
  ArchiveConversationDocument,
  type ConversationPartsFragment,
  ConversationsDocument,
  type ConversationsQuery,
  ConversationUpdatedDocument,
  type ConversationUpdatedSubscription,
  LeaveConversationDocument,
  MuteConversationDocument,
  StartConversationDocument,
  type StartConversationInput,
} from '../generated/graphql.js';
import { type Live, LiveSource } from './live.source.js';
import { useShared, useStore } from './provider.js';
import type { Store } from './store.js';

export type ConversationSummary = NonNullable<
  ConversationUpdatedSubscription['conversationUpdated']['conversation']
>;
type Update = Pick<
  ConversationUpdatedSubscription['conversationUpdated'],
  'conversationId' | 'conversation'
>;

export interface ConversationsState extends Live {
  /** Newest activity first. */
  readonly conversations: readonly ConversationSummary[];
  /** True when `loadMore` would bring conversations. */
  readonly hasMore: boolean;
}

const LOADING: ConversationsState = {
  status: 'loading',
  error: null,
  conversations: [],
  hasMore: false,
};

/** The number of conversations that one request asks for. */
const PAGE_SIZE = 20;

class ConversationList extends LiveSource<ConversationsState> {
  private cursor: string | null = null;
  /** Changes that came while pages are being fetched, which may be older. */
  private changes: Update[] = [];
  private more: Promise<void> | null = null;
  private loads = 0;
  /** The oldest conversation of the pages that were fetched, as it was then; null: it has all. */
  private oldest: ConversationSummary | null = null;

  constructor(
    client: ParleyClient,
    private readonly archived: boolean,
  ) {
    super(client, LOADING);
    this.hear(
      ConversationUpdatedDocument,
      () => ({}),
      ({ conversationUpdated }) => {
        if (this.isSyncing || this.more) this.changes.push(conversationUpdated);
        if (this.state.status !== 'loading')
          this.set({ conversations: this.with(this.state.conversations, [conversationUpdated]) });
      },
    );
  }

  loadMore(): Promise<void> {
    this.more ??= this.fetchMore().finally(() => {
      this.more = null;
      if (!this.isSyncing) this.changes = [];
    });
    return this.more;
  }

  protected override async fetch(signal: AbortSignal): Promise<void> {
    this.changes = [];
    const size = Math.max(PAGE_SIZE, this.state.conversations.length);
    const nodes: ConversationSummary[] = [];
    let page = await this.fetchPage(null, signal);
    nodes.push(...page.nodes);
    while (nodes.length < size && page.pageInfo.hasNextPage) {
      page = await this.fetchPage(page.pageInfo.endCursor, signal);
      nodes.push(...page.nodes);
    }
    if (signal.aborted) return;
    this.loads++;
    this.show(nodes, page.pageInfo);
    this.changes = [];
  }

  private async fetchMore(): Promise<void> {
    const { loads } = this;
    if (!this.state.hasMore) return;
    const { nodes, pageInfo } = await this.fetchPage(this.cursor);
    if (loads === this.loads) this.show([...this.state.conversations, ...nodes], pageInfo);
  }

  private async fetchPage(after: string | null | undefined, signal?: AbortSignal) {
    const variables = { archived: this.archived, first: PAGE_SIZE, after: after ?? null };
    const options = signal ? { signal } : {};
    return (await this.client.request(ConversationsDocument, variables, options)).conversations;
  }

  private show(
    nodes: readonly ConversationSummary[],
    pageInfo: ConversationsQuery['conversations']['pageInfo'],
  ): void {
    this.cursor = pageInfo.endCursor ?? this.cursor;
    const hasMore = pageInfo.hasNextPage;
    this.oldest = hasMore ? (nodes.at(-1) ?? this.oldest) : null;
    const fetched = nodes.map((conversation) => ({
      conversationId: conversation.id,
      conversation,
    }));
    this.set({ conversations: this.with([], [...fetched, ...this.changes]), hasMore });
  }

  /** Returns the list after the updates. When two states of one meet, the newer one stays. */
  private with(
    before: readonly ConversationSummary[],
    updates: readonly Update[],
  ): ConversationSummary[] {
    const list = new Map(before.map((one) => [one.id, one]));
    for (const { conversationId: id, conversation } of updates) {
      const known = list.get(id);
      if (known && conversation && known.lastSequence > conversation.lastSequence) continue;
      if (conversation && conversation.archived === this.archived) list.set(id, conversation);
      else list.delete(id);
    }
    const { oldest } = this;
    // What is older than the pages comes with the page that it is on.
    const isShown = (one: ConversationSummary) => !oldest || byActivity(one, oldest) <= 0;
    return [...list.values()].filter(isShown).sort(byActivity);
  }
}

function byActivity(one: ConversationSummary, other: ConversationSummary): number {
  const ms = Date.parse(other.updatedAt) - Date.parse(one.updatedAt);
  return ms || (one.id === other.id ? 0 : one.id < other.id ? 1 : -1);
}

export interface ConversationsActions {
  /** Loads the next page. Calls at the same time are one. */
  loadMore(): Promise<void>;
  /** Starts a conversation, or returns the one that these people have about the same listing. */
  start(input: StartConversationInput): Promise<ConversationPartsFragment>;
  archive(conversationId: string, archived?: boolean): Promise<void>;
  /** Mutes it until an ISO 8601 time; null ends that. */
  mute(conversationId: string, until: string | null): Promise<void>;
  leave(conversationId: string): Promise<void>;
}

function actionsOf({ client, sources }: Store, key: string): ConversationsActions {
  return {
    loadMore: async () => sources.of<ConversationList>(key)?.loadMore(),
    start: async (input) =>
      (await client.request(StartConversationDocument, { input })).startConversation.conversation,
    async archive(conversationId, archived = true) {
      await client.request(ArchiveConversationDocument, { input: { conversationId, archived } });
    },
    async mute(conversationId, until) {
      await client.request(MuteConversationDocument, { input: { conversationId, until } });
    },
    async leave(conversationId) {
      await client.request(LeaveConversationDocument, { input: { conversationId } });
    },
  };
}

export type ConversationsHook = ConversationsState & ConversationsActions;

/** The user's conversations, those that are archived or those that are not. */
export function useConversations({ archived = false } = {}): ConversationsHook {
  const store = useStore();
  const key = `conversations ${archived}`;
  const state = useShared(key, ({ client }) => new ConversationList(client, archived), LOADING);
  const actions = useMemo(() => actionsOf(store, key), [store, key]);
  return useMemo(() => ({ ...state, ...actions }), [state, actions]);
}
