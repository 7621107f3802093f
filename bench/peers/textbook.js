// The textbook: Apollo Server behind Express, graphql-ws beside it, a PubSub with withFilter, entities and `save`.
// Kinder than many a tutorial: a topic for each conversation, and the sender published with the message.
const { createServer } = require('node:http');
const { ApolloServer } = require('@apollo/server');
const { expressMiddleware } = require('@as-integrations/express5');
const { makeExecutableSchema } = require('@graphql-tools/schema');
const express = require('express');
const { GraphQLError, GraphQLScalarType } = require('graphql');
const { RedisPubSub } = require('graphql-redis-subscriptions');
const { PubSub, withFilter } = require('graphql-subscriptions');
const { useServer } = require('graphql-ws/use/ws');
const { v7: uuidv7 } = require('uuid');
const { DataSource } = require('typeorm');
const { WebSocketServer } = require('ws');
const { Conversation, Message, Participant, User } = require('./entities');
const typeDefs = require('./schema');
const { bearerOf } = require('./viewer');

const database = new DataSource({
  type: 'postgres',
  url: process.env.DATABASE_URL,
  poolSize: 10,
  entities: [User, Conversation, Participant, Message],
});
const pubsub = process.env.REDIS_URL
  ? new RedisPubSub({ connection: process.env.REDIS_URL })
  : new PubSub();
const topicOf = (conversationId) => `MESSAGE_ADDED.${conversationId}`;

async function requireParticipant(manager, conversationId, { user }) {
  const participant = await manager.findOneBy(Participant, { conversationId, userId: user.id });
  if (!participant || participant.leftAt)
    throw new GraphQLError('Forbidden', { extensions: { code: 'FORBIDDEN' } });
  return participant;
}

function sendMessage(_parent, { input }, context) {
  const { conversationId, content } = input;
  return database
    .transaction(async (manager) => {
      const conversation = await manager.findOneOrFail(Conversation, {
        where: { id: conversationId },
        lock: { mode: 'pessimistic_write' },
      });
      const participant = await requireParticipant(manager, conversationId, context);
      conversation.lastSequence += 1;
      conversation.updatedAt = new Date();
      participant.lastReadSequence = conversation.lastSequence;
      const message = manager.create(Message, {
        id: uuidv7(),
        sequence: conversation.lastSequence,
        version: 1,
        content,
        createdAt: conversation.updatedAt,
        sender: context.user,
        conversation,
      });
      await manager.save(Message, message);
      await manager.save(Conversation, conversation);
      await manager.save(Participant, participant);
      return message;
    })
    .then(async (message) => {
      await pubsub.publish(topicOf(conversationId), { messageAdded: message });
      return { message };
    });
}

const subscribeToMessages = withFilter(
  (_parent, { conversationId }) => pubsub.asyncIterableIterator(topicOf(conversationId)),
  ({ messageAdded }, { conversationId }) => messageAdded.conversation.id === conversationId,
);

const resolvers = {
  DateTime: new GraphQLScalarType({
    name: 'DateTime',
    serialize: (value) => (value instanceof Date ? value.toISOString() : value),
  }),
  Query: { me: (_parent, _args, { user }) => user },
  Mutation: { sendMessage },
  Subscription: {
    messageAdded: {
      subscribe: async (parent, args, context, info) => {
        await requireParticipant(database.manager, args.conversationId, context);
        return subscribeToMessages(parent, args, context, info);
      },
    },
  },
  Conversation: {
    unreadCount: async ({ id }, _args, { user }) => {
      const { lastReadSequence } = await database.manager.findOneByOrFail(Participant, {
        conversationId: id,
        userId: user.id,
      });
      return database.manager
        .createQueryBuilder(Message, 'm')
        .where(
          'm.conversation_id = :id and m.sequence > :lastReadSequence and m.sender_id <> :userId',
        )
        .setParameters({ id, lastReadSequence, userId: user.id })
        .getCount();
    },
  },
};

async function findUser(authorization) {
  const user = await database.manager.findOneBy(User, { id: bearerOf(authorization) });
  if (!user) throw new GraphQLError('Unauthorized', { extensions: { code: 'UNAUTHENTICATED' } });
  return user;
}

async function main() {
  await database.initialize();
  const schema = makeExecutableSchema({ typeDefs, resolvers });
  const app = express();
  const http = createServer(app);

  const sockets = new WebSocketServer({ server: http, path: '/graphql' });
  useServer(
    {
      schema,
      onConnect: async (socket) => {
        socket.extra.user = await findUser(socket.connectionParams.authorization);
      },
      context: ({ extra }) => ({ user: extra.user }),
    },
    sockets,
  );

  const apollo = new ApolloServer({ schema });
  await apollo.start();
  const context = async ({ req }) => ({ user: await findUser(req.headers.authorization) });
  app.use('/graphql', express.json(), expressMiddleware(apollo, { context }));
  http.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
}

main();
