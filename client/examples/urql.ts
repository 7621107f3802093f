/** A chat over urql: paging, live messages, receipts and offers. */
import { createParleyClient, type ParleyClientOptions } from '@parley/client';
import {
  ConversationEventsDocument,
  ConversationOffersDocument,
  CreateOfferDocument,
  MarkReadDocument,
  MessagesDocument,
  type MessagesQuery,
  type OfferItemInput,
  SendMessageDocument,
} from '@parley/client/documents';
import { parleyCache, parleyExchange } from '@parley/client/urql';
import { Client } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';

type Conversation = NonNullable<MessagesQuery['conversation']>;

/** Opens the chat of one conversation. `show` is called with what is to be seen. */
export async function openChat(
  options: ParleyClientOptions,
  id: string,
  show: (conversation: Conversation) => void,
) {
  const parley = createParleyClient(options);
  const urql = new Client({
    url: parley.url,
    preferGetMethod: false,
    exchanges: [cacheExchange(parleyCache()), parleyExchange(parley)],
  });
  const page = { id, last: 20 };
  const { data } = await urql.query(MessagesDocument, page).toPromise();
  let conversation = data?.conversation;
  if (!conversation) throw new Error('There is no such conversation.');
  const watching = urql.query(MessagesDocument, page).subscribe(({ data }) => {
    if (!data?.conversation) return;
    conversation = data.conversation;
    show(conversation);
  });
  const variables = { conversationId: id, after: conversation.lastSequence };
  const events = urql.subscription(ConversationEventsDocument, variables).subscribe(() => {});
  await urql.query(ConversationOffersDocument, { id }).toPromise();

  return {
    /** How many are not read, once the receipt is given. */
    async markRead() {
      const sequence = conversation?.messages.nodes.at(-1)?.sequence ?? 0;
      const input = { conversationId: id, sequence };
      const { data } = await urql.mutation(MarkReadDocument, { input }).toPromise();
      return data?.markRead.conversation.unreadCount;
    },
    loadEarlier() {
      const before = conversation?.messages.pageInfo.startCursor ?? null;
      return urql.query(MessagesDocument, { ...page, before }).toPromise();
    },
    send(content: string) {
      const clientMessageId = crypto.randomUUID();
      const input = { conversationId: id, content, clientMessageId };
      return urql.mutation(SendMessageDocument, { input }).toPromise();
    },
    offer(items: OfferItemInput[]) {
      const input = { conversationId: id, items };
      return urql.mutation(CreateOfferDocument, { input }).toPromise();
    },
    offers: () =>
      urql.readQuery(ConversationOffersDocument, { id })?.data?.conversation?.offers.nodes ?? [],
    close() {
      watching.unsubscribe();
      events.unsubscribe();
      parley.dispose();
    },
  };
}
