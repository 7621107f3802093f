import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { BadUserInputError, UnauthenticatedError } from '../../errors';
import { DateTime } from '../../input/scalars';
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
}
