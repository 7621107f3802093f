import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import { Json } from '../../input/scalars';
import { Message } from '../../message/message.entity';
import { Inbox, Notification } from '../../notification/notification.entity';
import type { MarkNotificationsRead, NotifyUser } from '../../notification/notification.service';
import { Offer } from '../../offer/offer.entity';
import { requireUser } from '../../people/caller';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { DependsOn } from '../depends-on';
import { seenFrom, seesOffer } from '../participation';
import { inboxStream } from '../streams/inbox.stream';
import { notificationStream } from '../streams/notification.stream';
import { type ConnectionValue, connectionOf, toConnection } from './connection.type';
import { After, First } from './page.args';

@ObjectType({ simpleResolvers: true, description: 'A page of notifications.' })
class NotificationConnection extends connectionOf('Notification', Notification) {
  @Field(() => Int, { description: 'Of all your notifications; exact to 999, then 1000.' })
  unreadCount!: number;

  @Field(() => Int, { description: 'Where to subscribe from.' })
  lastSequence!: number;
}

@InputType({ description: 'Which notifications you have read.' })
class MarkNotificationsReadInput implements MarkNotificationsRead {
  @Field(() => [ID], { nullable: true, description: 'At most 500.' })
  ids?: string[] | null;

  @Field(() => Int, { nullable: true, description: 'All up to this place in your inbox.' })
  throughSequence?: number | null;
}

@ObjectType({ simpleResolvers: true, description: 'What was marked, and what is still unread.' })
class MarkNotificationsReadPayload {
  @Field(() => [Notification], { description: 'Those that were unread until now.' })
  notifications!: Notification[];
}

@InputType({ description: 'What a user must not miss.' })
class NotifyUserInput implements NotifyUser {
  @Field(() => ID, { description: "The platform's id of the user." })
  userId!: string;

  @Field(() => String, { description: '1 to 200 characters.' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'At most 2,000 characters.' })
  body?: string | null;

  @Field(() => Json, { nullable: true, description: "Any JSON, for the platform's own clients." })
  data?: unknown;

  @Field(() => String, {
    nullable: true,
    description: '1 to 200 characters: the same key for the same user is the same notification.',
  })
  deduplicationKey?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'The notification, new or of before.' })
class NotifyUserPayload {
  @Field(() => Notification, { description: "The notification in the user's inbox." })
  notification!: Notification;
}

@Resolver(() => Notification)
export class NotificationResolver {
  @Query(() => Inbox, { description: 'Your badges.' })
  inbox(@Ctx() context: Context): Promise<Inbox> {
    return context.loaders.inbox.load(requireUser(context.caller).userId);
  }

