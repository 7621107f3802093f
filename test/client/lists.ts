import type { InMemoryCache, Reference } from '@apollo/client';
import type { Modifier } from '@apollo/client/cache';
import { TalkedConversationFragmentDoc } from '../generated/graphql';
import { withNodes } from './cache';

/*
 * Which objects a cache's lists have. Never what the objects are: whoever puts one into a list may have an old state
 * of it in hand.
 */

/** Gives a conversation its lists, empty where nothing is known. */
export function openLists(cache: InMemoryCache, conversationId: string): void {
  const lists = {
    messages: { __typename: 'MessageConnection' as const, nodes: [] },
    offers: { __typename: 'OfferConnection' as const, nodes: [] },
  };
  cache.writeFragment({
    fragment: TalkedConversationFragmentDoc,
    fragmentName: 'TalkedConversation',
    id: `Conversation:${conversationId}`,
    data: { __typename: 'Conversation', id: conversationId, ...lists },
  });
}

/** @param ref the object's id in the cache */
export function addToList(cache: InMemoryCache, owner: string, list: string, ref: string): void {
  const add: Modifier<{ nodes: readonly Reference[] }> = (existing) => ({
    ...existing,
    nodes: withNodes(existing.nodes, [{ __ref: ref }]),
  });
  cache.modify({ id: owner, fields: { [list]: add as Modifier<unknown> } });
}
