import { BlockResolver } from './block.resolver';
import { ConversationResolver } from './conversation.resolver';
import { ConversationEventResolver, ConversationLogResolver } from './conversation-event.resolver';
import { ConversationListResolver } from './conversation-list.resolver';
import { CustomEventResolver } from './custom-event.resolver';
import { MessageResolver } from './message.resolver';
import {
  MarkNotificationsReadPayloadResolver,
  NotificationResolver,
} from './notification.resolver';
import { OfferItemResolver, OfferResolver, OfferTransitionResolver } from './offer.resolver';
import { ParticipantResolver } from './participant.resolver';
import { MarkReadPayloadResolver, ReadReceiptResolver } from './receipt.resolver';
import { SessionResolver } from './session.resolver';
import { TypingResolver } from './typing.resolver';
import { PresenceResolver, UserResolver } from './user.resolver';
import { ViewerResolver } from './viewer.resolver';

/** The resolvers of the schema. What a class declares that is not in this list does not exist. */
export const RESOLVERS = [
  UserResolver,
  PresenceResolver,
  ConversationResolver,
  ParticipantResolver,
  MarkReadPayloadResolver,
  ConversationLogResolver,
  ConversationEventResolver,
  MessageResolver,
  OfferResolver,
  OfferItemResolver,
  OfferTransitionResolver,
  TypingResolver,
  ViewerResolver,
  ReadReceiptResolver,
  ConversationListResolver,
  NotificationResolver,
  MarkNotificationsReadPayloadResolver,
  BlockResolver,
  CustomEventResolver,
  SessionResolver,
] as const;
