import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DateTime } from '../input/scalars';

/** A pair always stays a pair. A group starts with three or more participants. */
export type ConversationKind = 'PAIR' | 'GROUP';

@ObjectType({
  simpleResolvers: true,
  description: 'People who talk and trade, and the log of all that happened between them.',
})
@Entity('conversations')
export class Conversation {
  @Field(() => ID, { description: "Parley's own id of the conversation." })
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: ConversationKind;

  @Field(() => String, {
    nullable: true,
    description: 'What the conversation is about, as it was given at the start.',
  })
  @Column('text', { nullable: true })
  subject!: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The host platform's id of what is being talked about.",
  })
  @Column('text', { nullable: true })
  listingId!: string | null;

  @Field(() => Int, {
    description: 'Sequence of the newest event, 0 when there is none yet: where to subscribe from.',
  })
  @Column('integer')
  lastSequence!: number;

  @Field(() => DateTime, { description: 'When the conversation was started.' })
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime, { description: 'Time of the newest event.' })
  @Column('timestamptz')
  updatedAt!: Date;
}
