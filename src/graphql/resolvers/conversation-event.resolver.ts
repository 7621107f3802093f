import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
  Subscription,
} from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import { BadUserInputError } from '../../errors';
import { CONVERSATION_EVENT_KINDS, type ConversationEventKind, type LogEvent } from '../../events';
import { DateTime } from '../../input/scalars';
import { checkSequence } from '../../input/sequence';
import { Message } from '../../message/message.entity';
import { Offer, OfferAction } from '../../offer/offer.entity';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { DependsOn } from '../depends-on';
import { joinedSequence, seenFrom, seesOffer } from '../participation';
import { LogArgs } from '../streams/log.args';
import { logStream, messageUpdateStream } from '../streams/log.streams';

/** The most events in one answer. */
const MAX_EVENTS = 500;

const EventKind = Object.fromEntries(CONVERSATION_EVENT_KINDS.map((kind) => [kind, kind]));
registerEnumType(EventKind, {
  name: 'ConversationEventKind',
  description: 'What became true.',
  valuesConfig: {
    MESSAGE_ADDED: { description: 'A message was sent.' },
    MESSAGE_DELETED: { description: 'A message was deleted.' },
    MESSAGE_EDITED: { description: 'A message was edited.' },
    OFFER_UPDATED: { description: 'An offer was made or moved on: `offerAction` says how.' },
    PARTICIPANT_ADDED: { description: 'A person was added to the group.' },
    PARTICIPANT_REMOVED: { description: 'A person left, was removed or was deactivated.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description:
    "One event of a conversation's log, as it was; what it links to shows its present state.",
})
export class ConversationEvent {
  @Field(() => ID, { description: 'The conversation whose log it is in.' })
  conversationId!: string;

  @Field(() => Int, { description: '1, 2, 3 … without a gap in each conversation.' })
  sequence!: number;

  @Field(() => EventKind, { description: 'What became true.' })
  kind!: ConversationEventKind;

  @Field(() => OfferAction, { nullable: true, description: 'OFFER_UPDATED.' })
  offerAction!: string | null;

  @Field(() => DateTime, { description: "When it became true, by the database's clock." })
  at!: string;
}

@ObjectType({ simpleResolvers: true, description: 'A message was edited or deleted.' })
class MessageUpdate {
  @Field(() => Int, { description: 'Place of the edit or deletion in the log.' })
  sequence!: number;

  @Field(() => EventKind, { description: 'MESSAGE_EDITED or MESSAGE_DELETED.' })
  kind!: ConversationEventKind;

  @Field(() => Message, { description: 'The message as it is now.' })
  message!: Message;
}

@Resolver(() => ConversationEvent)
export class ConversationEventResolver {
  @FieldResolver(() => User, {
    nullable: true,
    description: 'Null when the system or the platform acted.',
  })
  async actor(@Root() event: LogEvent, @Ctx() context: Context): Promise<User | null> {
    return event.actorId === null ? null : context.loaders.user.load(event.actorId);
  }

  @DependsOn('members')
  @FieldResolver(() => Message, {
    nullable: true,
    description:
      'MESSAGE_ADDED, MESSAGE_EDITED, MESSAGE_DELETED. Null too where it is not yours to see: ' +
      'from before you joined.',
  })
  async message(@Root() event: LogEvent, @Ctx() context: Context): Promise<Message | null> {
    if (event.messageId === null) return null;
    const message = await context.loaders.message.load(event.messageId);
    // This event added the message: a caller who sees the event sees the message, too.
    if (message.sequence === event.sequence) return message;
    const from = await seenFrom(context, event.conversationId);
    return from !== null && message.sequence > from ? message : null;
  }

  @DependsOn('founders')
  @FieldResolver(() => Offer, {
    nullable: true,
    description:
      'OFFER_UPDATED. Null too where it is not yours to see: from before you joined, and you are ' +
      'no party to it.',
  })
  async offer(@Root() event: LogEvent, @Ctx() context: Context): Promise<Offer | null> {
    if (event.offerId === null) return null;
    const offer = await context.loaders.offer.load(event.offerId);
    // This event made the offer: a caller who sees the event sees the offer, too.
    if (event.offerAction === OfferAction.CREATE) return offer;
    return (await seesOffer(context, offer)) ? offer : null;
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'PARTICIPANT_ADDED, PARTICIPANT_REMOVED.',
  })
  async participant(@Root() event: LogEvent, @Ctx() context: Context): Promise<User | null> {
    return event.participantId === null ? null : context.loaders.user.load(event.participantId);
  }

  @Subscription(() => ConversationEvent, {
    subscribe: ({ args, context }) =>
      logStream(context, args, CONVERSATION_EVENT_KINDS, args.viewing),
    description:
      'The whole log of one conversation as one stream, in order and once; after `after` if ' +
      'given, else from now on.',
  })
  conversationEvents(
    @Root() event: LogEvent,
    @Arg('conversationId', () => ID, { description: 'A conversation of yours.' })
    _conversationId: string,
    @Arg('after', () => Int, {
      nullable: true,
      description: 'The position from which to go on; null for now.',
    })
    _after: number | null,
    @Arg('viewing', () => Boolean, {
      defaultValue: true,
      description: 'Whether you have the conversation open.',
    })
    _viewing: boolean,
  ): LogEvent {
    return event;
  }

  @Subscription(() => MessageUpdate, {
    subscribe: ({ args, context }) => messageUpdateStream(context, args),
    description:
      'Edits and deletions of the messages that you see, in one conversation, in order and ' +
      'once; without `conversationId` in all of yours, live.',
  })
  async messageUpdated(
    @Root() event: LogEvent,
    @Args(() => LogArgs) _args: LogArgs,
    @Ctx() context: Context,
  ): Promise<MessageUpdate> {
    return {
      sequence: event.sequence,
      kind: event.kind,
      message: await context.loaders.message.load(event.messageId!),
    };
  }
}

@Resolver(() => Conversation)
export class ConversationLogResolver {
  @DependsOn('members')
  @FieldResolver(() => [ConversationEvent], {
    description: 'The log, in order: what has a greater sequence than `after`. At most 500.',
  })
  async events(
    @Root() conversation: Conversation,
    @Arg('after', () => Int, {
      defaultValue: 0,
      description: 'The sequence after which to begin; 0 is the beginning.',
    })
    after: number,
    @Arg('first', () => Int, { defaultValue: 100, description: 'How many events: 1 to 500.' })
    first: number,
    @Ctx() context: Context,
  ): Promise<LogEvent[]> {
    if (first < 1 || first > MAX_EVENTS)
      throw new BadUserInputError('first', `must be between 1 and ${MAX_EVENTS}`);
    checkSequence('after', after);
    const from = Math.max(after, await joinedSequence(context, conversation.id));
    return context.loaders.events({ conversationId: conversation.id, after: from }, first);
  }
}
