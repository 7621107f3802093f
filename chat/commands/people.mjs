import * as documents from '@parley/client/documents';
import { command } from './command.mjs';

/** @typedef {import('./command.mjs').Chat} Chat */

/** @type {Record<string, import('./command.mjs').Command>} */
export const PEOPLE = {
  who: command('', 'shows who takes part, is online, and views it', 'who', async (chat) => {
    const { id, state } = chat.opened();
    const viewing = await viewersOf(chat, id);
    for (const { user } of state.participants) {
      const answer = await chat.client.request(documents.UserDocument, { id: user.id });
      const online = answer.user?.presence?.online ?? false;
      const item = { user: user.username, online, viewing: viewing.has(user.id) };
      chat.screen.show({ type: 'person', ...item });
    }
  }),
  block: command('[USER]', 'blocks the other one, or a user', 'block bob', async (chat, rest) => {
    const input = { userId: rest || chat.opened().other() };
    const { blockUser } = await chat.client.request(documents.BlockUserDocument, { input });
    chat.screen.say(`${blockUser.user.id} is blocked`);
  }),
  unblock: command('[USER]', 'ends a block', 'unblock bob', async (chat, rest) => {
    const input = { userId: rest || chat.opened().other() };
    const { unblockUser } = await chat.client.request(documents.UnblockUserDocument, { input });
    chat.screen.say(`${unblockUser.user.id} is not blocked`);
  }),
  blocked: command('', 'shows whom you have blocked', 'blocked', async (chat) => {
    const { blockedUsers } = await chat.client.request(documents.BlockedUsersDocument);
    for (const { id } of blockedUsers)
      chat.screen.show({ type: 'person', user: id, blocked: true });
    if (blockedUsers.length === 0) chat.screen.say('you have blocked nobody');
  }),
  notifications: command(
    '[unread|read [NUMBER]]',
    'shows the newest 20, or marks them all, or one of those shown, read',
    'notifications read 2',
    async (chat, rest) => {
      const [, number = ''] = /^read\s*(\d*)$/.exec(rest) ?? [];
      if (rest.startsWith('read')) await markRead(chat, number);
      else if (rest === '' || rest === 'unread') await show(chat, rest === 'unread');
      else throw new Error('"notifications", "notifications unread" or "notifications read 2"');
    },
  ),
};

/**
 * @param {Chat} chat
 * @param {string} id
 * @returns {Promise<Set<string>>}
 */
async function viewersOf(chat, id) {
  const { conversation } = await chat.client.request(documents.ConversationViewersDocument, { id });
  return new Set(conversation?.viewers.map((user) => user.id));
}

/**
 * @param {Chat} chat
 * @param {boolean} unreadOnly
 */
async function show(chat, unreadOnly) {
  const variables = { first: 20, unreadOnly };
  const { notifications } = await chat.client.request(documents.NotificationsDocument, variables);
  chat.notifications = notifications.nodes;
  for (const [index, notification] of chat.notifications.entries())
    chat.screen.show({ type: 'notification', number: index + 1, notification });
  chat.screen.say(`unread: ${notifications.unreadCount}`);
}

/**
 * @param {Chat} chat
 * @param {string} number
 */
async function markRead(chat, number) {
  const { inbox } = await chat.client.request(documents.InboxDocument);
  const chosen = chat.notifications[Number(number) - 1];
  if (number && !chosen) throw new Error('no notification shown has this number');
  const input = chosen ? { ids: [chosen.id] } : { throughSequence: inbox.lastNotificationSequence };
  const answer = await chat.client.request(documents.MarkNotificationsReadDocument, { input });
  chat.screen.say(`unread: ${answer.markNotificationsRead.unreadCount}`);
}
