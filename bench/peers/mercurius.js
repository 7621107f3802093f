// Mercurius with its just-in-time compiler, its own WebSocket side, and mqemitter-redis where there is a Redis.
const Fastify = require('fastify');
const mercurius = require('mercurius');
const mqemitterRedis = require('mqemitter-redis');
const typeDefs = require('./schema');
const { findUser, isParticipant, sendMessage } = require('./store');
const { bearerOf } = require('./viewer');

const topicOf = (conversationId) => `messageAdded:${conversationId}`;

const resolvers = {
  Query: { me: (_parent, _args, { user }) => user },
  Mutation: {
    sendMessage: async (_parent, { input }, { user, pubsub }) => {
      const stored = await sendMessage(user.id, input, []);
      const message = {
        ...stored,
        createdAt: stored.createdAt.toISOString(),
        sender: user,
        conversation: { id: input.conversationId },
      };
      await pubsub.publish({
        topic: topicOf(input.conversationId),
        payload: { messageAdded: message },
      });
      return { message };
    },
  },
  Subscription: {
    messageAdded: {
      subscribe: async (_parent, { conversationId }, { user, pubsub }) => {
        if (!(await isParticipant(conversationId, user.id))) throw new Error('FORBIDDEN');
        return pubsub.subscribe(topicOf(conversationId));
      },
    },
  },
};

function redisOptions(url) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}

const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers,
  jit: 1,
  subscription: {
    fullWsTransport: true,
    ...(process.env.REDIS_URL && { emitter: mqemitterRedis(redisOptions(process.env.REDIS_URL)) }),
    onConnect: async ({ payload }) => ({ user: await findUser(bearerOf(payload.authorization)) }),
  },
});
app.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
