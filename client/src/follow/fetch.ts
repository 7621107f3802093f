import type { ParleyClient } from '../client/client.js';
import { ParleyError } from '../client/parley.error.js';
import {
  ConversationDocument,
  ConversationOffersDocument,
  type ConversationOffersQuery,
  type ConversationOffersQueryVariables,
  ConversationSnapshotDocument,
  MessagesBeforeDocument,
  type OfferPartsFragment,
} from '../generated/graphql.js';
import type { Page } from './contents.js';
import type { Participant } from './room.js';

/** The most messages of one request, so that it stays below the server's limit of cost. */
export const MOST_MESSAGES = 40;

/** A conversation as it was fetched: complete up to `lastSequence`, perhaps newer in parts. */
export interface Fetched {
  page: Page;
  offers: readonly OfferPartsFragment[];
  participants: readonly Participant[];
  lastSequence: number;
}

/** Fetches the newest `size` messages, the participants and the offers of a conversation. */
export async function fetchConversation(
  client: ParleyClient,
  id: string,
  size: number,
  signal: AbortSignal,
): Promise<Fetched> {
  const last = Math.min(size, MOST_MESSAGES);
  const answer = await client.request(ConversationSnapshotDocument, { id, last }, { signal });
  const { messages, offers, participants, lastSequence } = existing(answer.conversation);
  let page = pageOf(messages);
  while (page.messages.length < size && page.hasEarlier) {
    const count = size - page.messages.length;
    const earlier = await fetchBefore(client, id, page.cursor, count, signal);
    page = { ...earlier, messages: [...earlier.messages, ...page.messages] };
  }
  const known = offers.nodes;
  const open = offers.pageInfo.hasNextPage ? await fetchOpenOffers(client, id, signal) : [];
  const others = open.filter((offer) => !known.some((one) => one.id === offer.id));
  return { page, offers: [...known, ...others], participants, lastSequence };
}

/** Fetches the messages before a cursor, at most `count` and at most what one request may cost. */
export async function fetchBefore(
  client: ParleyClient,
  id: string,
  before: string | null,
  count: number,
  signal?: AbortSignal,
): Promise<Page> {
  const last = Math.min(count, MOST_MESSAGES);
  const options = signal ? { signal } : {};
  const answer = await client.request(MessagesBeforeDocument, { id, last, before }, options);
  return pageOf(existing(answer.conversation).messages);
}

/** Fetches how far the conversation has come, and who takes part in it. */
export async function fetchHead(client: ParleyClient, id: string, signal: AbortSignal) {
  const { conversation } = await client.request(ConversationDocument, { id }, { signal });
  const { participants, lastSequence } = existing(conversation);
  return { participants, lastSequence };
}

async function fetchOpenOffers(client: ParleyClient, id: string, signal: AbortSignal) {
  const offers: OfferPartsFragment[] = [];
  const status = ['PENDING' as const, 'ACCEPTED' as const];
  for (let after: string | null = null; ; ) {
    const variables: ConversationOffersQueryVariables = { id, status, after };
    const answer: ConversationOffersQuery = await client.request(
      ConversationOffersDocument,
      variables,
      { signal },
    );
    const { nodes, pageInfo } = existing(answer.conversation).offers;
    offers.push(...nodes);
    if (!pageInfo.hasNextPage) return offers;
    after = pageInfo.endCursor ?? null;
  }
}

interface Connection {
  nodes: Page['messages'];
  pageInfo: { hasPreviousPage: boolean; startCursor?: string | null };
}

function pageOf({ nodes, pageInfo }: Connection): Page {
  const { hasPreviousPage: hasEarlier, startCursor: cursor = null } = pageInfo;
  return { messages: nodes, hasEarlier, cursor };
}

function existing<T>(conversation: T | null | undefined): T {
  if (conversation) return conversation;
  throw new ParleyError('FORBIDDEN', 'The conversation does not exist, or is not yours to see.');
}
