import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import { BlockResolver } from './block.resolver';
import type { Context } from './context';
import { ConversationResolver } from './conversation.resolver';
import { CustomEventResolver } from './custom-event.resolver';
import { ConversationEventResolver, ConversationLogResolver } from './event.resolver';
import { ListResolver } from './list.resolver';
import { MessageResolver } from './message.resolver';
import { MarkNotificationsReadPayloadResolver, NotificationResolver } from './notification.resolver';
import { OfferItemResolver, OfferResolver, OfferTransitionResolver } from './offer.resolver';
import { ParticipantResolver } from './participant.resolver';
import { MarkReadPayloadResolver, ReadReceiptResolver } from './receipt.resolver';
import { TypingResolver } from './typing.resolver';
import { PresenceResolver, UserResolver } from './user.resolver';
import { ViewerResolver } from './viewer.resolver';

let schema: GraphQLSchema | null = null;

/** The executable schema. Resolvers hold no state, so one serves every node of this process. */
export function getSchema(): GraphQLSchema {
  schema ??= onceEach(
    buildSchemaSync({
      resolvers: [
        UserResolver,
        PresenceResolver,
        ConversationResolver,
        ParticipantResolver,
        MarkReadPayloadResolver,
        ConversationLogResolver,
        ConversationEventResolver,
        MessageResolver,
        OfferResolver,
        OfferItemResolver,
        OfferTransitionResolver,
        TypingResolver,
        ViewerResolver,
        ReadReceiptResolver,
        ListResolver,
        NotificationResolver,
        MarkNotificationsReadPayloadResolver,
        BlockResolver,
        CustomEventResolver,
      ],
      orphanedTypes: [],
      // Arguments are checked by the services, whose errors name the field.
      validate: false,
      // Demanded although every subscription brings its own stream.
      pubSub: {
        publish: () => {},
        subscribe: () => {
          throw new Error('Every subscription has a stream of its own.');
        },
      },
    }),
  );
  return schema;
}

/**
 * The fields of one operation run once each, however often it is executed. Those of a mutation run one after the other: what
 * an earlier one loaded is not how things are now.
 */
function onceEach(built: GraphQLSchema): GraphQLSchema {
  for (const type of [built.getQueryType()!, built.getMutationType()!])
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve!;
      field.resolve = (source, args, context: Context, info) =>
        context.once(info.path.key, () => {
          if (info.operation.operation === 'mutation') context.refresh();
          return resolve(source, args, context, info);
        });
    }
  return built;
}
