import {
  Arg,
  Args,
  Ctx,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import type { LogEvent } from '../../events';
import {
  Offer,
  OfferAction,
  OfferItem,
  OfferStatus,
  OfferTransition,
} from '../../offer/offer.entity';
import type { OfferStep, RequestedAction } from '../../offer/offer.service';
import { availableActions } from '../../offer/offer.transitions';
import { userIdOf } from '../../people/caller';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { DependsOn } from '../depends-on';
import { seenFrom } from '../participation';
import { LogArgs } from '../streams/log.args';
import { offerUpdateStream } from '../streams/log.streams';
import { type ConnectionValue, toConnection } from './connection.type';
import {
  CounterOfferInput,
  CreateOfferInput,
  OfferActionInput,
  OfferConnection,
  OfferPayload,
  OfferUpdate,
  ReviseOfferInput,
} from './offer.type';
import { After, First, InStatus } from './page.args';

@Resolver(() => Offer)
export class OfferResolver {
  @Query(() => Offer, {
    nullable: true,
    description: 'One that you see. FORBIDDEN for any other id, whether it exists or not.',
  })
  offer(
    @Arg('id', () => ID, { description: "Parley's id of the offer." }) id: string,
    @Ctx() context: Context,
  ): Promise<Offer> {
    return context.services.offers.reader.read(context.caller, id);
  }

  @Query(() => OfferConnection, { description: 'Yours in all conversations, newest first.' })
  async offers(
    @InStatus() status: OfferStatus[] | null,
    @First() first: number | null,
    @After() after: string | null,
    @Ctx() context: Context,
  ): Promise<ConnectionValue<Offer>> {
    return toConnection(
      await context.services.offers.reader.listOf(context.caller, status ?? null, { first, after }),
    );
  }

  @DependsOn('members')
  @FieldResolver(() => Conversation, {
    nullable: true,
    description: 'Null for a party who has left it.',
  })
  async conversation(@Root() offer: Offer, @Ctx() context: Context): Promise<Conversation | null> {
    if ((await seenFrom(context, offer.conversationId)) === null) return null;
    return context.loaders.conversation.load(offer.conversationId);
  }

  @FieldResolver(() => User, { description: 'Who opened the negotiation.' })
  initiator(@Root() offer: Offer, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(offer.initiatorId);
  }

  @FieldResolver(() => User, { description: 'Whose terms are on the table.' })
  proposer(@Root() offer: Offer, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(offer.proposerId);
  }

  @FieldResolver(() => User, { description: 'Whose answer is awaited.' })
  recipient(@Root() offer: Offer, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(offer.recipientId);
  }

  @FieldResolver(() => [User], {
    description: 'The parties who have confirmed completion, in that order.',
  })
  completionConfirmedBy(@Root() offer: Offer, @Ctx() context: Context): Promise<User[]> {
    return Promise.all(offer.completionConfirmedBy.map((id) => context.loaders.user.load(id)));
  }

  @DependsOn('caller')
  @FieldResolver(() => [OfferAction], { description: 'What you may do now.' })
  async availableActions(@Root() offer: Offer, @Ctx() context: Context): Promise<OfferAction[]> {
    const userId = userIdOf(context.caller);
    const participants = await context.loaders.participants.load(offer.conversationId);
    if (userId !== null && !participants.some((participant) => participant.userId === userId))
      return [];
    const [conversation, blocked] = await Promise.all([
      context.loaders.conversation.load(offer.conversationId),
      context.loaders.blockBetween.load({ one: offer.initiatorId, other: offer.responderId }),
    ]);
    // The rule of `ConversationAccess.lock`: a block counts in a pair only while both are present.
    const apart = blocked && conversation.kind === 'PAIR' && participants.length > 1;
    return availableActions(offer, context.caller, new Date(), apart);
  }

  @FieldResolver(() => [OfferTransition], { description: 'Oldest first, one a version.' })
  history(@Root() offer: Offer, @Ctx() context: Context): Promise<OfferTransition[]> {
    return context.historyOf(offer.id);
  }

  @Mutation(() => OfferPayload, { description: 'Opens a negotiation by its first terms.' })
  async createOffer(
    @Arg('input', () => CreateOfferInput, { description: 'The conversation, and your terms.' })
    input: CreateOfferInput,
    @Ctx() context: Context,
  ): Promise<OfferPayload> {
    const offer = await context.services.offers.service.create(context.caller, input);
    context.log.info(
      { offerId: offer.id, conversationId: offer.conversationId, version: offer.version },
      'offer moved',
    );
    return { offer };
  }

  @Mutation(() => OfferPayload, {
    description: "The recipient's other terms; the two change places.",
  })
  counterOffer(
    @Arg('input', () => CounterOfferInput, { description: 'The offer, and your terms.' })
    input: CounterOfferInput,
    @Ctx() context: Context,
  ) {
    return move(context, OfferAction.COUNTER, input);
  }

  @Mutation(() => OfferPayload, { description: "The proposer's own new terms." })
  reviseOffer(
    @Arg('input', () => ReviseOfferInput, { description: 'The offer, and your new terms.' })
    input: ReviseOfferInput,
    @Ctx() context: Context,
  ) {
    return move(context, OfferAction.REVISE, input);
  }

  @Mutation(() => OfferPayload, {
    description: 'The recipient agrees to the terms on the table, until `expiresAt`.',
  })
  acceptOffer(
    @Arg('input', () => OfferActionInput, {
      description: 'The offer, and the version that you agree to.',
    })
    input: OfferActionInput,
    @Ctx() context: Context,
  ) {
    return move(context, OfferAction.ACCEPT, input);
  }

  @Mutation(() => OfferPayload, { description: 'The recipient ends the negotiation.' })
  declineOffer(
    @Arg('input', () => OfferActionInput, {
      description: 'The offer, and the version that you saw.',
    })
    input: OfferActionInput,
    @Ctx() context: Context,
  ) {
    return move(context, OfferAction.DECLINE, input);
  }

  @Mutation(() => OfferPayload, { description: 'The proposer ends the negotiation.' })
  withdrawOffer(
    @Arg('input', () => OfferActionInput, {
      description: 'The offer, and the version that you saw.',
    })
    input: OfferActionInput,
    @Ctx() context: Context,
  ) {
    return move(context, OfferAction.WITHDRAW, input);
  }

  @Mutation(() => OfferPayload, {
    description: 'Both parties confirm; the second completes the offer.',
  })
  confirmCompletion(
    @Arg('input', () => OfferActionInput, {
      description: 'The offer, and the version that you saw.',
    })
    input: OfferActionInput,
    @Ctx() context: Context,
  ) {
    return move(context, OfferAction.CONFIRM_COMPLETION, input);
  }

  @Mutation(() => OfferPayload, {
    description: 'An accepted offer, until the other party has confirmed completion.',
  })
  cancelOffer(
    @Arg('input', () => OfferActionInput, {
      description: 'The offer, and the version that you saw.',
    })
    input: OfferActionInput,
    @Ctx() context: Context,
  ) {
    return move(context, OfferAction.CANCEL, input);
  }

  @Subscription(() => OfferUpdate, {
    subscribe: ({ args, context }) => offerUpdateStream(context, args),
    description:
      'Each step of each offer that you see in one conversation, in order and once; without ' +
      '`conversationId` of all of yours, live.',
  })
  async offerUpdated(
    @Root() event: LogEvent,
    @Args(() => LogArgs) _args: LogArgs,
    @Ctx() context: Context,
  ): Promise<OfferUpdate> {
    const { loaders } = context;
    const [actor, offer, conversation] = await Promise.all([
      event.actorId === null ? null : loaders.user.load(event.actorId),
      loaders.offer.load(event.offerId!),
      loaders.conversation.load(event.conversationId),
    ]);
    return {
      sequence: event.sequence,
      action: event.offerAction as OfferAction,
      actor,
      offer,
      conversation,
    };
  }
}

@Resolver(() => OfferItem)
export class OfferItemResolver {
  @FieldResolver(() => User, { description: 'The party who gives it.' })
  giver(@Root() item: OfferItem, @Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(item.giverId);
  }
}

@Resolver(() => OfferTransition)
export class OfferTransitionResolver {
  @FieldResolver(() => User, {
    nullable: true,
    description: 'Null when the system or the platform acted.',
  })
  async actor(@Root() transition: OfferTransition, @Ctx() context: Context): Promise<User | null> {
    return transition.actorId === null ? null : context.loaders.user.load(transition.actorId);
  }
}

async function move(
  context: Context,
  action: RequestedAction,
  input: OfferStep,
): Promise<OfferPayload> {
  const offer = await context.services.offers.service.act(context.caller, action, input);
  const { id: offerId, conversationId, version } = offer;
  context.log.info({ offerId, conversationId, version, action }, 'offer moved');
  return { offer };
}
