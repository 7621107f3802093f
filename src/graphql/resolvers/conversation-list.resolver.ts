import {
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
import { Inbox } from '../../notification/notification.entity';
import { requireUser } from '../../people/caller';
import type { Context } from '../context';
import { DependsOn } from '../depends-on';
import { seenFrom } from '../participation';
import { conversationUpdateStream, type ListChange } from '../streams/user.streams';

enum InboxChange {
  ADDED = 'ADDED',
  UPDATED = 'UPDATED',
  REMOVED = 'REMOVED',
}
registerEnumType(InboxChange, { name: 'InboxChange' });

@ObjectType({ simpleResolvers: true, description: 'Your list of conversations has changed.' })
class ConversationUpdate {
  @Field(() => InboxChange)
  change!: InboxChange;

  @Field(() => ID)
  conversationId!: string;
}

@Resolver(() => ConversationUpdate)
export class ConversationListResolver {
  @DependsOn('members')
  @FieldResolver(() => Conversation, {
    nullable: true,
    description: 'Null when it is yours no more.',
  })
  async conversation(
    @Root() { change, conversationId }: ListChange,
    @Ctx() context: Context,
  ): Promise<Conversation | null> {
    // Of several that changed at once it may be yours no more by the time it is sent; that is told next.
    if (change === 'REMOVED' || (await seenFrom(context, conversationId)) === null) return null;
    return context.loaders.conversation.load(conversationId);
  }

  @DependsOn('caller')
  @FieldResolver(() => Inbox)
  inbox(@Root() _change: ListChange, @Ctx() context: Context): Promise<Inbox> {
    return context.loaders.inbox.load(requireUser(context.caller).userId);
  }

  @Subscription(() => ConversationUpdate, {
    subscribe: ({ context }) => conversationUpdateStream(context),
    description:
      'Your list of conversations: one began, changed (its newest event, your unread count, archived or not), or was left; live. Changes within 100 ms may come as one.',
  })
  conversationUpdated(@Root() change: ListChange): ListChange {
    return change;
  }
}
