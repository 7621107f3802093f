import type { Bus } from '../bus/bus';
import type { ConversationAccess } from '../conversation/conversation.access';
import type { ConversationReader } from '../conversation/conversation.reader';
import { BadUserInputError, UnknownUserError } from '../errors';
import { type CustomEmitted, topics } from '../events';
import { checkDepth, checkText, SHORT_TEXT_LENGTH } from '../input/text';
import { type Caller, requireService } from '../people/caller';
import type { UserDirectory } from '../people/user.directory';

/** An event of the host platform, for either a conversation or a user. */
export interface EmitEvent {
  conversationId?: string | null;
  userId?: string | null;
  name: string;
  data?: unknown;
}

/**
 * Publishes events of the host platform's other modules. They are hints: stored nowhere, and
 * delivered at most once.
 */
export class CustomEventService {
  constructor(
    private readonly access: ConversationAccess,
    private readonly conversations: ConversationReader,
    private readonly users: UserDirectory,
    private readonly bus: Bus,
  ) {}

  /**
   * Publishes the event to its conversation and that conversation's present participants, or to its
   * user. Only clients that are subscribed now receive it.
   *
   * @throws {ForbiddenError} when the caller is not a service token, or there is no such
   *   conversation
   * @throws {NotFoundError} when the user is unknown or deactivated
   * @throws {BadUserInputError} when there is not exactly one of `conversationId` and `userId`, or
   *   the name or the data breaks a rule
   */
  async emit(
    caller: Caller,
    { conversationId = null, userId = null, name, data = null }: EmitEvent,
  ): Promise<void> {
    requireService(caller);
    checkText('input.name', name, { most: SHORT_TEXT_LENGTH });
    checkDepth('input.data', data);
    if ((conversationId === null) === (userId === null))
      throw new BadUserInputError(
        'input.conversationId',
        'or input.userId is required, and not both',
      );
    const event: CustomEmitted = {
      name: 'custom.emitted',
      event: name,
      conversationId,
      data,
      at: new Date().toISOString(),
    };
    const audience =
      conversationId === null
        ? [await this.userTopic(userId!)]
        : await this.topicsOf(caller, conversationId);
    this.bus.publish(audience.map((topic) => ({ topic, event })));
  }

  private async userTopic(userId: string): Promise<string> {
    if (!(await this.users.isActive(userId))) throw new UnknownUserError();
    return topics.user(userId);
  }

  private async topicsOf(caller: Caller, conversationId: string): Promise<string[]> {
    await this.access.read(caller, conversationId);
    const [present] = await this.conversations.participantsOf([conversationId]);
    return [topics.conversation(conversationId), ...present!.map((one) => topics.user(one.userId))];
  }
}
