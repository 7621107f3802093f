import 'reflect-metadata';
import type { GraphQLSchema } from 'graphql';
import { buildSchemaSync } from 'type-graphql';
import type { Context } from './context';
import { BlockResolver } from './resolvers/block.resolver';
import { ConversationResolver } from './resolvers/conversation.resolver';
import {
  ConversationEventResolver,
  ConversationLogResolver,
} from './resolvers/conversation-event.resolver';
import { ConversationListResolver } from './resolvers/conversation-list.resolver';
import { CustomEventResolver } from './resolvers/custom-event.resolver';
import { MessageResolver } from './resolvers/message.resolver';
import {
  MarkNotificationsReadPayloadResolver,
  NotificationResolver,
} from './resolvers/notification.resolver';
import {
  OfferItemResolver,
  OfferResolver,
  OfferTransitionResolver,
} from './resolvers/offer.resolver';
import { ParticipantResolver } from './resolvers/participant.resolver';
import { MarkReadPayloadResolver, ReadReceiptResolver } from './resolvers/receipt.resolver';
import { TypingResolver } from './resolvers/typing.resolver';
import { PresenceResolver, UserResolver } from './resolvers/user.resolver';
import { ViewerResolver } from './resolvers/viewer.resolver';

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
        ConversationListResolver,
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
        context.resolveOnce(info.path.key, () => {
          if (info.operation.operation === 'mutation') context.dropLoaders();
          return resolve(source, args, context, info);
        });
    }
  return built;
}
