import type { GraphQLResolveInfo } from 'graphql';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Info,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import { Conversation } from '../../conversation/conversation.entity';
import type { LogEvent } from '../../events';
import { HttpUrl, SafeInt } from '../../input/scalars';
import { type Attachment, Message } from '../../message/message.entity';
import type { PostMessage, SendMessage } from '../../message/message.service';
import { User } from '../../people/user.entity';
import type { Context } from '../context';
import { DependsOn } from '../depends-on';
import { joinedSequence } from '../participation';
import { ViewingLogArgs } from '../streams/log.args';
import { logStream } from '../streams/log.streams';
import { connectionOf } from './connection.type';
import { selectsOnlyId } from './only-id';

export const MessageConnection = connectionOf('Message', Message);

@InputType({ description: 'A file that lies somewhere else, for a message to point at.' })
class AttachmentInput implements Attachment {
  @Field(() => HttpUrl, {
    description: 'Where the file is. The service may admit some origins only.',
  })
  url!: string;

  @Field(() => String, { nullable: true, description: "The file's name: at most 200 characters." })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The media type, e.g. `image/png`: at most 200 characters.',
  })
  contentType?: string | null;

  @Field(() => SafeInt, { nullable: true, description: "The file's size: 0 or more." })
  sizeBytes?: number | null;
}

@InputType({ description: 'A message to send.' })
class SendMessageInput implements SendMessage {
  @Field(() => ID, { description: 'A conversation of yours.' })
  conversationId!: string;

  @Field(() => String, {
    description: '1 to 10,000 characters, or `""` with attachments. Kept as given.',
  })
  content!: string;

  @Field(() => [AttachmentInput], { nullable: true, description: 'At most 10.' })
  attachments?: AttachmentInput[] | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The message that it answers: one of the same conversation that you see.',
  })
  replyToId?: string | null;

  @Field(() => String, {
    nullable: true,
    description: '1 to 64 characters, unique among yours: makes a retry safe.',
  })
  clientMessageId?: string | null;
}

@InputType({ description: 'The new words of a message.' })
class EditMessageInput {
  @Field(() => ID, { description: 'A message of yours that is not deleted.' })
  messageId!: string;

  @Field(() => String, { description: '1 to 10,000 characters, or `""` where it has attachments.' })
  content!: string;
}

@InputType({ description: 'Which message to delete.' })
class DeleteMessageInput {
  @Field(() => ID, { description: 'A message of yours.' })
  messageId!: string;
}

@InputType({ description: 'Words of the platform for a conversation.' })
class PostSystemMessageInput implements PostMessage {
  @Field(() => ID, { description: 'Any conversation.' })
  conversationId!: string;

  @Field(() => String, { description: '1 to 10,000 characters.' })
  content!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a retry safe. Unique in the conversation.',
  })
  clientMessageId?: string | null;
}

@ObjectType({ simpleResolvers: true, description: 'The message that was posted.' })
class PostSystemMessagePayload {
  @Field(() => Message, { description: 'The message, without a sender.' })
  message!: Message;
}

@ObjectType({ simpleResolvers: true, description: 'The message that was sent.' })
class SendMessagePayload {
  @Field(() => Message, { description: 'The message, with its place in the log.' })
  message!: Message;
}

@ObjectType({ simpleResolvers: true, description: 'The message after the edit.' })
class EditMessagePayload {
  @Field(() => Message, { description: 'The message, with the new words and a greater version.' })
  message!: Message;
}

@ObjectType({ simpleResolvers: true, description: 'The message after its deletion.' })
class DeleteMessagePayload {
  @Field(() => Message, { description: 'The message, without words and attachments.' })
  message!: Message;
}

@Resolver(() => Message)
export class MessageResolver {
  @FieldResolver(() => Conversation, { description: 'The conversation that it is in.' })
  conversation(
    @Root() { conversationId }: Message,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Pick<Conversation, 'id'> | Promise<Conversation> {
    return selectsOnlyId(info)
      ? { id: conversationId }
      : context.loaders.conversation.load(conversationId);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Null for a system message.' })
  sender(
    @Root() { senderId }: Message,
    @Ctx() context: Context,
    @Info() info: GraphQLResolveInfo,
  ): Pick<User, 'id'> | Promise<User> | null {
    if (senderId === null) return null;
    return selectsOnlyId(info) ? { id: senderId } : context.loaders.user.load(senderId);
  }

  @DependsOn('members')
  @FieldResolver(() => Message, {
    nullable: true,
    description: 'Null too where it is not yours to see.',
  })
  async replyTo(@Root() message: Message, @Ctx() context: Context): Promise<Message | null> {
    if (message.replyToId === null) return null;
    const [target, joined] = await Promise.all([
      context.loaders.message.load(message.replyToId),
      joinedSequence(context, message.conversationId),
    ]);
    return target.sequence > joined ? target : null;
  }

  @Mutation(() => SendMessagePayload, {
    description:
      'Also marks the conversation read for you, ends your typing, and un-archives it for ' +
      'everyone.',
  })
  async sendMessage(
    @Arg('input', () => SendMessageInput, { description: 'The conversation and the words.' })
    input: SendMessageInput,
    @Ctx() context: Context,
  ): Promise<SendMessagePayload> {
    const message = await context.services.messages.service.send(context.caller, input);
    const { id: messageId, conversationId, sequence } = message;
    context.log.info({ messageId, conversationId, sequence }, 'message sent');
    return { message };
  }

  @Mutation(() => PostSystemMessagePayload, {
    description: "Service tokens only. Words that stay, in nobody's name.",
  })
  async postSystemMessage(
    @Arg('input', () => PostSystemMessageInput, { description: 'The conversation and the words.' })
    input: PostSystemMessageInput,
    @Ctx() context: Context,
  ): Promise<PostSystemMessagePayload> {
    const message = await context.services.messages.service.post(context.caller, input);
    const { id: messageId, conversationId, sequence } = message;
    context.log.info({ messageId, conversationId, sequence }, 'message sent');
    return { message };
  }

  @Mutation(() => EditMessagePayload, {
    description: 'Its sender only. The same words again change nothing.',
  })
  async editMessage(
    @Arg('input', () => EditMessageInput, { description: 'The message and its new words.' }) {
      messageId,
      content,
    }: EditMessageInput,
    @Ctx() context: Context,
  ): Promise<EditMessagePayload> {
    return {
      message: await context.services.messages.service.edit(context.caller, messageId, content),
    };
  }

  @Mutation(() => DeleteMessagePayload, {
    description: 'Its sender only. The message keeps its place, without words.',
  })
  async deleteMessage(
    @Arg('input', () => DeleteMessageInput, { description: 'The message.' }) {
      messageId,
    }: DeleteMessageInput,
    @Ctx() context: Context,
  ): Promise<DeleteMessagePayload> {
    return { message: await context.services.messages.service.delete(context.caller, messageId) };
  }

  @Subscription(() => Message, {
    subscribe: ({ args, context }) => logStream(context, args, ['MESSAGE_ADDED'], args.viewing),
    description:
      'New messages of one conversation, in order and once; without `conversationId` of all of ' +
      'yours, live. With `viewing` you count as having it open.',
  })
  messageAdded(
    @Root() event: LogEvent,
    @Args(() => ViewingLogArgs) _args: ViewingLogArgs,
    @Ctx() context: Context,
  ): Promise<Message> {
    return context.loaders.message.load(event.messageId!);
  }
}
