import {
  Arg,
  Ctx,
  Field,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { TypingChanged } from '../../events';
import { DateTime } from '../../input/scalars';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { typingStream } from '../streams/typing.stream';

@ObjectType({ simpleResolvers: true, description: 'Somebody began or stopped typing.' })
class TypingEvent {
  @Field(() => ID)
  conversationId!: string;

  @Field(() => User)
  user!: User;

  @Field(() => Boolean)
  isTyping!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it lapses unless renewed; null when they stopped.',
  })
  expiresAt!: Date | null;
}

@InputType()
class SetTypingInput {
  @Field(() => ID)
  conversationId!: string;

  @Field(() => Boolean)
  isTyping!: boolean;
}

@ObjectType({ simpleResolvers: true })
class SetTypingPayload {
  @Field(() => Boolean)
  ok!: boolean;
}

@Resolver()
export class TypingResolver {
  @Mutation(() => SetTypingPayload, {
    description: 'Lasts 6 s unless renewed; ends by itself when you send.',
  })
  async setTyping(
    @Arg('input', () => SetTypingInput) { conversationId, isTyping }: SetTypingInput,
    @Ctx() context: Context,
  ): Promise<SetTypingPayload> {
    await context.services.presence.typing.set(context.caller, conversationId, isTyping);
    return { ok: true };
  }

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
