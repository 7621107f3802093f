import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  ObjectType,
  Resolver,
  Root,
  registerEnumType,
  Subscription,
} from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import type { ViewersChanged } from '../../events';
import { DateTime } from '../../input/scalars';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { viewersStream } from '../streams/viewers.stream';

enum ViewerState {
  JOINED = 'JOINED',
  LEFT = 'LEFT',
}
registerEnumType(ViewerState, { name: 'ViewerState' });

@ObjectType({
  simpleResolvers: true,
  description: 'Somebody opened the conversation, or closed it on their last device.',
})
class ViewerEvent {
  @Field(() => ID)
  conversationId!: string;

  @Field(() => ViewerState)
  state!: ViewerState;

  @Field(() => DateTime)
  at!: string;
}

@Resolver(() => ViewerEvent)
export class ViewerResolver {
  @FieldResolver(() => User)
  user(@Root() event: ViewersChanged, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(event.userId);
  }

  @FieldResolver(() => Conversation)
  conversation(@Root() event: ViewersChanged, @Ctx() context: Context): Promise<Conversation> {
    return context.loaders.conversation.load(event.conversationId);
  }

  @Subscription(() => ViewerEvent, {
    subscribe: ({ args, context }) => viewersStream(context, args.conversationId),
    description: 'Who has the conversation open now first, then changes; never your own.',
  })
  viewers(
    @Root() event: ViewersChanged,
    @Arg('conversationId', () => ID) _conversationId: string,
  ): ViewersChanged {
    return event;
  }
}
