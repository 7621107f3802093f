import type { Session } from '../auth/authenticator';
import type { UserDirectory } from '../auth/user.directory';
import type { Viewer } from '../auth/viewer';
import type { ConversationAccess } from '../conversation/conversation.access';
import type { ConversationService } from '../conversation/conversation.service';
import type { Hub } from '../delivery/hub';
import type { InboxLog } from '../delivery/inbox';
import type { ConversationLog } from '../delivery/log';
import { UnauthenticatedError } from '../errors';
import type { Logger } from '../logger';
import type { BlockService } from '../membership/block.service';
import type { MembershipService } from '../membership/membership.service';
import type { MessageService } from '../message/message.service';
import type { CustomEventService } from '../notification/custom-event.service';
import type { NotificationService } from '../notification/notification.service';
import type { OfferReader } from '../offer/offer.reader';
import type { OfferService } from '../offer/offer.service';
import type { PresenceService } from '../presence/presence.service';
import type { TypingService } from '../presence/typing.service';
import { createLoaders, type Loaders } from './loaders';

/** What the resolvers call. Resolvers hold no state, so it comes through the context. */
export interface Services {
  users: UserDirectory;
  access: ConversationAccess;
  conversations: ConversationService;
  messages: MessageService;
  offers: OfferService;
  offerReader: OfferReader;
  memberships: MembershipService;
  blocks: BlockService;
  notifications: NotificationService;
  customEvents: CustomEventService;
  presence: PresenceService;
  typing: TypingService;
  hub: Hub;
  log: ConversationLog;
  inboxLog: InboxLog;
}

/** The WebSocket on which an operation came. */
export interface ConnectionHandle {
  readonly id: string;
  /** Ends the connection with 1013: its reader cannot keep up, and shall resume. */
  overflow(): void;
  /** Ends the connection with 1013: an event cannot be delivered now, so that its client resumes before it. */
  interrupt(): void;
  /** Whether it still stands: neither side has begun to close it. */
  readonly isOpen: boolean;
  /** Events that may wait for the reader of one subscription. */
  readonly queueLimit: number;
}

/** What one operation knows: who asks, with what, and its own loaders. */
export class Context {
  loaders: Loaders;

  constructor(
    readonly services: Services,
    /** Null: nobody said who they are. */
    private readonly session: Session | null,
    readonly requestId: string,
    readonly log: Logger,
    /** Null: over HTTP. */
    readonly connection: ConnectionHandle | null = null,
  ) {
    this.loaders = createLoaders(this.services);
  }

  /** @throws {UnauthenticatedError} nobody said who they are */
  get viewer(): Viewer {
    if (!this.session) throw new UnauthenticatedError();
    return this.session.viewer;
  }

  get authenticated(): boolean {
    return this.session !== null;
  }

  /** Forgets what was loaded: a mutation after another one sees what that one did. */
  refresh(): void {
    this.loaders = createLoaders(this.services);
  }

  /** The same asker with fresh loaders: each event of a subscription sees the present, not an earlier event's. */
  forEvent(): Context {
    return new Context(this.services, this.session, this.requestId, this.log, this.connection);
  }
}
