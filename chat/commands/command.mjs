/**
 * @typedef {import('../chat.mjs').Chat} Chat
 *
 * @typedef {object} Command
 * @property {string} usage its arguments: those in brackets may be left out
 * @property {string} summary
 * @property {string} example
 * @property {(chat: Chat, rest: string) => unknown} run is given what follows the command's name
 */

/**
 * @param {string} usage
 * @param {string} summary
 * @param {string} example
 * @param {Command['run']} run
 * @returns {Command}
 */
export function command(usage, summary, example, run) {
  return { usage, summary, example, run };
}
