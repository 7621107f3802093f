import { Field, ID, ObjectType } from 'type-graphql';
import { DateTime } from '../input/scalars';
import type { User } from '../people/user.entity';

@ObjectType({
  simpleResolvers: true,
  description: 'Whether somebody is there. Visible to those who share a conversation with them.',
})
export class Presence {
  @Field(() => ID, { description: "The user's id." })
  id!: string;

  @Field(() => Boolean, { description: 'True while at least one device is connected.' })
  online!: boolean;

  @Field(() => DateTime, {
    nullable: true,
    description:
      "When the user last connected or left; null if never, or not the viewer's to know.",
  })
  lastSeenAt!: Date | null;

  /** Whose it is, where the viewer sees that person anyway; undefined: to be looked at. */
  user?: User;

  /** Whether the viewer may know: they share a conversation, and no block is between them. */
  visible!: boolean;

  /** Whether they share a conversation: the viewer sees the person, though perhaps not their presence. */
  shared!: boolean;
}
