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
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import type { StartConversation } from '../../conversation/conversation.service';
import { Participant } from '../../conversation/participant.entity';
import { DateTime } from '../../input/scalars';
import { Message } from '../../message/message.entity';
import { OfferStatus } from '../../offer/offer.entity';
import { userIdOf } from '../../people/caller';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { DependsOn } from '../depends-on';
import { joinedSequence, offerScope, ownParticipation } from '../participation';
import { type ConnectionValue, connectionOf, toConnection } from './connection.type';
import { MessageConnection } from './message.resolver';
import { OfferConnection } from './offer.type';
import { After, First, InStatus } from './page.args';

const ConversationConnection = connectionOf('Conversation', Conversation);

@InputType({ description: 'With whom to talk, and about what.' })
class StartConversationInput implements StartConversation {
  @Field(() => [ID], { description: 'The others; you are added.' })
  participantIds!: string[];

  @Field(() => String, { nullable: true, description: '1 to 200 characters.' })
  subject?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The host platform's id of what is talked about: 1 to 200 characters.",
  })
  listingId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For groups: makes a retry safe. Unique among yours.',
  })
  clientConversationId?: string | null;
}

@InputType({ description: 'Which conversation to archive, or to bring back.' })
class ArchiveConversationInput {
  @Field(() => ID, { description: 'A conversation of yours.' })
  conversationId!: string;

  @Field(() => Boolean, { description: 'True: out of your list. False: back into it.' })
  archived!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'The conversation, new or of before.' })
class StartConversationPayload {
  @Field(() => Conversation, { description: 'The conversation.' })
  conversation!: Conversation;

  @Field(() => Boolean, { description: 'False: it was there already.' })
  created!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'The conversation as you see it now.' })
class ArchiveConversationPayload {
  @Field(() => Conversation, { description: 'The conversation, with its new `archived`.' })
  conversation!: Conversation;
}

@InputType({ description: 'Which conversation to mute, and until when.' })
class MuteConversationInput {
  @Field(() => ID, { description: 'A conversation of yours.' })
  conversationId!: string;

  @Field(() => DateTime, { nullable: true, description: 'Null: un-mute.' })
  until?: Date | null;
}

@ObjectType({ simpleResolvers: true, description: 'The conversation as you see it now.' })
class MuteConversationPayload {
  @Field(() => Conversation, { description: 'The conversation, with its new `mutedUntil`.' })
  conversation!: Conversation;
}

@Resolver(() => Conversation)
export class ConversationResolver {
  @Query(() => Conversation, {
    nullable: true,
    description: 'One of yours. FORBIDDEN for any other id, whether it exists or not.',
  })
  async conversation(
    @Arg('id', () => ID, { description: "Parley's id of the conversation." }) id: string,
    @Ctx() context: Context,
  ): Promise<Conversation> {
    const { conversation, participant } = await context.services.conversations.access.read(
      context.caller,
      id,
    );
    context.boundConversation = {
      conversationId: id,
      joinedSequence: participant?.joinedSequence ?? 0,
    };
    return conversation;
  }

  @Query(() => ConversationConnection, { description: 'Yours, newest activity first.' })
  async conversations(
    @Arg('archived', () => Boolean, {
      defaultValue: false,
      description: 'True for those that you archived, false for all others.',
    })
    archived: boolean,
    @First() first: number | null,
    @After() after: string | null,
    @Ctx() context: Context,
  ): Promise<ConnectionValue<Conversation>> {
    return toConnection(
      await context.services.conversations.reader.list(context.caller, archived, { first, after }),
    );
  }

  @FieldResolver(() => [Participant], { description: 'Those present, in the order of joining.' })
  participants(
    @Root() conversation: Conversation,
    @Ctx() context: Context,
  ): Promise<Participant[]> {
    return context.loaders.participants.load(conversation.id);
  }

  @DependsOn('caller')
  @FieldResolver(() => [User], {
    description: 'Participants who have the conversation open right now.',
  })
  async viewers(@Root() conversation: Conversation, @Ctx() context: Context): Promise<User[]> {
    const [viewerIds, participants] = await Promise.all([
      context.loaders.viewers.load(conversation.id),
      context.loaders.participants.load(conversation.id),
    ]);
    const callerId = userIdOf(context.caller);
    const present = participants.filter((participant) => viewerIds.includes(participant.userId));
    const users = present.map(async ({ userId }) => {
      const hidden =
        callerId !== null &&
        (await context.loaders.blockBetween.load({ one: callerId, other: userId }));
      return hidden ? null : context.loaders.user.load(userId);
    });
    return (await Promise.all(users)).filter((user) => user !== null);
  }

