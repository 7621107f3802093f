import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { BadUserInputError, UnauthenticatedError } from '../../errors';
import { DateTime } from '../../input/scalars';
import { User } from '../../people/user.entity';
import type { Context } from '../context';

@InputType()
class RenewSessionInput {
  @Field(() => String, { description: 'A token of the user who you are, without `Bearer`.' })
  token!: string;
}

@ObjectType({ simpleResolvers: true })
class RenewSessionPayload {
  @Field(() => DateTime, { nullable: true, description: 'Null: the token never expires.' })
  expiresAt!: Date | null;
}

@InputType()
class RevokeTokensInput {
  @Field(() => ID)
  userId!: string;
}

@ObjectType({ simpleResolvers: true })
class RevokeTokensPayload {
  @Field(() => User)
  user!: User;
}

@Resolver()
export class SessionResolver {
  @Mutation(() => RenewSessionPayload, {
    description:
      "Over a WebSocket: replaces the connection's token, so that it goes on when the one before " +
      'expires.',
  })
  async renewSession(
    @Arg('input', () => RenewSessionInput) { token }: RenewSessionInput,
    @Ctx() context: Context,
  ): Promise<RenewSessionPayload> {
    if (!context.authenticated) throw new UnauthenticatedError();
    if (!context.connection)
      throw new BadUserInputError('input.token', 'can be renewed over a WebSocket alone');
    const { expiresAt } = await context.connection.renewSession(token);
    return { expiresAt: expiresAt === null ? null : new Date(expiresAt * 1_000) };
  }

  @Mutation(() => RevokeTokensPayload, {
    description:
      "Service tokens only. Refuses the user's tokens that were issued before now, and ends the " +
      'connections with them. Takes up to a second: a token that is issued after the answer is ' +
      'accepted.',
  })
  async revokeTokens(
    @Arg('input', () => RevokeTokensInput) { userId }: RevokeTokensInput,
    @Ctx() context: Context,
  ): Promise<RevokeTokensPayload> {
    return { user: await context.services.people.revocations.revoke(context.caller, userId) };
  }
}
