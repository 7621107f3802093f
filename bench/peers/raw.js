// A bare WebSocket: one text, made once an event, written to each socket. It stores nothing and asks nobody who they are.
const { randomUUID } = require('node:crypto');
const Redis = require('ioredis');
const { WebSocketServer } = require('ws');

const CHANNEL = 'raw:';
const SUBSCRIPTION_ID = randomUUID();

/** Sockets of each conversation. */
const rooms = new Map();
const sequences = new Map();
const bus = process.env.REDIS_URL
  ? redisBus(process.env.REDIS_URL)
  : { publish: deliver, subscribe() {} };

function redisBus(url) {
  const publisher = new Redis(url);
  const subscriber = new Redis(url);
  subscriber.on('message', (channel, text) => deliver(channel.slice(CHANNEL.length), text));
  return {
    publish: (conversationId, text) => publisher.publish(CHANNEL + conversationId, text),
    subscribe: (conversationId) => subscriber.subscribe(CHANNEL + conversationId),
  };
}

function deliver(conversationId, text) {
  for (const socket of rooms.get(conversationId) ?? []) socket.send(text);
}

/** What a GraphQL server would send, to the byte or nearly. */
function frameOf({ conversationId, content }) {
  const sequence = (sequences.get(conversationId) ?? 0) + 1;
  sequences.set(conversationId, sequence);
  const messageAdded = {
    id: randomUUID(),
    sequence,
    content,
    createdAt: new Date().toISOString(),
    version: 1,
    sender: { id: 'user-0', displayName: 'User number 0' },
    conversation: { id: conversationId },
  };
  return JSON.stringify({ id: SUBSCRIPTION_ID, type: 'next', payload: { data: { messageAdded } } });
}

async function join(socket, conversationId) {
  const room = rooms.get(conversationId) ?? new Set();
  rooms.set(conversationId, room.add(socket));
  socket.on('close', () => room.delete(socket));
  await bus.subscribe(conversationId);
}

const server = new WebSocketServer({
  host: '127.0.0.1',
  port: Number(process.env.PORT),
  perMessageDeflate: false,
  backlog: 4096,
});
server.on('connection', (socket) => {
  socket.on('message', async (data) => {
    const request = JSON.parse(data);
    if (request.join) await join(socket, request.join);
    if (request.send) bus.publish(request.send.conversationId, frameOf(request.send));
    socket.send(JSON.stringify({ answer: request.id }));
  });
});
