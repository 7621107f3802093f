import { ArgsType, Field, ID, Int } from 'type-graphql';

/** The conversation of a log stream, and the position at which it begins. */
@ArgsType()
export class LogArgs {
  @Field(() => ID, { nullable: true })
  conversationId?: string | null;

  @Field(() => Int, { nullable: true })
  after?: number | null;
}

@ArgsType()
export class ViewingLogArgs extends LogArgs {
  @Field(() => Boolean, { defaultValue: true })
  viewing!: boolean;
}
