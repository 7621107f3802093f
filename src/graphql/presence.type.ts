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

  /** The user, when known to be visible to the caller. If undefined, {@link shared} decides. */
  user?: User;

  /**
   * True when the two share a conversation. The caller then sees the user, even where a block hides
   * the presence.
   */
  shared!: boolean;
}
