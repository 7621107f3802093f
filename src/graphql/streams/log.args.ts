import { ArgsType, Field, ID, Int } from 'type-graphql';

/** Where a stream of log events begins. */
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
