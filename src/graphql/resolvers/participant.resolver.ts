import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import { Participant } from '../../conversation/participant.entity';
import { User } from '../../people/user.entity';
import type { Context } from '../context';

@InputType()
class ParticipantInput {
  @Field(() => ID)
  conversationId!: string;

  @Field(() => ID)
  userId!: string;
}

@InputType('AddParticipantInput')
class AddParticipantInput extends ParticipantInput {}

@InputType('RemoveParticipantInput')
class RemoveParticipantInput extends ParticipantInput {}

@InputType()
class LeaveConversationInput {
  @Field(() => ID)
  conversationId!: string;
}

@ObjectType({ simpleResolvers: true })
class AddParticipantPayload {
  @Field(() => Conversation)
  conversation!: Conversation;
}

@ObjectType({ simpleResolvers: true })
class RemoveParticipantPayload {
  @Field(() => Conversation)
  conversation!: Conversation;
}

@ObjectType({ simpleResolvers: true })
class LeaveConversationPayload {
  @Field(() => ID)
  conversationId!: string;
}

@Resolver(() => Participant)
export class ParticipantResolver {
  @FieldResolver(() => User)
  user(@Root() participant: Participant, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(participant.userId);
  }

  @Mutation(() => AddParticipantPayload, {
    description: 'To a group, by anybody in it. They see what follows.',
  })
  async addParticipant(
    @Arg('input', () => AddParticipantInput) { conversationId, userId }: AddParticipantInput,
    @Ctx() context: Context,
  ): Promise<AddParticipantPayload> {
    const {
      conversations: { service: conversations },
    } = context.services;
    return {
      conversation: await conversations.addParticipant(context.caller, conversationId, userId),
    };
  }

  @Mutation(() => LeaveConversationPayload, {
    description: 'Ends your pending offers there. CONFLICT while you have an accepted one.',
  })
  async leaveConversation(
    @Arg('input', () => LeaveConversationInput) { conversationId }: LeaveConversationInput,
    @Ctx() context: Context,
  ): Promise<LeaveConversationPayload> {
    await context.services.conversations.memberships.leave(context.caller, conversationId);
    return { conversationId };
  }

  @Mutation(() => RemoveParticipantPayload, { description: 'Service tokens only.' })
  async removeParticipant(
    @Arg('input', () => RemoveParticipantInput) { conversationId, userId }: RemoveParticipantInput,
    @Ctx() context: Context,
  ): Promise<RemoveParticipantPayload> {
    return {
      conversation: await context.services.conversations.memberships.remove(
        context.caller,
        conversationId,
        userId,
      ),
    };
  }
}
