import { Field, ID, Int, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { DateTime, HttpUrl, SafeInt } from '../input/scalars';

@ObjectType({
  simpleResolvers: true,
  description: 'A file somewhere else that a message points at.',
})
export class Attachment {
  @Field(() => HttpUrl, { description: 'Where the file is. Parley does not store it.' })
  url!: string;

  @Field(() => String, { nullable: true, description: "The file's name, as its sender gave it." })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The media type, as its sender gave it, e.g. `image/png`.',
  })
  contentType?: string | null;

  @Field(() => SafeInt, { nullable: true, description: "The file's size, as its sender gave it." })
  sizeBytes?: number | null;
}

@ObjectType({
  simpleResolvers: true,
  description: 'What somebody said. Once deleted it keeps its place, without words.',
})
@Entity('messages')
export class Message {
  @Field(() => ID, { description: "Parley's own id of the message." })
  @PrimaryColumn('uuid')
  id!: string;

  @Field(() => ID, { description: 'The id of the conversation that it is in.' })
  @Column('uuid')
  conversationId!: string;

  @Field(() => Int, { description: "Place in the conversation's log." })
  @Column('integer')
  sequence!: number;

  @Field(() => Int, {
    description: '1, and one more at every edit or deletion: a cache keeps the greater.',
  })
  @Column('integer')
  version!: number;

  /** null for a system message. */
  @Column('text', { nullable: true })
  senderId!: string | null;

  @Field(() => String, { description: 'Plain text as its sender gave it; `""` once deleted.' })
  @Column('text')
  content!: string;

  @Field(() => [Attachment], { description: 'The files that it points at; empty once deleted.' })
  @Column('jsonb')
  attachments!: Attachment[];

  @Column('uuid', { nullable: true })
  replyToId!: string | null;

  @Field(() => String, { nullable: true, description: 'As its sender gave it.' })
  @Column('text', { nullable: true })
  clientMessageId!: string | null;

  @Field(() => DateTime, { description: 'When it was sent.' })
  @Column('timestamptz')
  createdAt!: Date;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was last edited; null for never.',
  })
  @Column('timestamptz', { nullable: true })
  editedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it was deleted; null while it is not.',
  })
  @Column('timestamptz', { nullable: true })
  deletedAt!: Date | null;
}
