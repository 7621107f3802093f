import { parseArgs } from 'node:util';

export const USAGE = `usage: npm run chat -- USER_ID [--url URL] [--token TOKEN] [--json] [--no-history]

Chats as a user in the terminal, or by the lines of a pipe, of which the first that fails ends it
with 1.

  --url URL      the GraphQL endpoint, by default http://localhost:3000/graphql (or PORT)
  --token TOKEN  a token of the user's; without it one is made with the secret of the settings
  --json         prints one JSON object a line
  --no-history   neither reads nor writes the file of typed lines
  --help         prints this

NO_COLOR turns colours off, and FORCE_COLOR on, also in a pipe. "help" lists the commands.`;

/**
 * @typedef {object} Options
 * @property {string} userId empty when a token names the user
 * @property {string} url
 * @property {string | undefined} token
 * @property {boolean} json
 * @property {boolean} history
 * @property {boolean} help
 */

/**
 * @param {string[]} args
 * @returns {Options}
 */
export function readOptions(args) {
  const { values, positionals } = parsed(args);
  const { help, json, token } = values;
  const url = values.url ?? `http://localhost:${process.env.PORT ?? 3000}/graphql`;
  const [userId = '', ...others] = positionals;
  if (others.length > 0) throw new Error(`"${others[0]}" is one user too many; see --help`);
  if (!help && !userId && !token) throw new Error('a user is needed: npm run chat -- alice');
  if (!/^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : ''))
    throw new Error(`--url: "${url}" is no http or https address`);
  return { userId, url, token, json, history: !values['no-history'], help };
}

/** @param {string[]} args */
function parsed(args) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        token: { type: 'string' },
        json: { type: 'boolean', default: false },
        'no-history': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    const [reason] = /** @type {Error} */ (error).message.split(/\. |\n/);
    throw new Error(`${reason}; see --help`);
  }
}
