import { ArgsType, Field, ID, Int } from 'type-graphql';

/** The conversation of a log stream, and the position at which it begins. */
@ArgsType()
export class LogArgs {
  @Field(() => ID, { nullable: true, description: 'A conversation of yours; null for all.' })
  conversationId?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The position from which to go on; null for now. Needs `conversationId`.',
  })
  after?: number | null;
}

@ArgsType()
export class ViewingLogArgs extends LogArgs {
  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether you have the conversation open.',
  })
  viewing!: boolean;
}
