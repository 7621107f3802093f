import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DateTime } from '../input/scalars';

@ObjectType({ simpleResolvers: true, description: 'One person in one conversation.' })
@Entity('participants')
export class Participant {
  @PrimaryColumn('uuid')
  conversationId!: string;

  @PrimaryColumn('text')
  userId!: string;

  @Field(() => ID, { description: 'Made of both ids: `conversationId:userId`.' })
  get id(): string {
    return `${this.conversationId}:${this.userId}`;
  }

  @Field(() => DateTime, { description: 'When they joined.' })
  @Column('timestamptz')
  joinedAt!: Date;

  @Field(() => Int, { description: 'They see what has a greater sequence.' })
  @Column('integer')
  joinedSequence!: number;

  /** null while the participant is present. */
  @Column('timestamptz', { nullable: true })
  leftAt!: Date | null;

  /** Everything up to here is read. The API hides it, and the time, across a block. */
  @Column('integer')
  lastReadSequence!: number;

  @Column('timestamptz', { nullable: true })
  lastReadAt!: Date | null;

  /** True while this participant has archived the conversation, for themselves alone. */
  @Column('boolean')
  archived!: boolean;

  /** The time until which this participant, alone, is not notified; null when not muted. */
  @Column('timestamptz', { nullable: true })
  mutedUntil!: Date | null;
}
