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
  Resolver,
  Root,
} from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import { Participant } from '../../conversation/participant.entity';
import { DateTime } from '../../input/scalars';
import { userIdOf } from '../../people/caller';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { DependsOn } from '../depends-on';

@InputType()
class ParticipantInput {
  @Field(() => ID, { description: 'The conversation. People are added to groups only.' })
  conversationId!: string;

  @Field(() => ID, { description: 'The person.' })
  userId!: string;
}

@InputType('AddParticipantInput', { description: 'Who is to join which group.' })
class AddParticipantInput extends ParticipantInput {}

@InputType('RemoveParticipantInput', {
  description: 'Who is to be removed from which conversation.',
})
class RemoveParticipantInput extends ParticipantInput {}

@InputType({ description: 'Which conversation to leave.' })
class LeaveConversationInput {
  @Field(() => ID, { description: 'A conversation of yours.' })
  conversationId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The group after the adding.' })
class AddParticipantPayload {
  @Field(() => Conversation, { description: 'The group, with the new participant.' })
  conversation!: Conversation;
}

@ObjectType({ simpleResolvers: true, description: 'The conversation after the removal.' })
class RemoveParticipantPayload {
  @Field(() => Conversation, { description: 'The conversation, without the person.' })
  conversation!: Conversation;
}

@ObjectType({ simpleResolvers: true, description: 'That you have left.' })
class LeaveConversationPayload {
  @Field(() => ID, { description: 'The conversation that you left.' })
  conversationId!: string;
}

@Resolver(() => Participant)
export class ParticipantResolver {
  @FieldResolver(() => User, { description: 'The person.' })
  user(@Root() participant: Participant, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(participant.userId);
  }

  @DependsOn('caller')
  @FieldResolver(() => Int, {
    description: 'Everything up to here is read. Across a block their `joinedSequence`.',
  })
  async lastReadSequence(
    @Root() participant: Participant,
    @Ctx() context: Context,
  ): Promise<number> {
    const isHidden = await isReadingHidden(participant, context);
    return isHidden ? participant.joinedSequence : participant.lastReadSequence;
  }

  @DependsOn('caller')
  @FieldResolver(() => DateTime, { nullable: true, description: 'Null across a block.' })
  async lastReadAt(
    @Root() participant: Participant,
    @Ctx() context: Context,
  ): Promise<Date | null> {
    return (await isReadingHidden(participant, context)) ? null : participant.lastReadAt;
  }

  @Mutation(() => AddParticipantPayload, {
    description: 'To a group, by anybody in it. They see what follows.',
  })
  async addParticipant(
    @Arg('input', () => AddParticipantInput, { description: 'The group and the person.' }) {
      conversationId,
      userId,
    }: AddParticipantInput,
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
    @Arg('input', () => LeaveConversationInput, { description: 'The conversation.' }) {
      conversationId,
    }: LeaveConversationInput,
    @Ctx() context: Context,
  ): Promise<LeaveConversationPayload> {
    await context.services.conversations.memberships.leave(context.caller, conversationId);
    return { conversationId };
  }

  @Mutation(() => RemoveParticipantPayload, { description: 'Service tokens only.' })
  async removeParticipant(
    @Arg('input', () => RemoveParticipantInput, { description: 'The conversation and the person.' })
    { conversationId, userId }: RemoveParticipantInput,
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

/** True when a block between the caller and the participant hides what the participant has read. */
async function isReadingHidden(participant: Participant, context: Context): Promise<boolean> {
  const callerId = userIdOf(context.caller);
  if (callerId === null || callerId === participant.userId) return false;
  return context.loaders.blockBetween.load({ one: callerId, other: participant.userId });
}
