/** The types of the API that only offers have: inputs, payloads, events and the connection. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import { DateTime, SafeInt } from '../../input/scalars';
import { Offer, OfferAction, OfferItemKind } from '../../offer/offer.entity';
import type { CreateOffer, OfferStep } from '../../offer/offer.service';
import type { OfferItemDraft } from '../../offer/offer.terms';
import { User } from '../../people/user.entity';
import { connectionOf } from './connection.type';

export const OfferConnection = connectionOf('Offer', Offer);

@InputType({ description: 'One thing that one party gives the other.' })
class OfferItemInput implements OfferItemDraft {
  @Field(() => ID, { description: 'One of the two parties.' })
  giverId!: string;

  @Field(() => OfferItemKind, { description: 'What kind of thing it is.' })
  kind!: OfferItemKind;

  @Field(() => String, { nullable: true, description: 'Required for SERVICE and GOODS.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: "The host platform's id of the thing." })
  reference?: string | null;

  @Field(() => Int, { nullable: true, description: '1 by default.' })
  quantity?: number | null;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'CREDITS: how many; MONEY: minor units (cents).',
  })
  amount?: number | null;

  @Field(() => String, { nullable: true, description: 'MONEY: the ISO 4217 code.' })
  currency?: string | null;
}

@InputType({ description: 'The terms that you propose, and to whom.' })
export class CreateOfferInput implements CreateOffer {
  @Field(() => ID, { description: 'The conversation in which you negotiate.' })
  conversationId!: string;

  @Field(() => ID, { nullable: true, description: 'Needed only with more than two participants.' })
  recipientId?: string | null;

  @Field(() => [OfferItemInput], { description: '1 to 20.' })
  items!: OfferItemInput[];

  @Field(() => String, {
    nullable: true,
    description: 'A word about the terms: at most 2,000 characters.',
  })
  note?: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description: '48 h from now by default; between 1 minute and 30 days.',
  })
  expiresAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: '1 to 64 characters, unique among yours: makes a retry safe.',
  })
  clientOfferId?: string | null;
}

@InputType({ description: 'Which offer to move on, as you saw it.' })
export class OfferActionInput implements OfferStep {
  @Field(() => ID, { description: 'The offer.' })
  offerId!: string;

  @Field(() => Int, { description: 'The version that you saw.' })
  version!: number;

  @Field(() => String, {
    nullable: true,
    description: 'A word about it: at most 2,000 characters.',
  })
  note?: string | null;
}

@InputType({ description: 'Other terms for an offer that awaits your answer.' })
export class CounterOfferInput extends OfferActionInput {
  @Field(() => [OfferItemInput], { description: 'The new terms, 1 to 20.' })
  items!: OfferItemInput[];

  @Field(() => DateTime, {
    nullable: true,
    description: '48 h from now by default; between 1 minute and 30 days.',
  })
  expiresAt?: Date | null;
}

@InputType({ description: 'New terms for an offer of your own.' })
export class ReviseOfferInput extends CounterOfferInput {}

@ObjectType({ simpleResolvers: true, description: 'The offer after the action.' })
export class OfferPayload {
  @Field(() => Offer, { description: 'The offer, with its new version.' })
  offer!: Offer;
}

@ObjectType({ simpleResolvers: true, description: 'One step of a negotiation, as it happened.' })
export class OfferUpdate {
  @Field(() => Int, { description: 'Place of the step in the log.' })
  sequence!: number;

  @Field(() => OfferAction, { description: 'The step.' })
  action!: OfferAction;

  @Field(() => User, { nullable: true, description: 'Null when the system or the platform acted.' })
  actor!: User | null;

  @Field(() => Offer, { description: 'The offer as it is now.' })
  offer!: Offer;

  @Field(() => Conversation, { description: 'The conversation of the offer.' })
  conversation!: Conversation;
}
