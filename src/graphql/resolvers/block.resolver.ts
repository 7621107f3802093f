import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { requireUser, userIdOf } from '../../people/caller';
import { idOnly, User } from '../../people/user.entity';
import type { Context } from '../context';
import { DependsOn } from '../depends-on';

@InputType({ description: 'Who is meant.' })
class BlockUserInput {
  @Field(() => ID, { description: 'The person to block, or to block no longer.' })
  userId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The person, and whether the block is there.' })
class BlockUserPayload {
  @Field(() => User, { description: 'The person.' })
  user!: User;

  @Field(() => Boolean, { description: 'Whether you block them now.' })
  blocked!: boolean;
}

@Resolver(() => User)
export class BlockResolver {
  @Query(() => [User], { description: 'Whom you block, the newest first.' })
  blockedUsers(@Ctx() context: Context): Promise<User[]> {
    return context.services.people.blocks.blockedBy(context.caller);
  }

  @DependsOn('caller')
  @FieldResolver(() => Boolean, { description: 'Whether you block them.' })
  async blockedByViewer(@Root() user: User, @Ctx() context: Context): Promise<boolean> {
    const one = userIdOf(context.caller);
    return one !== null && context.loaders.blocks.load({ one, other: user.id });
  }

  @Mutation(() => BlockUserPayload, {
    description:
      'Between you two nothing is written any more in a conversation of two, and neither sees ' +
      'the other come, go, type or read.',
  })
  async blockUser(
    @Arg('input', () => BlockUserInput, { description: 'The person to block.' }) {
      userId,
    }: BlockUserInput,
    @Ctx() context: Context,
  ): Promise<BlockUserPayload> {
    return {
      user: await context.services.people.blocks.block(context.caller, userId),
      blocked: true,
    };
  }

  @Mutation(() => BlockUserPayload, {
    description:
      'Where there is no block it changes nothing, and of somebody with whom you share no ' +
      'conversation it answers the id alone: `username` is then empty.',
  })
  async unblockUser(
    @Arg('input', () => BlockUserInput, { description: 'The person to block no longer.' }) {
      userId,
    }: BlockUserInput,
    @Ctx() context: Context,
  ): Promise<BlockUserPayload> {
    const { people, conversations } = context.services;
    const { user, changed } = await people.blocks.unblock(context.caller, userId);
    if (changed) return { user, blocked: false };
    const pair = { one: requireUser(context.caller).userId, other: userId };
    const [isShared] = await conversations.reader.areSharing([pair]);
    return { user: isShared ? user : idOnly(userId), blocked: false };
  }
}
