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
  @Field(() => ID, { description: 'The conversation in which it happens.' })
  conversationId!: string;

  @Field(() => User, { description: 'Who types.' })
  user!: User;

  @Field(() => Boolean, { description: 'Whether they type.' })
  isTyping!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it lapses unless renewed; null when they stopped.',
  })
  expiresAt!: Date | null;
}

@InputType({ description: 'Whether you type, and where.' })
class SetTypingInput {
  @Field(() => ID, { description: 'A conversation of yours.' })
  conversationId!: string;

  @Field(() => Boolean, {
    description: 'True at the first key and again within 6 s; false at the end.',
  })
  isTyping!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'That it was taken note of.' })
class SetTypingPayload {
  @Field(() => Boolean, { description: 'Always true.' })
  ok!: boolean;
}

@Resolver()
export class TypingResolver {
  @Mutation(() => SetTypingPayload, {
    description: 'Lasts 6 s unless renewed; ends by itself when you send.',
  })
  async setTyping(
    @Arg('input', () => SetTypingInput, { description: 'The conversation, and whether you type.' })
    { conversationId, isTyping }: SetTypingInput,
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
    @Arg('conversationId', () => ID, { description: 'A conversation of yours.' })
    _conversationId: string,
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
