import { useMemo } from 'react';
import { LatestAnswers } from '../cache/latest.answers.js';
import type { ParleyClient } from '../client/client.js';
import type { RequestOptions } from '../client/operation.js';
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
import { useShared, useStore } from './context.js';
import { PAGE_SIZE, PagedSource } from './paged.source.js';
import { LOADING, type Paged, type Paging } from './state.js';
import type { Store } from './store.js';

export type ConversationSummary = NonNullable<
  ConversationUpdatedSubscription['conversationUpdated']['conversation']
>;
type Update = Pick<
  ConversationUpdatedSubscription['conversationUpdated'],
  'conversationId' | 'conversation'
>;

export interface ConversationsState extends Paged {
  /** Newest activity first. */
  readonly conversations: readonly ConversationSummary[];
}

const NONE: ConversationsState = { ...LOADING, conversations: [], hasMore: false };

class ConversationList extends PagedSource<
  ConversationsState,
  ConversationSummary,
  ConversationsQuery['conversations']
> {
  /** Changes that came while pages were being fetched, which may be older. */
  private changes: Update[] = [];
  private readonly answers = new LatestAnswers({
    nodes: 'Conversation',
    conversation: 'Conversation',
  });
  /** The oldest conversation of the pages that were fetched, as it was then; null: it has all. */
  private oldest: ConversationSummary | null = null;

  constructor(
    client: ParleyClient,
    private readonly archived: boolean,
  ) {
    super(client, NONE);
    const latest = this.answers.begin('subscription');
    this.hear(
      ConversationUpdatedDocument,
      () => ({}),
      (data) => {
        const { conversationUpdated } = latest(data);
        this.changes = this.isSyncing || this.more ? [...this.changes, conversationUpdated] : [];
        this.set({ conversations: this.with(this.nodes, [conversationUpdated]) });
      },
    );
  }

  protected get nodes(): readonly ConversationSummary[] {
    return this.state.conversations;
  }

  protected override async fetch(signal: AbortSignal): Promise<void> {
    // A page that is being fetched needs the changes since it was asked for.
    if (!this.more) this.changes = [];
    await this.fetchPages(signal);
  }

  protected async fetchPage(after: string | null, options: RequestOptions) {
    const variables = { archived: this.archived, first: PAGE_SIZE, after };
    const latest = this.answers.begin('query');
    const answer = await this.client.request(ConversationsDocument, variables, options);
    return latest(answer).conversations;
  }

  protected show(nodes: ConversationSummary[], hasMore: boolean): void {
    this.oldest = hasMore ? (nodes.at(-1) ?? this.oldest) : null;
    const fetched = new Map<string, ConversationSummary>();
    for (const one of nodes) if (!isOlder(one, fetched.get(one.id))) fetched.set(one.id, one);
    this.set({ conversations: this.with(fetched.values(), this.changes, fetched), hasMore });
  }

  /**
   * Returns the list after the updates. When two states of one meet, the newer one stays.
   *
   * @param fetched those that were fetched while the updates came, which have the latest values of
   *   their fields already: an update changes one of them only if it is newer
   */
  private with(
    before: Iterable<ConversationSummary>,
    updates: Update[],
    fetched?: ReadonlyMap<string, ConversationSummary>,
  ): ConversationSummary[] {
    const list = new Map([...before].map((one) => [one.id, one]));
    for (const { conversationId: id, conversation } of updates) {
      const known = list.get(id);
      const isFetched = known !== undefined && known === fetched?.get(id);
      if (!conversation) list.delete(id);
      else if (isFetched ? isOlder(known, conversation) : !isOlder(conversation, known))
        list.set(id, conversation);
    }
    const { archived, oldest } = this;
    // Conversations older than the loaded pages come with the page that they are on.
    const isShown = (one: ConversationSummary) =>
      one.archived === archived && (!oldest || byActivity(one, oldest) <= 0);
    return [...list.values()].filter(isShown).sort(byActivity);
  }
}

function isOlder(one: ConversationSummary, other: ConversationSummary | undefined): boolean {
  return other !== undefined && one.lastSequence < other.lastSequence;
}

function byActivity(one: ConversationSummary, other: ConversationSummary): number {
  const ms = Date.parse(other.updatedAt) - Date.parse(one.updatedAt);
  return ms || (one.id === other.id ? 0 : one.id < other.id ? 1 : -1);
}

export interface ConversationsActions extends Paging {
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
  const state = useShared(key, ({ client }) => new ConversationList(client, archived), NONE);
  const actions = useMemo(() => actionsOf(store, key), [store, key]);
  return useMemo(() => ({ ...state, ...actions }), [state, actions]);
}
