// Socket.IO: a room for each conversation, the Redis adapter where there is a Redis, messages stored as Parley stores them.
const { createServer } = require('node:http');
const { createAdapter } = require('@socket.io/redis-adapter');
const Redis = require('ioredis');
const { Server } = require('socket.io');
const { findUser, isParticipant, sendMessage } = require('./store');
const { userIdOf } = require('./viewer');

const http = createServer();
const io = new Server(http, { transports: ['websocket'] });

if (process.env.REDIS_URL) {
  const publisher = new Redis(process.env.REDIS_URL);
  io.adapter(createAdapter(publisher, publisher.duplicate()));
}

io.use(async (socket, next) => {
  try {
    socket.data.user = await findUser(userIdOf(socket.handshake.auth.token));
    next(socket.data.user ? undefined : new Error('Unauthorized'));
  } catch (error) {
    next(error);
  }
});

io.on('connection', (socket) => {
  const { user } = socket.data;

  socket.on('join', async (conversationId, answer) => {
    if (!(await isParticipant(conversationId, user.id))) return answer({ error: 'FORBIDDEN' });
    await socket.join(conversationId);
    answer({});
  });

  // A person who comes back: joins their conversation's room and those of the people that they watch, and is announced.
  socket.on('return', async ({ conversationId, watched }, answer) => {
    await socket.join([conversationId, ...watched.map(presenceOf)]);
    io.to(presenceOf(user.id)).emit('presence', { id: user.id, online: true });
    answer({});
  });

  socket.on('send', async (input, answer) => {
    try {
      const { id, sequence, content, createdAt, version } = await sendMessage(
        user.id,
        input,
        viewing(input.conversationId),
      );
      const sender = { id: user.id, displayName: user.displayName };
      const conversation = { id: input.conversationId };
      io.to(input.conversationId).emit('message', {
        id,
        sequence,
        content,
        createdAt,
        version,
        sender,
        conversation,
      });
      answer({ id, sequence, createdAt });
    } catch (error) {
      answer({ error: error.message });
    }
  });
});

function presenceOf(userId) {
  return `presence:${userId}`;
}

/** Who is in the room on this node. */
function viewing(conversationId) {
  const sockets = io.of('/').adapter.rooms.get(conversationId) ?? [];
  return [...new Set(Array.from(sockets, (id) => io.of('/').sockets.get(id).data.user.id))];
}

http.listen({ port: Number(process.env.PORT), host: '127.0.0.1', backlog: 4096 });
