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
registerEnumType(OfferAction, { name: 'OfferAction', description: 'What moves a negotiation on.' });

export enum OfferItemKind {
  SERVICE = 'SERVICE',
  GOODS = 'GOODS',
  CREDITS = 'CREDITS',
  MONEY = 'MONEY',
}
registerEnumType(OfferItemKind, { name: 'OfferItemKind' });

@ObjectType({ simpleResolvers: true, description: 'One thing that one party gives the other.' })
export class OfferItem {
  giverId!: string;

  @Field(() => OfferItemKind)
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
  @Field(() => ID)
  @PrimaryColumn('uuid')
  id!: string;

  @Field(() => ID)
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

  @Field(() => OfferStatus)
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

  @Field(() => DateTime)
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  updatedAt!: Date;
}

@ObjectType({ simpleResolvers: true, description: 'One step of a negotiation, as it was.' })
@Entity('offer_transitions')
export class OfferTransition {
  @PrimaryColumn('uuid')
  offerId!: string;

  @Field(() => Int)
  @PrimaryColumn('integer')
  version!: number;

  @Field(() => OfferAction)
  @Column('text')
  action!: OfferAction;

  /** null when the platform or Parley itself acted. */
  @Column('text', { nullable: true })
  actorId!: string | null;

  @Field(() => OfferStatus, { description: 'After the transition.' })
  @Column('text')
  status!: OfferStatus;

  @Field(() => [OfferItem])
  @Column('jsonb')
  items!: OfferItem[];

  @Field(() => String, { nullable: true })
  @Column('text', { nullable: true })
  note!: string | null;

  @Field(() => DateTime)
  @Column('timestamptz')
  expiresAt!: Date;

  @Field(() => DateTime)
  @Column('timestamptz')
  at!: Date;
}
