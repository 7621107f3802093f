import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { v7 as uuidv7 } from 'uuid';
import {
  AcceptOfferDocument,
  AddParticipantDocument,
  ArchiveConversationDocument,
  ConversationDocument,
  ConversationOffersDocument,
  CounterOfferDocument,
  CreateOfferDocument,
  DeclineOfferDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  LeaveConversationDocument,
  MarkReadDocument,
  MessageAddedDocument,
  MessagesDocument,
  MuteConversationDocument,
  OfferDocument,
  OfferUpdatedDocument,
  ReviseOfferDocument,
  SendMessageDocument,
  SetTypingDocument,
  TypingDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';

/** The ids that a stranger tries: real ones, or made up ones. */
interface Ids {
  conversationId: string;
  messageId: string;
  offerId: string;
}

type Attempt = [
  name: string,
  document: TypedDocumentNode<unknown, never>,
  variables: (ids: Ids) => object,
];
const attempt = <T, V>(
  name: string,
  document: TypedDocumentNode<T, V>,
  variables: (ids: Ids) => V,
): Attempt => [
  name,
  document as TypedDocumentNode<unknown, never>,
  variables as (ids: Ids) => object,
];

const items = [{ giverId: 'carol', kind: 'CREDITS' as const, amount: 1 }];

const REQUESTS: Attempt[] = [
  attempt('conversation', ConversationDocument, ({ conversationId: id }) => ({ id })),
  attempt('messages', MessagesDocument, ({ conversationId: id }) => ({ id })),
  attempt('offers', ConversationOffersDocument, ({ conversationId: id }) => ({ id })),
  attempt('offer', OfferDocument, ({ offerId: id }) => ({ id })),
  attempt('sendMessage', SendMessageDocument, ({ conversationId }) => ({
    input: { conversationId, content: 'hi' },
  })),
  attempt('editMessage', EditMessageDocument, ({ messageId }) => ({
    input: { messageId, content: 'hi' },
  })),
  attempt('deleteMessage', DeleteMessageDocument, ({ messageId }) => ({ input: { messageId } })),
  attempt('markRead', MarkReadDocument, ({ conversationId }) => ({
    input: { conversationId, sequence: 1 },
  })),
  attempt('setTyping', SetTypingDocument, ({ conversationId }) => ({
    input: { conversationId, isTyping: true },
  })),
  attempt('muteConversation', MuteConversationDocument, ({ conversationId }) => ({
    input: { conversationId, until: null },
  })),
  attempt('archiveConversation', ArchiveConversationDocument, ({ conversationId }) => ({
    input: { conversationId, archived: true },
  })),
  attempt('addParticipant', AddParticipantDocument, ({ conversationId }) => ({
    input: { conversationId, userId: 'carol' },
  })),
  attempt('leaveConversation', LeaveConversationDocument, ({ conversationId }) => ({
    input: { conversationId },
  })),
  attempt('createOffer', CreateOfferDocument, ({ conversationId }) => ({
    input: { conversationId, items },
  })),
  attempt('counterOffer', CounterOfferDocument, ({ offerId }) => ({
    input: { offerId, version: 1, items },
  })),
  attempt('reviseOffer', ReviseOfferDocument, ({ offerId }) => ({
    input: { offerId, version: 1, items },
  })),
  attempt('acceptOffer', AcceptOfferDocument, ({ offerId }) => ({
    input: { offerId, version: 1 },
  })),
  attempt('declineOffer', DeclineOfferDocument, ({ offerId }) => ({
    input: { offerId, version: 1 },
  })),
  attempt('withdrawOffer', WithdrawOfferDocument, ({ offerId }) => ({
    input: { offerId, version: 1 },
  })),
];

const SUBSCRIPTIONS: Attempt[] = [
  attempt('messageAdded', MessageAddedDocument, ({ conversationId }) => ({ conversationId })),
  attempt('messageAdded after', MessageAddedDocument, ({ conversationId }) => ({
    conversationId,
    after: 0,
  })),
  attempt('offerUpdated', OfferUpdatedDocument, ({ conversationId }) => ({ conversationId })),
  attempt('typing', TypingDocument, ({ conversationId }) => ({ conversationId })),
];

describe('a stranger', () => {
  let cluster: Cluster;
  let carol: Person;
  let real: Ids;
  const madeUp: Ids[] = [
    { conversationId: uuidv7(), messageId: uuidv7(), offerId: uuidv7() },
    { conversationId: 'nonsense', messageId: "'; drop table users", offerId: '' },
  ];

  beforeAll(async () => {
    cluster = await Cluster.start();
    const [alice, bob, stranger] = await cluster.persons('alice', 'bob', 'carol');
    carol = stranger!;
    const { id } = await conversationOf([alice!, bob!]);
    const message = await sendBy(alice!, id);
    const offer = await offerBy(alice!, id);
    real = { conversationId: id, messageId: message.id, offerId: offer.id };
  });
  afterAll(() => cluster.stop());

  test.each(REQUESTS)(
    'is told the same of what exists and of what does not: %s',
    async (_name, document, variables) => {
      const over = async (ids: Ids) => {
        const http = JSON.stringify(await carol.request(document, variables(ids) as never));
        const socket = JSON.stringify(await carol.askSocket(document, variables(ids) as never));
        return [http, socket];
      };
      const ofReal = await over(real);
      for (const answer of ofReal)
        expect(JSON.parse(answer).errors[0].extensions).toEqual({ code: 'FORBIDDEN' });
      for (const ids of madeUp) expect(await over(ids)).toEqual(ofReal);
    },
  );

  test.each(SUBSCRIPTIONS)(
    'cannot listen, and learns nothing by trying: %s',
    async (_name, document, variables) => {
      const end = async (ids: Ids) =>
        JSON.stringify(await carol.subscribe(document, variables(ids) as never).ended());
      const ofReal = await end(real);
      expect(JSON.parse(ofReal).errors[0].extensions).toEqual({ code: 'FORBIDDEN' });
      for (const ids of madeUp) expect(await end(ids)).toEqual(ofReal);
    },
  );
});
