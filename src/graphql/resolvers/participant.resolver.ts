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

/** True when a block between the caller and the participant hides what the participant has read. */
async function isReadingHidden(participant: Participant, context: Context): Promise<boolean> {
  const callerId = userIdOf(context.caller);
  if (callerId === null || callerId === participant.userId) return false;
  return context.loaders.blockBetween.load({ one: callerId, other: participant.userId });
}
