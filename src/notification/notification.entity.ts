import { Field, ID, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { NOTIFICATION_KINDS, type NotificationKind } from '../events';
import { DateTime, Json } from '../input/scalars';

const Kind = Object.fromEntries(NOTIFICATION_KINDS.map((kind) => [kind, kind]));
registerEnumType(Kind, {
  name: 'NotificationKind',
  description: 'What somebody is notified of.',
  valuesConfig: {
    CUSTOM: { description: "The platform's own, from `notifyUser`." },
    NEW_MESSAGE: {
      description: 'Messages in a conversation: all that are unread are one notification.',
    },
    NEW_OFFER: { description: 'An offer was made.' },
    OFFER_ACCEPTED: { description: 'An offer was accepted.' },
    OFFER_CANCELLED: { description: 'An accepted offer was cancelled.' },
    OFFER_COMPLETED: { description: 'An offer was completed.' },
    OFFER_COMPLETION_CONFIRMED: { description: 'One of the two parties confirmed the completion.' },
    OFFER_COUNTERED: { description: 'The recipient answered with other terms.' },
    OFFER_DECLINED: { description: 'An offer was declined.' },
    OFFER_EXPIRED: { description: 'An offer ran out of time.' },
    OFFER_REVISED: { description: 'The proposer changed the terms.' },
    OFFER_WITHDRAWN: { description: 'An offer was withdrawn.' },
  },
});

@ObjectType({
  simpleResolvers: true,
  description: 'Something that reached you while you were not in the room.',
})
@Entity('notifications')
export class Notification {
  @Field(() => ID, { description: "Parley's own id of the notification." })
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  userId!: string;

  @Field(() => Int, {
    description: 'Place in your inbox; a notification that changes gets a new one.',
  })
  @Column('integer')
  sequence!: number;

  /** Place in the list. The notification gets a new one when it grows, not when it is read. */
  @Column('integer')
  addedSequence!: number;

  @Field(() => Kind, { description: 'What it is about.' })
  @Column('text')
  kind!: NotificationKind;

  @Column('text', { nullable: true })
  actorId!: string | null;

  @Column('uuid', { nullable: true })
  conversationId!: string | null;

  @Column('uuid', { nullable: true })
  messageId!: string | null;

  @Column('uuid', { nullable: true })
  offerId!: string | null;

  @Field(() => Int, { description: 'NEW_MESSAGE: how many messages it stands for; otherwise 1.' })
  @Column('integer')
  count!: number;

  @Field(() => String, { nullable: true, description: 'CUSTOM.' })
  @Column('text', { nullable: true })
  title!: string | null;

  @Field(() => String, { nullable: true, description: 'CUSTOM.' })
  @Column('text', { nullable: true })
  body!: string | null;

  @Field(() => Json, { nullable: true, description: 'CUSTOM: whatever the host platform put in.' })
  @Column('jsonb', { nullable: true })
  data!: unknown;

  @Field(() => DateTime, { description: 'When it was made.' })
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Null: unread.' })
  @Column('timestamptz', { nullable: true })
  readAt!: Date | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'Your badges: one object, so that a cache has one place for them.',
})
export class Inbox {
  @Field(() => ID, { description: 'Your own id.' })
  id!: string;

  @Field(() => Int, { description: 'Exact to 999, then 1000.' })
  unreadNotificationCount!: number;

  @Field(() => Int, {
    description:
      'Conversations in your list, archived ones aside, with something unread in them; exact to ' +
      '999, then 1000.',
  })
  unreadConversationCount!: number;

  @Field(() => Int, { description: 'Where to subscribe from.' })
  lastNotificationSequence!: number;
}