  @DependsOn('members')
  @FieldResolver(() => MessageConnection, {
    description:
      'Oldest first. `last: 20` gives the newest page. Page sizes are 1 to 100, 20 by default.',
  })
  async messages(
    @Root() conversation: Conversation,
    @Arg('first', () => Int, {
      nullable: true,
      description: 'So many of the oldest, or of those behind `after`.',
    })
    first: number | null,
    @After() after: string | null,
    @Arg('last', () => Int, {
      nullable: true,
      description: 'So many of the newest, or of those before `before`.',
    })
    last: number | null,
    @Arg('before', () => String, {
      nullable: true,
      description: 'A cursor: the page ends before it.',
    })
    before: string | null,
    @Ctx() context: Context,
  ): Promise<ConnectionValue<Message>> {
    const scope = {
      conversationId: conversation.id,
      joinedSequence: await joinedSequence(context, conversation.id),
    };
    return toConnection(await context.loaders.messages(scope, { first, after, last, before }));
  }

  @DependsOn('founders')
  @FieldResolver(() => OfferConnection, {
    description: 'Newest first: those made since you joined, and those to which you are a party.',
  })
  async offers(
    @Root() conversation: Conversation,
    @InStatus() status: OfferStatus[] | null,
    @First() first: number | null,
    @After() after: string | null,
    @Ctx() context: Context,
  ) {
    const scope = await offerScope(context, conversation.id);
    return toConnection(await context.loaders.offers(scope, status ?? null, { first, after }));
  }

  @DependsOn('members')
  @FieldResolver(() => Message, {
    nullable: true,
    description: 'The newest message, deleted or not; null when there is none that you see.',
  })
  async lastMessage(
    @Root() conversation: Conversation,
    @Ctx() context: Context,
  ): Promise<Message | null> {
    const scope = {
      conversationId: conversation.id,
      joinedSequence: await joinedSequence(context, conversation.id),
    };
    return context.loaders.lastMessage.load(scope);
  }

  @DependsOn('caller')
  @FieldResolver(() => Int, {
    description: "Others' messages that you have not read; exact to 999, then 1000.",
  })
  async unreadCount(@Root() conversation: Conversation, @Ctx() context: Context): Promise<number> {
    const own = await ownParticipation(context, conversation.id);
    if (!own) return 0;
    const { userId, lastReadSequence: sequence } = own;
    return context.loaders.unreadCount.load({ conversationId: conversation.id, userId, sequence });
  }

  @DependsOn('caller')
  @FieldResolver(() => Boolean, { description: 'For you alone.' })
  async archived(@Root() conversation: Conversation, @Ctx() context: Context): Promise<boolean> {
    return (await ownParticipation(context, conversation.id))?.archived ?? false;
  }

  @DependsOn('caller')
  @FieldResolver(() => DateTime, { nullable: true, description: 'For you alone.' })
  async mutedUntil(
    @Root() conversation: Conversation,
    @Ctx() context: Context,
  ): Promise<Date | null> {
    return (await ownParticipation(context, conversation.id))?.mutedUntil ?? null;
  }

  @Mutation(() => StartConversationPayload, {
    description:
      'Two people have one conversation a listing, whoever starts it; three or more make a group.',
  })
  async startConversation(
    @Arg('input', () => StartConversationInput, { description: 'With whom, and about what.' })
    input: StartConversationInput,
    @Ctx() context: Context,
  ): Promise<StartConversationPayload> {
    return context.services.conversations.service.start(context.caller, input);
  }

  @Mutation(() => ArchiveConversationPayload, {
    description: 'For you alone; a new message brings it back.',
  })
  async archiveConversation(
    @Arg('input', () => ArchiveConversationInput, {
      description: 'The conversation, and where it belongs.',
    })
    { conversationId, archived }: ArchiveConversationInput,
    @Ctx() context: Context,
  ): Promise<ArchiveConversationPayload> {
    return {
      conversation: await context.services.conversations.participations.archive(
        context.caller,
        conversationId,
        archived,
      ),
    };
  }

  @Mutation(() => MuteConversationPayload, {
    description:
      'For you alone: until then nothing in it notifies you. It counts as unread all the same.',
  })
  async muteConversation(
    @Arg('input', () => MuteConversationInput, { description: 'The conversation, and until when.' })
    { conversationId, until }: MuteConversationInput,
    @Ctx() context: Context,
  ): Promise<MuteConversationPayload> {
    const { participations } = context.services.conversations;
    return {
      conversation: await participations.mute(context.caller, conversationId, until ?? null),
    };
  }
}
