import { ApolloClient, InMemoryCache } from '@apollo/client';
import { CombinedGraphQLErrors } from '@apollo/client/errors';
import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { createParleyClient, type ParleyClient, ParleyError } from '@parley/client';
import { parleyLink, parleyTypePolicies } from '@parley/client/apollo';
import type { Subscription } from 'rxjs';
import WebSocket from 'ws';
import {
  AnyMessageAddedDocument,
  AnyMessageUpdatedDocument,
  AnyOfferUpdatedDocument,
  ConversationUpdatedDocument,
  type ConversationUpdatedSubscription,
  InboxDocument,
  InboxPageDocument,
  InboxUpdatedDocument,
  ListPageDocument,
  MessagesReadDocument,
  NotificationAddedDocument,
  TalkPageDocument,
  UserPresenceDocument,
} from '../generated/graphql';
import type { Deed } from '../support/deeds';
import type { Person } from '../support/person';
import { conversationsIn } from './snapshot';

/** One device as a frontend would build it: it fetches once, then knows what its mutations and subscriptions tell. */
export class Device {
  readonly cache = new InMemoryCache({ typePolicies: parleyTypePolicies() });
  /** How many events of each subscription have come. */
  readonly heard = new Map<string, number>();
  /** What should not have happened. */
  readonly complaints: unknown[] = [];
  private readonly parley: ParleyClient;
  private readonly apollo: ApolloClient;
  private readonly subscriptions: Subscription[] = [];
  private presence: Subscription | null = null;
  private watched = '';

  /** @param late what the next answer to a request waits for, and what comes over the socket does not */
  constructor(
    readonly person: Person,
    late: () => Promise<unknown> = async () => {},
  ) {
    this.parley = createParleyClient({
      url: `${person.node.url}/graphql`,
      token: person.token!,
      webSocketImpl: WebSocket,
      fetch: (...request) => lateFetch(late(), request),
    });
    this.apollo = new ApolloClient({ cache: this.cache, link: parleyLink(this.parley) });
  }

  /** Takes the seats. From when on they are in force nothing announces: see `heard`. */
  listen(): void {
    this.follow(ConversationUpdatedDocument, {}, ({ conversationUpdated }) =>
      this.listChanged(conversationUpdated),
    );
    this.follow(InboxUpdatedDocument, {});
    this.follow(NotificationAddedDocument, { after: 0 });
    this.follow(AnyMessageAddedDocument, {});
    this.follow(AnyMessageUpdatedDocument, {});
    this.follow(AnyOfferUpdatedDocument, {});
    this.follow(MessagesReadDocument, {});
  }

  /** Asks once for everything, which from now on is kept right by listening. */
  async start(): Promise<void> {
    await this.fetch();
    this.watch();
  }

  /** Asks for everything. */
  async fetch(): Promise<void> {
    await this.ask(InboxDocument, {});
    for (const archived of [false, true])
      for (let after: string | null | undefined; ; ) {
        const { conversations } = await this.ask(ListPageDocument, { archived, after });
        for (const { id } of conversations.nodes) await this.fetchTalk(id);
        if (!conversations.pageInfo.hasNextPage) break;
        after = conversations.pageInfo.endCursor;
      }
    for (let after: string | null | undefined; ; ) {
      const { notifications } = await this.ask(InboxPageDocument, { after });
      if (!notifications.pageInfo.hasNextPage) break;
      after = notifications.pageInfo.endCursor;
    }
  }

  /** A mutation; its answer goes into the cache. Gives the code of its refusal. */
  async do({ document, input }: Deed): Promise<string | null> {
    const { error } = await this.apollo.mutate({
      mutation: document,
      variables: { input },
      errorPolicy: 'all',
    });
    return error ? codeOf(error) : null;
  }

  async stop(): Promise<void> {
    for (const one of this.subscriptions) one.unsubscribe();
    this.apollo.stop();
    this.parley.dispose();
  }

  /** Asks for the pages of one conversation, from the newest back. */
  private async fetchTalk(id: string): Promise<void> {
    for (let before: string | null | undefined, after: string | null | undefined; ; ) {
      const { conversation } = await this.ask(TalkPageDocument, { id, before, after });
      const { messages, offers } = conversation!;
      if (!messages.pageInfo.hasPreviousPage && !offers.pageInfo.hasNextPage) return;
      before = messages.pageInfo.startCursor ?? before;
      after = offers.pageInfo.endCursor ?? after;
    }
  }

  private async ask<T, V extends Record<string, unknown>>(
    query: TypedDocumentNode<T, V>,
    variables: V,
  ): Promise<T> {
    const { data } = await this.apollo.query({ query, variables, fetchPolicy: 'network-only' });
    return data as T;
  }

  private follow<T, V extends Record<string, unknown>>(
    query: TypedDocumentNode<T, V>,
    variables: V,
    take: (data: T) => void = () => {},
  ): Subscription {
    const name = (query.definitions[0] as { name?: { value: string } }).name!.value;
    const subscription = this.apollo.subscribe({ query, variables, errorPolicy: 'all' }).subscribe({
      next: ({ data, error }) => {
        this.heard.set(name, (this.heard.get(name) ?? 0) + 1);
        if (data) take(data as T);
        if (error) this.complain(error);
      },
      error: (error) => this.complaints.push(error),
    });
    this.subscriptions.push(subscription);
    return subscription;
  }

  private listChanged({
    change,
    conversationId,
    conversation,
  }: ConversationUpdatedSubscription['conversationUpdated']): void {
    if (change === 'REMOVED') {
      this.cache.evict({ id: `Conversation:${conversationId}` });
    } else if (conversation && change === 'ADDED') this.joined(conversationId);
    this.watch();
  }

  /** Nothing is loaded of it yet, and offers from before are told by no event. */
  private joined(id: string): void {
    this.fetchTalk(id).catch((error: unknown) => this.complain(error));
  }

  /** What had just been left when it was looked at is no complaint: the next event says so. */
  private complain(error: unknown): void {
    if (codeOf(error) !== 'FORBIDDEN') this.complaints.push(error);
  }

  /** Watches all whom one talks with, anew whenever somebody joins: of whom one begins to know no event tells. */
  private watch(): void {
    // Of a conversation that it has left, or not fetched yet, it may know the id alone.
    const parts = conversationsIn(this.cache).flatMap(({ participants }) => participants ?? []);
    const watched = parts.map((part) => `${part.id} ${part.joinedSequence}`).sort();
    if (`${watched}` === this.watched) return;
    this.watched = `${watched}`;
    // First: what it is still telling may be older than what the next one begins with.
    this.presence?.unsubscribe();
    const userIds = [...new Set(parts.map(({ user }) => user.id))];
    this.presence = this.follow(UserPresenceDocument, { userIds });
  }
}

function codeOf(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) return String(error.errors[0]!.extensions?.code);
  return error instanceof ParleyError ? error.code : String(error);
}

/** The answer is as it was, and comes later. */
async function lateFetch(
  late: Promise<unknown>,
  request: Parameters<typeof fetch>,
): Promise<Response> {
  const [response] = await Promise.all([fetch(...request), late]);
  return response;
}
