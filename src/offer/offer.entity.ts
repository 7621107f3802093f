import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DateTime, SafeInt } from '../input/scalars';

export enum OfferStatus {
  PENDING = 'PENDING',
  ACCEPTED = 'ACCEPTED',
  DECLINED = 'DECLINED',
  WITHDRAWN = 'WITHDRAWN',
  EXPIRED = 'EXPIRED',
  COMPLETED = 'COMPLETED',
  CANCELLED = 'CANCELLED',
}
registerEnumType(OfferStatus, {
  name: 'OfferStatus',
  description: 'PENDING until the negotiation ends.',
  valuesConfig: {
    ACCEPTED: { description: 'Agreed, and not completed yet.' },
    CANCELLED: { description: 'Agreed, and given up later.' },
    COMPLETED: { description: 'Agreed, and done.' },
    DECLINED: { description: 'The recipient did not want it.' },
    EXPIRED: { description: 'Nobody accepted in time.' },
    PENDING: { description: 'An answer is awaited.' },
    WITHDRAWN: { description: 'The proposer took it back.' },
  },
});

export enum OfferAction {
  CREATE = 'CREATE',
  COUNTER = 'COUNTER',
  REVISE = 'REVISE',
  ACCEPT = 'ACCEPT',
  DECLINE = 'DECLINE',
  WITHDRAW = 'WITHDRAW',
  EXPIRE = 'EXPIRE',
  CONFIRM_COMPLETION = 'CONFIRM_COMPLETION',
  COMPLETE = 'COMPLETE',
  CANCEL = 'CANCEL',
}
registerEnumType(OfferAction, {
  name: 'OfferAction',
  description: 'What moves a negotiation on.',
  valuesConfig: {
    ACCEPT: { description: 'The recipient agreed.' },
    CANCEL: { description: 'A party or the platform gave up what was agreed.' },
    COMPLETE: { description: 'The second party, or the platform, confirmed that it is done.' },
    CONFIRM_COMPLETION: { description: 'The first of the two parties confirmed that it is done.' },
    COUNTER: { description: 'The recipient answered with other terms.' },
    CREATE: { description: 'The negotiation was opened.' },
    DECLINE: { description: 'The recipient ended it.' },
    EXPIRE: { description: 'The time to accept was over.' },
    REVISE: { description: 'The proposer changed the terms.' },
    WITHDRAW: { description: 'The proposer ended it.' },
  },
});

export enum OfferItemKind {
  SERVICE = 'SERVICE',
  GOODS = 'GOODS',
  CREDITS = 'CREDITS',
  MONEY = 'MONEY',
}
registerEnumType(OfferItemKind, {
  name: 'OfferItemKind',
  valuesConfig: {
    CREDITS: { description: "The platform's own currency, by `amount`." },
    GOODS: { description: 'A thing, by `description`.' },
    MONEY: { description: 'Money, by `amount` and `currency`.' },
    SERVICE: { description: 'Something that is done, by `description`.' },
  },
  description: 'What kind of thing is given.',
});

@ObjectType({ simpleResolvers: true, description: 'One thing that one party gives the other.' })
export class OfferItem {
  giverId!: string;

  @Field(() => OfferItemKind, { description: 'What kind of thing it is.' })
  kind!: OfferItemKind;

  @Field(() => String, { nullable: true, description: 'Always there for SERVICE and GOODS.' })
  description?: string | null;

  @Field(() => String, { nullable: true, description: "The host platform's id of the thing." })
  reference?: string | null;

  @Field(() => Int, { description: 'At least 1.' })
  quantity!: number;

  @Field(() => SafeInt, {
    nullable: true,
    description: 'CREDITS: how many; MONEY: minor units (cents). At least 1.',
  })
  amount?: number | null;

  @Field(() => String, { nullable: true, description: 'MONEY: the ISO 4217 code.' })
  currency?: string | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'One negotiation between two people. Its terms are replaced, its id stays.',
})
@Entity('offers')
export class Offer {
  @Field(() => ID, { description: "Parley's own id of the offer." })
  @PrimaryColumn('uuid')
  id!: string;

  @Field(() => ID, { description: 'The id of the conversation that it is in.' })
  @Column('uuid')
  conversationId!: string;

  @Column('text')
  initiatorId!: string;

  @Column('text')
  responderId!: string;

  @Column('text')
  proposerId!: string;

  @Column('text')
  recipientId!: string;

  @Field(() => [OfferItem], { description: 'The terms on the table: who gives what.' })
  @Column('jsonb')
  items!: OfferItem[];

  @Field(() => String, { nullable: true, description: 'What the proposer says about these terms.' })
  @Column('text', { nullable: true })
  note!: string | null;

  @Field(() => OfferStatus, { description: 'Where the negotiation stands.' })
  @Column('text')
  status!: OfferStatus;

  @Field(() => Int, { description: '1 at creation, one more at every change.' })
  @Column('integer')
  version!: number;

  @Field(() => DateTime, { description: 'From then on the offer cannot be accepted.' })
  @Column('timestamptz')
  expiresAt!: Date;

  @Column('text', { array: true })
  completionConfirmedBy!: string[];

  @Field(() => DateTime, { description: 'When the negotiation was opened.' })
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime, { description: 'When it last changed.' })
  @Column('timestamptz')
  updatedAt!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'One step of a negotiation, as it was.' })
@Entity('offer_transitions')
export class OfferTransition {
  @PrimaryColumn('uuid')
  offerId!: string;

  @Field(() => Int, { description: "The offer's version after the step." })
  @PrimaryColumn('integer')
  version!: number;

  @Field(() => OfferAction, { description: 'The step.' })
  @Column('text')
  action!: OfferAction;

  /** null when the platform or Parley itself acted. */
  @Column('text', { nullable: true })
  actorId!: string | null;

  @Field(() => OfferStatus, { description: 'After the transition.' })
  @Column('text')
  status!: OfferStatus;

  @Field(() => [OfferItem], { description: 'The terms after the step.' })
  @Column('jsonb')
  items!: OfferItem[];

  @Field(() => String, { nullable: true, description: 'What was said with the step.' })
  @Column('text', { nullable: true })
  note!: string | null;

  @Field(() => DateTime, { description: 'Until when the terms could be accepted.' })
  @Column('timestamptz')
  expiresAt!: Date;

  @Field(() => DateTime, { description: 'When it was taken.' })
  @Column('timestamptz')
  at!: Date;
}
