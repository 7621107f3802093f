import { Arg, Ctx, Field, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { User } from '../auth/user.entity';
import type { TypingChanged } from '../events';
import { DateTime } from '../scalars';
import type { Context } from './context';
import { typingStream } from './conversation.streams';

@ObjectType({ simpleResolvers: true, description: 'Somebody began or stopped typing.' })
class TypingEvent {
  @Field(() => ID)
  conversationId!: string;

  @Field(() => User)
  user!: User;

  @Field(() => Boolean)
  isTyping!: boolean;

  @Field(() => DateTime, { nullable: true, description: 'When it lapses unless renewed; null when they stopped.' })
  expiresAt!: Date | null;
}

@Resolver()
export class TypingResolver {
  @Subscription(() => TypingEvent, {
    subscribe: ({ args, context }) => typingStream(context, args.conversationId),
    description: 'Who types now first, then changes; never your own.',
  })
  async typing(
    @Root() event: TypingChanged,
    @Arg('conversationId', () => ID) _conversationId: string,
    @Ctx() context: Context,
  ): Promise<TypingEvent> {
    return {
      conversationId: event.conversationId,
      user: await context.loaders.user.load(event.userId),
      isTyping: event.isTyping,
      expiresAt: event.expiresAt === null ? null : new Date(event.expiresAt),
    };
  }
}
