import { styleText } from 'node:util';
import { printable } from './printable.mjs';

/** @typedef {import('./screen.mjs').Item} Item */
/** @typedef {Parameters<typeof styleText>[0]} Style */

/** @type {Record<string, [Style, (item: Item) => string]>} */
const KINDS = {
  info: ['dim', ({ text }) => text],
  error: ['red', ({ message, line }) => `! ${line ? `line ${line}: ` : ''}${message}`],
  connection: ['yellow', ({ text }) => `* ${text}`],
  conversation: ['reset', conversationText],
  opened: ['bold', ({ subject, people }) => `--- ${subject ?? people.join(', ')}`],
  message: ['reset', messageText],
  offer: ['cyan', offerText],
  joined: ['magenta', ({ user }) => `* ${user} takes part now`],
  left: ['magenta', ({ user }) => `* ${user} does not take part any more`],
  typing: ['dim', ({ user, on }) => `* ${user} ${on ? 'is typing' : 'has stopped typing'}`],
  receipt: ['dim', ({ user, sequence }) => `* ${user} has read up to #${sequence}`],
  viewer: ['dim', ({ user, state }) => `* ${user}, viewing: ${state}`],
  presence: ['dim', ({ user, online }) => `* ${user} is ${online ? 'online' : 'offline'}`],
  notification: ['yellow', notificationText],
  person: ['reset', personText],
};

/**
 * Returns how something is shown to people.
 *
 * @param {Item} item
 * @param {boolean} hasColours
 */
export function textOf(item, hasColours) {
  if (item.type === 'help') return item.text;
  const kind = KINDS[item.type];
  if (!kind) throw new Error(`nothing shows ${item.type}`);
  const text = printable(kind[1](item));
  if (!hasColours || kind[0] === 'reset') return text;
  return styleText(kind[0], text, { validateStream: false });
}

/** @param {Item} item */
function conversationText({ number, subject, people, unread }) {
  const name = subject === null ? '' : `${subject} `;
  return `${number}. ${name}(${people.join(', ')}) unread: ${unread}`;
}

/** @param {Item} item */
function messageText({ message, change }) {
  const { sequence, sender, content, deletedAt, editedAt } = message;
  const text = deletedAt ? '(deleted)' : content;
  const mark = change === 'changed' ? '~' : '';
  const suffix = editedAt && !deletedAt ? ' (edited)' : '';
  return `${mark}#${sequence} ${sender?.username ?? 'system'}: ${text}${suffix}`;
}

/** @param {Item} item */
function offerText({ offer: { proposer, status, items, version, availableActions } }) {
  const terms = items.map((/** @type {Item} */ { giver, amount, currency, description }) => {
    return `${giver.username} gives ${amount == null ? description : `${amount} ${currency}`}`;
  });
  const steps = availableActions.length ? ` [yours: ${availableActions.join(', ')}]` : '';
  const head = `offer of ${proposer.username}, ${status}, version ${version}`;
  return `${head}: ${terms.join('; ')}${steps}`;
}

/** @param {Item} item */
function notificationText({ number, notification: { kind, title, body, actor, readAt } }) {
  const what = [title ?? kind, body, actor && `(${actor.username})`].filter(Boolean).join(' ');
  return number ? `${number}. ${what}${readAt ? '' : ' [unread]'}` : `* notification: ${what}`;
}

/** @param {Item} item */
function personText({ user, online, viewing, read, blocked }) {
  const facts = [
    online !== undefined && (online ? 'online' : 'offline'),
    viewing && 'viewing',
    read !== undefined && `has read up to #${read}`,
    blocked && 'blocked',
  ];
  return `${user}: ${facts.filter(Boolean).join(', ')}`;
}