  @Query(() => NotificationConnection, {
    description: 'Yours, the newest or most recently grown first.',
  })
  async notifications(
    @Arg('unreadOnly', () => Boolean, {
      defaultValue: false,
      description: 'True to leave out those that you have read.',
    })
    unreadOnly: boolean,
    @First() first: number | null,
    @After() after: string | null,
    @Ctx() context: Context,
  ): Promise<ConnectionValue<Notification> & { unreadCount: number; lastSequence: number }> {
    // The inbox is read before the page. A notification that arrives in between has a sequence
    // after `lastSequence`, so a subscription that begins there delivers it.
    const inbox = await context.loaders.inbox.load(requireUser(context.caller).userId);
    const page = await context.services.notifications.list(context.caller, unreadOnly, {
      first,
      after,
    });
    return {
      ...toConnection(page),
      unreadCount: inbox.unreadNotificationCount,
      lastSequence: inbox.lastNotificationSequence,
    };
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Null when the system or the platform acted.',
  })
  async actor(@Root() { actorId }: Notification, @Ctx() context: Context): Promise<User | null> {
    return actorId === null ? null : context.loaders.user.load(actorId);
  }

  @DependsOn('members')
  @FieldResolver(() => Conversation, {
    nullable: true,
    description: 'Null once you are not in it any more.',
  })
  async conversation(
    @Root() { conversationId }: Notification,
    @Ctx() context: Context,
  ): Promise<Conversation | null> {
    if (conversationId === null || (await seenFrom(context, conversationId)) === null) return null;
    return context.loaders.conversation.load(conversationId);
  }

  @DependsOn('members')
  @FieldResolver(() => Message, {
    nullable: true,
    description: 'NEW_MESSAGE: the newest one, as far as it is yours to see.',
  })
  async message(
    @Root() { conversationId, messageId }: Notification,
    @Ctx() context: Context,
  ): Promise<Message | null> {
    if (conversationId === null || messageId === null) return null;
    const [from, message] = await Promise.all([
      seenFrom(context, conversationId),
      context.loaders.message.load(messageId),
    ]);
    return from !== null && message.sequence > from ? message : null;
  }

  @DependsOn('founders')
  @FieldResolver(() => Offer, { nullable: true, description: 'Null once it is not yours to see.' })
  async offer(@Root() { offerId }: Notification, @Ctx() context: Context): Promise<Offer | null> {
    if (offerId === null) return null;
    const offer = await context.loaders.offer.load(offerId);
    return (await seesOffer(context, offer)) ? offer : null;
  }

  @FieldResolver(() => Inbox, { name: 'inbox', description: 'Your badges at the present.' })
  inboxOf(@Root() { userId }: Notification, @Ctx() context: Context): Promise<Inbox> {
    return context.loaders.inbox.load(userId);
  }

  @Mutation(() => MarkNotificationsReadPayload, {
    description: 'By their ids, or all up to a sequence; or both.',
  })
  async markNotificationsRead(
    @Arg('input', () => MarkNotificationsReadInput, { description: 'The notifications.' })
    input: MarkNotificationsReadInput,
    @Ctx() context: Context,
  ): Promise<MarkNotificationsReadPayload> {
    return { notifications: await context.services.notifications.markRead(context.caller, input) };
  }

  @Mutation(() => NotifyUserPayload, {
    description: 'Service tokens only. What must not be missed.',
  })
  async notifyUser(
    @Arg('input', () => NotifyUserInput, { description: 'The words, and to whom they go.' })
    input: NotifyUserInput,
    @Ctx() context: Context,
  ): Promise<NotifyUserPayload> {
    return { notification: await context.services.notifications.notify(context.caller, input) };
  }

  @Subscription(() => Notification, {
    subscribe: ({ args, context }) => notificationStream(context, args.after ?? null),
    description:
      'Notifications that are new or changed, in order and once; after `after` if given, each ' +
      'in its newest state, else from now on.',
  })
  notificationAdded(
    @Root() notification: Notification,
    @Arg('after', () => Int, {
      nullable: true,
      description: 'The position from which to go on; null for now.',
    })
    _after: number | null,
  ): Notification {
    return notification;
  }

  @Subscription(() => Inbox, {
    subscribe: ({ context }) => inboxStream(context),
    description: 'Your badges as they change, live; changes within 100 ms may come as one.',
  })
  inboxUpdated(@Root() inbox: Inbox): Inbox {
    return inbox;
  }
}

@Resolver(() => MarkNotificationsReadPayload)
export class MarkNotificationsReadPayloadResolver {
  @FieldResolver(() => Int, {
    description: 'Notifications that are still unread; exact to 999, then 1000.',
  })
  async unreadCount(
    @Root() _payload: MarkNotificationsReadPayload,
    @Ctx() context: Context,
  ): Promise<number> {
    return (await ownInbox(context)).unreadNotificationCount;
  }

  @FieldResolver(() => Inbox, { description: 'Your badges after it.' })
  inbox(@Root() _payload: MarkNotificationsReadPayload, @Ctx() context: Context): Promise<Inbox> {
    return ownInbox(context);
  }
}

function ownInbox(context: Context): Promise<Inbox> {
  return context.loaders.inbox.load(requireUser(context.caller).userId);
}
