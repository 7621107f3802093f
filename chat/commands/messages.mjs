import * as documents from '@parley/client/documents';
import { command } from './command.mjs';

/** @type {Record<string, import('./command.mjs').Command>} */
export const MESSAGES = {
  history: command('', 'shows the messages and offers again', 'history', (chat) => {
    const room = chat.opened();
    room.shown.clear();
    room.changed();
  }),
  older: command('', 'loads the page of messages before those shown', 'older', (chat) =>
    chat.opened().loadEarlier(),
  ),
  send: command('TEXT', 'sends a message', 'send Is it red?', async (chat, content) => {
    if (content === '') throw new Error('what? For example: send Is it red?');
    const room = chat.opened();
    const input = { conversationId: room.id, content, clientMessageId: crypto.randomUUID() };
    const { sendMessage } = await chat.client.request(documents.SendMessageDocument, { input });
    await room.hasMessage(sendMessage.message);
  }),
  edit: command(
    'NUMBER TEXT',
    'changes one of your messages',
    'edit #12 Is it green?',
    async (chat, rest) => {
      const [, number = '', content = ''] = /^(\S*)\s*(.*)$/s.exec(rest) ?? [];
      const room = chat.opened();
      const { id: messageId } = room.message(number);
      if (content === '') throw new Error('the new text is missing: edit #12 TEXT');
      const input = { messageId, content };
      const { editMessage } = await chat.client.request(documents.EditMessageDocument, { input });
      await room.hasMessage(editMessage.message);
    },
  ),
  delete: command('NUMBER', 'deletes one of your messages', 'delete #12', async (chat, rest) => {
    const room = chat.opened();
    const input = { messageId: room.message(rest).id };
    const answer = await chat.client.request(documents.DeleteMessageDocument, { input });
    await room.hasMessage(answer.deleteMessage.message);
  }),
  type: command(
    '[off]',
    'tells the others that you type, or do not',
    'type off',
    async (chat, rest) => {
      if (rest !== '' && rest !== 'off') throw new Error('"type" or "type off"');
      const input = { conversationId: chat.opened().id, isTyping: rest !== 'off' };
      await chat.client.request(documents.SetTypingDocument, { input });
      chat.screen.say(
        input.isTyping ? 'the others see you type' : 'the others do not see you type',
      );
    },
  ),
  read: command('', 'marks the open conversation read', 'read', async (chat) => {
    const { id: conversationId, state } = chat.opened();
    const input = { conversationId, sequence: state.lastSequence };
    await chat.client.request(documents.MarkReadDocument, { input });
    chat.screen.say(`read up to #${input.sequence}`);
  }),
  receipts: command('', 'shows how far each participant has read', 'receipts', (chat) => {
    for (const { user, lastReadSequence: read } of chat.opened().state.participants)
      chat.screen.show({ type: 'person', user: user.username, read });
  }),
};
