import type { ConversationAccess } from '../conversation/conversation.access';
import type { ConversationReader } from '../conversation/conversation.reader';
import type { ConversationService } from '../conversation/conversation.service';
import type { ParticipationService } from '../conversation/participation.service';
import type { ReadingMarks } from '../conversation/reading.marks';
import type { Hub } from '../delivery/hub';
import type { ConversationLog } from '../log/conversation.log';
import type { InboxLog } from '../log/inbox.log';
import type { LogEpoch } from '../log/log.epoch';
import type { MembershipService } from '../membership/membership.service';
import type { MessageReader } from '../message/message.reader';
import type { MessageService } from '../message/message.service';
import type { NotificationService } from '../notification/notification.service';
import type { OfferReader } from '../offer/offer.reader';
import type { OfferService } from '../offer/offer.service';
import type { BlockService } from '../people/block.service';
import type { RevocationService } from '../people/revocation.service';
import type { UserDirectory } from '../people/user.directory';
import type { CustomEventService } from '../platform/custom-event.service';
import type { PresenceReader } from '../presence/presence.reader';
import type { PresenceService } from '../presence/presence.service';
import type { TypingService } from '../presence/typing.service';

/** The users: their profiles, their blocks, and which of their tokens are revoked. */
export interface PeopleServices {
  users: UserDirectory;
  blocks: BlockService;
  revocations: RevocationService;
}

/** Conversations and their participants. Every access to a conversation goes through `access`. */
export interface ConversationServices {
  access: ConversationAccess;
  service: ConversationService;
  participations: ParticipationService;
  reader: ConversationReader;
  marks: ReadingMarks;
  memberships: MembershipService;
}

export interface MessageServices {
  service: MessageService;
  reader: MessageReader;
}

export interface OfferServices {
  service: OfferService;
  reader: OfferReader;
}

/** The users who are online, viewing or typing now, over all nodes. */
export interface PresenceServices {
  service: PresenceService;
  reader: PresenceReader;
  typing: TypingService;
}

/** The sources of subscriptions: the logs, and the hub that brings events to this node's seats. */
export interface DeliveryServices {
  hub: Hub;
  log: ConversationLog;
  inboxLog: InboxLog;
  epoch: LogEpoch;
}

/**
 * All services that resolvers call, by noun. Resolvers hold no state, so they reach the services
 * through the context.
 */
export interface Services {
  people: PeopleServices;
  conversations: ConversationServices;
  messages: MessageServices;
  offers: OfferServices;
  notifications: NotificationService;
  presence: PresenceServices;
  platform: { customEvents: CustomEventService };
  delivery: DeliveryServices;
}
