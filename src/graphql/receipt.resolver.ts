import { Arg, Ctx, Field, FieldResolver, ID, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { User } from '../auth/user.entity';
import { Conversation } from '../conversation/conversation.entity';
import { Participant } from '../conversation/participant.entity';
import { DateTime } from '../scalars';
import type { Context } from './context';
import { type ReadMark, readMarkStream } from './conversation.streams';

@ObjectType({ simpleResolvers: true, description: 'How far somebody has read.' })
export class ReadReceipt {
  @Field(() => ID)
  conversationId!: string;

  @Field(() => Int)
  lastReadSequence!: number;

  @Field(() => DateTime, { description: 'When they joined, while nothing was read.' })
  readAt!: string;

  @Field(() => Participant)
  participant!: Participant;
}

@Resolver(() => ReadReceipt)
export class ReadReceiptResolver {
  @FieldResolver(() => User)
  user(@Root() mark: ReadMark, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(mark.userId);
  }

  @FieldResolver(() => Conversation)
  conversation(@Root() mark: ReadMark, @Ctx() context: Context): Promise<Conversation> {
    return context.loaders.conversation.load(mark.conversationId);
  }

  @Subscription(() => ReadReceipt, {
    subscribe: ({ args, context }) => readMarkStream(context, args.conversationId ?? null),
    description:
      'How far people have read, as it changes, by reading or by writing; live. Your own other devices included. Without `conversationId` in all of yours.',
  })
  messagesRead(
    @Root() mark: ReadMark,
    @Arg('conversationId', () => ID, { nullable: true }) _conversationId: string | null,
  ): ReadMark {
    return mark;
  }
}
