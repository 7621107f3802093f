import * as documents from '@parley/client/documents';
import { printableLine } from '../printable.mjs';
import { command } from './command.mjs';

/** @typedef {import('./command.mjs').Chat} Chat */

/** @type {Record<string, import('./command.mjs').Command>} */
export const CONVERSATIONS = {
  list: command(
    '[archived]',
    'your newest 15 conversations, or archived ones',
    'list archived',
    async (chat, rest) => {
      if (rest !== '' && rest !== 'archived') throw new Error('"list" or "list archived"');
      const variables = { first: 15, archived: rest === 'archived' };
      const { conversations } = await chat.client.request(
        documents.ConversationsDocument,
        variables,
      );
      chat.list = conversations.nodes;
      chat.completion.subjects = chat.list.map(({ subject }) => subject ?? null);
      for (const [index, one] of chat.list.entries()) {
        for (const { user } of one.participants) chat.completion.people.add(user.id);
        const people = one.participants.map(({ user }) => user.username);
        const { id, subject, unreadCount: unread, archived } = one;
        const number = index + 1;
        chat.screen.show({ type: 'conversation', number, id, subject, people, unread, archived });
      }
      if (chat.list.length === 0) chat.screen.say(emptyList(rest));
    },
  ),
  open: command(
    'NUMBER|SUBJECT',
    'opens one of the list, and shows what happens in it',
    'open 1',
    (chat, rest) => chat.open(chosen(chat, rest)),
  ),
  close: command('', 'closes the open conversation', 'close', (chat) => chat.leave()),
  start: command(
    'USER... [: SUBJECT]',
    'starts a conversation and opens it',
    'start bob carol: A trip',
    async (chat, rest) => {
      const [users = '', ...subject] = rest.split(':');
      const participantIds = users.split(/[\s,]+/).filter(Boolean);
      if (participantIds.length === 0) throw new Error('with whom? For example: start bob');
      const input = { participantIds, subject: subject.join(':').trim() || null };
      const { startConversation } = await chat.client.request(documents.StartConversationDocument, {
        input,
      });
      await chat.open(startConversation.conversation);
    },
  ),
  archive: command('', 'moves the open conversation out of your list', 'archive', (chat) =>
    archive(chat, true),
  ),
  unarchive: command('', 'moves it back into your list', 'unarchive', (chat) =>
    archive(chat, false),
  ),
  mute: command(
    '[HOURS]',
    'for that long, 8 hours if not said, nothing in it notifies you',
    'mute 24',
    async (chat, rest) => {
      const hours = Number(rest || 8);
      if (!(hours > 0 && hours <= 87_600)) throw new Error(`"${rest}" is no number of hours`);
      await mute(chat, new Date(Date.now() + hours * 3_600_000).toISOString());
    },
  ),
  unmute: command('', 'lets it notify you again', 'unmute', (chat) => mute(chat, null)),
};

/** @param {string} which */
function emptyList(which) {
  if (which === 'archived') return 'no conversation is archived';
  return 'no conversation is here yet; "start bob" starts one with bob';
}

/**
 * @param {Chat} chat
 * @param {string} text a number of the list, an id, or how a subject begins
 */
function chosen(chat, text) {
  const { list } = chat;
  if (text === '') throw new Error('which one? For example: open 1');
  const lower = printableLine(text).toLowerCase();
  const begins = (/** @type {string} */ subject) =>
    printableLine(subject).toLowerCase().startsWith(lower);
  const found =
    (/^\d+$/.test(text) ? list[Number(text) - 1] : undefined) ??
    list.find(({ id, subject }) => id === text || begins(subject ?? ''));
  if (!found) throw new Error(`no conversation of the list is "${text}"; "list" shows them`);
  return found;
}

/**
 * @param {Chat} chat
 * @param {boolean} archived
 */
async function archive(chat, archived) {
  const input = { conversationId: chat.opened().id, archived };
  await chat.client.request(documents.ArchiveConversationDocument, { input });
  chat.screen.say(archived ? 'archived; "list archived" shows it' : 'back in the list');
}

/**
 * @param {Chat} chat
 * @param {string | null} until
 */
async function mute(chat, until) {
  const input = { conversationId: chat.opened().id, until };
  await chat.client.request(documents.MuteConversationDocument, { input });
  chat.screen.say(until === null ? 'not muted any more' : `muted until ${until}`);
}
