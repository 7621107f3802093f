// GraphQL Yoga with graphql-ws beside it, as its documentation shows, and its own PubSub.
const { createServer } = require('node:http');
const { createRedisEventTarget } = require('@graphql-yoga/redis-event-target');
const { useServer } = require('graphql-ws/use/ws');
const { createPubSub, createSchema, createYoga } = require('graphql-yoga');
const Redis = require('ioredis');
const { WebSocketServer } = require('ws');
const typeDefs = require('./schema');
const { findUser, isParticipant, sendMessage } = require('./store');
const { bearerOf } = require('./viewer');

const eventTarget = process.env.REDIS_URL
  ? createRedisEventTarget({
      publishClient: new Redis(process.env.REDIS_URL),
      subscribeClient: new Redis(process.env.REDIS_URL),
    })
  : undefined;
const pubsub = createPubSub(eventTarget && { eventTarget });

const resolvers = {
  Query: { me: (_parent, _args, { user }) => user },
  Mutation: {
    sendMessage: async (_parent, { input }, { user }) => {
      const stored = await sendMessage(user.id, input, []);
      const message = {
        ...stored,
        createdAt: stored.createdAt.toISOString(),
        sender: user,
        conversation: { id: input.conversationId },
      };
      pubsub.publish('messageAdded', input.conversationId, message);
      return { message };
    },
  },
  Subscription: {
    messageAdded: {
      subscribe: async (_parent, { conversationId }, { user }) => {
        if (!(await isParticipant(conversationId, user.id))) throw new Error('FORBIDDEN');
        return pubsub.subscribe('messageAdded', conversationId);
      },
      resolve: (message) => message,
    },
  },
};

const yoga = createYoga({
  schema: createSchema({ typeDefs, resolvers }),
  logging: 'warn',
  landingPage: false,
});
const http = createServer(yoga);
const sockets = new WebSocketServer({ server: http, path: yoga.graphqlEndpoint });

useServer(
  {
    execute: (args) => args.rootValue.execute(args),
    subscribe: (args) => args.rootValue.subscribe(args),
    onConnect: async ({ extra, connectionParams }) => {
      extra.user = await findUser(bearerOf(connectionParams.authorization));
      return extra.user !== undefined;
    },
    onSubscribe: async (context, _id, params) => {
      const { schema, execute, subscribe, contextFactory, parse, validate } = yoga.getEnveloped({
        ...context,
        req: context.extra.request,
        socket: context.extra.socket,
        params,
      });
      const args = {
        schema,
        operationName: params.operationName,
        document: parse(params.query),
        variableValues: params.variables,
        contextValue: { ...(await contextFactory()), user: context.extra.user },
        rootValue: { execute, subscribe },
      };
      const errors = validate(args.schema, args.document);
      return errors.length ? errors : args;
    },
  },
  sockets,
);

http.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
