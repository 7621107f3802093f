import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { BadUserInputError, ForbiddenError } from '../../errors';
import { HttpUrl } from '../../input/scalars';
import { requireService, requireUser, userIdOf } from '../../people/caller';
import { MAX_UPSERTS, type UserProfile } from '../../people/user.directory';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { DependsOn } from '../depends-on';
import { Presence } from '../presence.type';
import { presenceStream } from '../streams/presence.stream';
import { selectsOnlyId } from './only-id';

@InputType({ description: 'A user as the platform knows them.' })
class UpsertUserInput implements UserProfile {
  @Field(() => ID, { description: "The platform's id: 1 to 128 characters." })
  id!: string;

  @Field(() => String, { description: 'The name by which others know them: 1 to 200 characters.' })
  username!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The name to show: at most 200 characters; without it they have none.',
  })
  displayName?: string | null;

  @Field(() => HttpUrl, {
    nullable: true,
    description: 'Their picture; without it they have none.',
  })
  avatarUrl?: string | null;
}

@InputType({ description: 'Who is to be deactivated.' })
class DeactivateUserInput {
  @Field(() => ID, { description: "The platform's id of the user." })
  userId!: string;
}

@ObjectType({ simpleResolvers: true, description: 'The user as they are now.' })
class UpsertUserPayload {
  @Field(() => User, { description: 'The user.' })
  user!: User;

  @Field(() => Boolean, { description: 'False: the user was there and is up to date now.' })
  created!: boolean;
}

@ObjectType({ simpleResolvers: true, description: 'The users as they are now.' })
class UpsertUsersPayload {
  @Field(() => [User], { description: 'In the order of the input.' })
  users!: User[];
}

@ObjectType({ simpleResolvers: true, description: 'The user who was deactivated.' })
class DeactivateUserPayload {
  @Field(() => User, { description: 'The user.' })
  user!: User;
}

@Resolver(() => User)
export class UserResolver {
  @Query(() => User, { description: 'Who you are. FORBIDDEN for a service token.' })
  me(@Ctx() context: Context): Promise<User> {
    return context.loaders.user.load(requireUser(context.caller).userId);
  }

  @Query(() => User, {
    nullable: true,
    description:
      'Somebody with whom you share a conversation, else null. A service token finds everyone.',
  })
  async user(
    @Arg('id', () => ID, { description: "The platform's id of the user." }) id: string,
    @Ctx() context: Context,
  ): Promise<User | null> {
    const callerId = userIdOf(context.caller);
    const {
      conversations: { reader: conversationReader },
    } = context.services;
    if (
      callerId !== null &&
      !(await conversationReader.areSharing([{ one: callerId, other: id }]))[0]
    )
      return null;
    const [user] = await context.services.people.users.byIds([id]);
    return user ?? null;
  }

  @Query(() => [User], { description: 'Service tokens only. Everyone online.' })
  async activeUsers(@Ctx() context: Context): Promise<User[]> {
    requireService(context.caller);
    const users = await context.services.people.users.byIds(
      await context.services.presence.reader.onlineUserIds(),
    );
    return users.filter((user) => user !== null);
  }

  @DependsOn('caller')
  @FieldResolver(() => Presence, { description: 'Whether they are there, as far as you may know.' })
  async presence(@Root() user: User, @Ctx() context: Context): Promise<Presence> {
    return {
      ...(await context.loaders.presence.load({ callerId: userIdOf(context.caller), id: user.id })),
      user,
    };
  }

  @Mutation(() => UpsertUserPayload, {
    description: 'Service tokens only. Makes a user, or brings one up to date.',
  })
  async upsertUser(
    @Arg('input', () => UpsertUserInput, { description: 'The user as the platform knows them.' })
    input: UpsertUserInput,
    @Ctx() context: Context,
  ): Promise<UpsertUserPayload> {
    requireService(context.caller);
    const [upserted] = await context.services.people.users.upsert([input], () => 'input');
    return upserted!;
  }

  @Mutation(() => UpsertUsersPayload, {
    description: 'Service tokens only. At most 500 at once; all or none.',
  })
  async upsertUsers(
    @Arg('input', () => [UpsertUserInput], { description: 'The users as the platform knows them.' })
    input: UpsertUserInput[],
    @Ctx() context: Context,
  ): Promise<UpsertUsersPayload> {
    requireService(context.caller);
    if (input.length > MAX_UPSERTS)
      throw new BadUserInputError('input', `must be at most ${MAX_UPSERTS}`);
    const upserted = await context.services.people.users.upsert(input, (index) => `input.${index}`);
    return { users: upserted.map(({ user }) => user) };
  }

  @Mutation(() => DeactivateUserPayload, {
    description:
      'Service tokens only. Ends their connections and their pending offers; nobody is let in ' +
      'as them again.',
  })
  async deactivateUser(
    @Arg('input', () => DeactivateUserInput, { description: 'The user.' }) {
      userId,
    }: DeactivateUserInput,
    @Ctx() context: Context,
  ): Promise<DeactivateUserPayload> {
    return {
      user: await context.services.conversations.memberships.deactivate(context.caller, userId),
    };
  }
}

@Resolver(() => Presence)
export class PresenceResolver {
  @FieldResolver(() => User, { description: 'The person.' })
  async user(
    @Root() presence: Presence,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Pick<User, 'id'>> {
    if (presence.user) return presence.user;
    // A user who shares no conversation with the caller and an unknown id give the same answer.
    if (!presence.shared) throw new ForbiddenError();
    return selectsOnlyId(info) ? { id: presence.id } : context.loaders.user.load(presence.id);
  }

  @Subscription(() => Presence, {
    subscribe: ({ args, context }) => presenceStream(context, args.userIds ?? null),
    description:
      "Each one's present state first, then changes. At most 200 users; without `userIds` the " +
      '200 whom you talked with most recently.',
  })
  userPresence(
    @Root() presence: Presence,
    @Arg('userIds', () => [ID], {
      nullable: true,
      description: "The platform's ids of the users; null for those whom you talk with.",
    })
    _userIds: string[] | null,
  ): Presence {
    return presence;
  }
}
