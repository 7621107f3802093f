import { nearest } from '../completion.mjs';
import { command } from './command.mjs';
import { CONVERSATIONS } from './conversations.mjs';
import { MESSAGES } from './messages.mjs';
import { OFFERS } from './offers.mjs';
import { PEOPLE } from './people.mjs';

/** @type {Record<string, import('./command.mjs').Command>} */
export const COMMANDS = {
  ...CONVERSATIONS,
  ...MESSAGES,
  ...OFFERS,
  ...PEOPLE,
  help: command('[COMMAND]', 'lists the commands, or explains one', 'help offer', (chat, rest) =>
    chat.screen.show({ type: 'help', text: rest ? explained(rest) : overview() }),
  ),
  wait: command('[SECONDS]', 'waits, for scripts', 'wait 2', (_chat, rest) => {
    const seconds = Number(rest || 1);
    if (!(seconds >= 0 && seconds <= 3_600)) throw new Error(`"${rest}" is no number of seconds`);
    return new Promise((done) => setTimeout(done, 1_000 * seconds));
  }),
  quit: command('', 'ends the chat, as Ctrl-D does, and Ctrl-C twice', 'quit', () => {}),
};

function overview() {
  const rows = Object.entries(COMMANDS).map(([name, { usage, summary }]) =>
    `${`${name} ${usage}`.padEnd(39)} ${summary}`.trimEnd(),
  );
  return [...rows, 'Amounts are in the smallest unit of the currency.'].join('\n');
}

/** @param {string} name */
function explained(name) {
  const found = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!found) {
    const near = nearest(name, Object.keys(COMMANDS));
    throw new Error(`"${name}" is no command${near ? `; did you mean "${near}"?` : ''}`);
  }
  return `${`${name} ${found.usage}`.trim()}: ${found.summary}\nexample: ${found.example}`;
}
