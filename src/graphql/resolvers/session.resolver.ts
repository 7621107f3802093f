import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { BadUserInputError, UnauthenticatedError } from '../../errors';
import { DateTime } from '../../input/scalars';
import { User } from '../../people/user.entity';
import type { Context } from '../context';

@InputType({ description: "The token that replaces the connection's." })
class RenewSessionInput {
  @Field(() => String, { description: 'A token of the user who you are, without `Bearer`.' })
  token!: string;
}

@ObjectType({ simpleResolvers: true, description: 'How long the connection lasts now.' })
class RenewSessionPayload {
  @Field(() => DateTime, { nullable: true, description: 'Null: the token never expires.' })
  expiresAt!: Date | null;
}

@InputType({ description: 'Whose tokens are to be refused.' })
class RevokeTokensInput {
  @Field(() => ID, { description: "The platform's id of the user." })
  userId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The user whose tokens were revoked.' })
class RevokeTokensPayload {
  @Field(() => User, { description: 'The user.' })
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
    @Arg('input', () => RenewSessionInput, { description: 'The new token.' }) {
      token,
    }: RenewSessionInput,
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
    @Arg('input', () => RevokeTokensInput, { description: 'The user.' }) {
      userId,
    }: RevokeTokensInput,
    @Ctx() context: Context,
  ): Promise<RevokeTokensPayload> {
    return { user: await context.services.people.revocations.revoke(context.caller, userId) };
  }
}
