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
registerEnumType(ViewerState, {
  name: 'ViewerState',
  valuesConfig: {
    JOINED: { description: 'They opened it, or had it open already.' },
    LEFT: { description: 'They closed it on their last device.' },
  },
  description: 'Whether somebody has the conversation open.',
});

@ObjectType({
  simpleResolvers: true,
  description: 'Somebody opened the conversation, or closed it on their last device.',
})
class ViewerEvent {
  @Field(() => ID, { description: 'The id of the conversation that was opened or closed.' })
  conversationId!: string;

  @Field(() => ViewerState, { description: 'Whether they came or went.' })
  state!: ViewerState;

  @Field(() => DateTime, { description: 'When it happened.' })
  at!: string;
}

@Resolver(() => ViewerEvent)
export class ViewerResolver {
  @FieldResolver(() => User, { description: 'Who came or went.' })
  user(@Root() event: ViewersChanged, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(event.userId);
  }

  @FieldResolver(() => Conversation, { description: 'The conversation that was opened or closed.' })
  conversation(@Root() event: ViewersChanged, @Ctx() context: Context): Promise<Conversation> {
    return context.loaders.conversation.load(event.conversationId);
  }

  @Subscription(() => ViewerEvent, {
    subscribe: ({ args, context }) => viewersStream(context, args.conversationId),
    description: 'Who has the conversation open now first, then changes; never your own.',
  })
  viewers(
    @Root() event: ViewersChanged,
    @Arg('conversationId', () => ID, { description: 'A conversation of yours.' })
    _conversationId: string,
  ): ViewersChanged {
    return event;
  }
}
