/** A chat over Apollo Client: paging, live messages, receipts and offers. */
import { ApolloClient, InMemoryCache } from '@apollo/client';
import { createParleyClient, type ParleyClientOptions } from '@parley/client';
import { parleyLink, parleyTypePolicies } from '@parley/client/apollo';
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

type Conversation = NonNullable<MessagesQuery['conversation']>;

/** Opens the chat of one conversation. `show` is called with what is to be seen. */
export async function openChat(
  options: ParleyClientOptions,
  id: string,
  show: (conversation: Conversation) => void,
) {
  const parley = createParleyClient(options);
  const apollo = new ApolloClient({
    link: parleyLink(parley),
    cache: new InMemoryCache({ typePolicies: parleyTypePolicies() }),
  });
  const page = { id, last: 20 };
  const query = apollo.watchQuery({ query: MessagesDocument, variables: page });
  const watching = query.subscribe(({ data, dataState }) => {
    if (dataState === 'complete' && data.conversation) show(data.conversation);
  });
  const { data } = await apollo.query({ query: MessagesDocument, variables: page });
  const conversation = data?.conversation;
  if (!conversation) throw new Error('There is no such conversation.');
  const variables = { conversationId: id, after: conversation.lastSequence };
  const events = apollo.subscribe({ query: ConversationEventsDocument, variables }).subscribe({});
  const read = () =>
    apollo.readQuery({ query: MessagesDocument, variables: page })?.conversation?.messages;
  await apollo.query({ query: ConversationOffersDocument, variables: { id } });

  return {
    /** How many are not read, once the receipt is given. */
    async markRead() {
      const input = { conversationId: id, sequence: read()?.nodes.at(-1)?.sequence ?? 0 };
      const { data } = await apollo.mutate({ mutation: MarkReadDocument, variables: { input } });
      return data?.markRead.conversation.unreadCount;
    },
    loadEarlier: () =>
      query.fetchMore({ variables: { before: read()?.pageInfo.startCursor ?? null } }),
    send: (content: string) =>
      apollo.mutate({
        mutation: SendMessageDocument,
        variables: { input: { conversationId: id, content, clientMessageId: crypto.randomUUID() } },
      }),
    offer: (items: OfferItemInput[]) =>
      apollo.mutate({
        mutation: CreateOfferDocument,
        variables: { input: { conversationId: id, items } },
      }),
    offers: () =>
      apollo.readQuery({ query: ConversationOffersDocument, variables: { id } })?.conversation
        ?.offers.nodes ?? [],
    close() {
      watching.unsubscribe();
      events.unsubscribe();
      parley.dispose();
    },
  };
}
