import { Field, ID, ObjectType } from 'type-graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { HttpUrl } from '../input/scalars';

@ObjectType({ simpleResolvers: true, description: 'A person of the host platform.' })
@Entity('users')
export class User {
  @Field(() => ID, {
    description: "The host platform's own user id, an opaque string of 1 to 128 characters.",
  })
  @PrimaryColumn('text')
  id!: string;

  @Field(() => String, { description: 'The name by which others know them.' })
  @Column('text')
  username!: string;

  @Field(() => String, { nullable: true, description: 'The name to show; null for none.' })
  @Column('text', { nullable: true })
  displayName!: string | null;

  @Field(() => HttpUrl, { nullable: true, description: 'Their picture; null for none.' })
  @Column('text', { nullable: true })
  avatarUrl!: string | null;

  @Column('timestamptz', { nullable: true })
  lastSeenAt!: Date | null;

  @Column('timestamptz', { nullable: true })
  deactivatedAt!: Date | null;
}

/** Returns a user of whom only the id is shown: the name is empty, and the rest is null. */
export function idOnly(id: string): User {
  return Object.assign(new User(), {
    id,
    username: '',
    displayName: null,
    avatarUrl: null,
    lastSeenAt: null,
    deactivatedAt: null,
  });
}

/** The ids of two users. */
export interface UserPair {
  one: string;
  other: string;
}
