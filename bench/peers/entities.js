// TypeORM's entities over Parley's tables, for the textbook.
const { EntitySchema } = require('typeorm');

const User = new EntitySchema({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: 'text', primary: true },
    username: { type: 'text' },
    displayName: { type: 'text', name: 'display_name', nullable: true },
  },
});

const Conversation = new EntitySchema({
  name: 'Conversation',
  tableName: 'conversations',
  columns: {
    id: { type: 'uuid', primary: true },
    subject: { type: 'text', nullable: true },
    lastSequence: { type: 'integer', name: 'last_sequence' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
});

const Participant = new EntitySchema({
  name: 'Participant',
  tableName: 'participants',
  columns: {
    conversationId: { type: 'uuid', primary: true, name: 'conversation_id' },
    userId: { type: 'text', primary: true, name: 'user_id' },
    lastReadSequence: { type: 'integer', name: 'last_read_sequence' },
    leftAt: { type: 'timestamptz', name: 'left_at', nullable: true },
  },
});

const Message = new EntitySchema({
  name: 'Message',
  tableName: 'messages',
  columns: {
    id: { type: 'uuid', primary: true },
    sequence: { type: 'integer' },
    version: { type: 'integer' },
    content: { type: 'text' },
    createdAt: { type: 'timestamptz', name: 'created_at' },
  },
  relations: {
    sender: { type: 'many-to-one', target: 'User', joinColumn: { name: 'sender_id' } },
    conversation: {
      type: 'many-to-one',
      target: 'Conversation',
      joinColumn: { name: 'conversation_id' },
    },
  },
});

module.exports = { User, Conversation, Participant, Message };
