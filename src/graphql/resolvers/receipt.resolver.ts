import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import { Participant } from '../../conversation/participant.entity';
import { DateTime } from '../../input/scalars';
import { Inbox } from '../../notification/notification.entity';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { type ReadMark, readMarkStream } from '../streams/receipt.stream';

@ObjectType({ simpleResolvers: true, description: 'How far somebody has read.' })
export class ReadReceipt {
  @Field(() => ID, { description: 'The id of the conversation that was read.' })
  conversationId!: string;

  @Field(() => Int, { description: 'Everything up to here is read.' })
  lastReadSequence!: number;

  @Field(() => DateTime, { description: 'When they joined, while nothing was read.' })
  readAt!: string;

  @Field(() => Participant, { description: 'The same, as the participant whom a cache knows.' })
  participant!: Participant;
}

@InputType({ description: 'How far you have read which conversation.' })
class MarkReadInput {
  @Field(() => ID, { description: 'A conversation of yours.' })
  conversationId!: string;

  @Field(() => Int, {
    description:
      "The last one that the person has seen; greater than the log's end counts as the end.",
  })
  sequence!: number;
}

@ObjectType({ simpleResolvers: true, description: 'How far you have read now.' })
class MarkReadPayload {
  @Field(() => Conversation, { description: 'The conversation, with its new `unreadCount`.' })
  conversation!: Conversation;

  @Field(() => ReadReceipt, { description: 'How far you have read, as the others see it.' })
  receipt!: ReadMark;
}

@Resolver(() => ReadReceipt)
export class ReadReceiptResolver {
  @Mutation(() => MarkReadPayload, {
    description: 'Moves your reading mark forward; backward changes nothing.',
  })
  async markRead(
    @Arg('input', () => MarkReadInput, {
      description: 'The conversation, and how far you have read.',
    })
    { conversationId, sequence }: MarkReadInput,
    @Ctx() context: Context,
  ): Promise<MarkReadPayload> {
    const { participations } = context.services.conversations;
    const { conversation, participant } = await participations.markRead(
      context.caller,
      conversationId,
      sequence,
    );
    const { userId, lastReadSequence, lastReadAt, joinedAt } = participant;
    const readAt = (lastReadAt ?? joinedAt).toISOString();
    const receipt = { conversationId, userId, lastReadSequence, readAt, participant };
    return { conversation, receipt };
  }

  @FieldResolver(() => User, { description: 'Who has read.' })
  user(@Root() mark: ReadMark, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(mark.userId);
  }

  @FieldResolver(() => Conversation, { description: 'The conversation that was read.' })
  conversation(@Root() mark: ReadMark, @Ctx() context: Context): Promise<Conversation> {
    return context.loaders.conversation.load(mark.conversationId);
  }

  @Subscription(() => ReadReceipt, {
    subscribe: ({ args, context }) => readMarkStream(context, args.conversationId ?? null),
    description:
      'How far people have read, as it changes, by reading or by writing; live. Your own other ' +
      'devices included. Without `conversationId` in all of yours.',
  })
  messagesRead(
    @Root() mark: ReadMark,
    @Arg('conversationId', () => ID, {
      nullable: true,
      description: 'A conversation of yours; null for all.',
    })
    _conversationId: string | null,
  ): ReadMark {
    return mark;
  }
}

@Resolver(() => MarkReadPayload)
export class MarkReadPayloadResolver {
  @FieldResolver(() => Inbox, { description: 'Your badges after it.' })
  inbox(@Root() { receipt }: MarkReadPayload, @Ctx() context: Context): Promise<Inbox> {
    return context.loaders.inbox.load(receipt.userId);
  }
}
