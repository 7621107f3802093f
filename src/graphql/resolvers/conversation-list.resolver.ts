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
import { conversationListStream, type ListChange } from '../streams/conversation-list.stream';

enum InboxChange {
  ADDED = 'ADDED',
  UPDATED = 'UPDATED',
  REMOVED = 'REMOVED',
}
registerEnumType(InboxChange, {
  name: 'InboxChange',
  valuesConfig: {
    ADDED: { description: 'The conversation came into it.' },
    REMOVED: { description: 'You are no participant any more.' },
    UPDATED: { description: 'The conversation changed, or was archived or brought back.' },
  },
  description: 'How your list of conversations changed.',
});

@ObjectType({ simpleResolvers: true, description: 'Your list of conversations has changed.' })
class ConversationUpdate {
  @Field(() => InboxChange, {
    description: 'Whether it came into your list, changed in it, or left it.',
  })
  change!: InboxChange;

  @Field(() => ID, { description: 'The conversation that is meant.' })
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
    // Changes are read in groups and sent one by one. The caller may have left this conversation
    // since the group was read. A REMOVED change follows then.
    if (change === 'REMOVED' || (await seenFrom(context, conversationId)) === null) return null;
    return context.loaders.conversation.load(conversationId);
  }

  @DependsOn('caller')
  @FieldResolver(() => Inbox, { description: 'Your badges at the same moment.' })
  inbox(@Root() _change: ListChange, @Ctx() context: Context): Promise<Inbox> {
    return context.loaders.inbox.load(requireUser(context.caller).userId);
  }

  @Subscription(() => ConversationUpdate, {
    subscribe: ({ context }) => conversationListStream(context),
    description:
      'Your list of conversations: one began, changed (its newest event, your unread count, ' +
      'archived or not), or was left; live. Changes within 100 ms may come as one.',
  })
  conversationUpdated(@Root() change: ListChange): ListChange {
    return change;
  }
}
