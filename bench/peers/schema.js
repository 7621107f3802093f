/** The part of Parley's schema that is measured. */
module.exports = /* GraphQL */ `
  scalar DateTime
  type User { id: ID! displayName: String }
  type Conversation { id: ID! unreadCount: Int! }
  type Message {
    id: ID!
    sequence: Int!
    content: String!
    createdAt: DateTime!
    version: Int!
    sender: User
    conversation: Conversation!
  }
  input SendMessageInput { conversationId: ID! content: String! }
  type SendMessagePayload { message: Message! }
  type Query { me: User! }
  type Mutation { sendMessage(input: SendMessageInput!): SendMessagePayload! }
  type Subscription { messageAdded(conversationId: ID!): Message! }
`;
