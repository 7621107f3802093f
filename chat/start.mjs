import { createParleyClient } from '@parley/client';
import { Chat } from './chat.mjs';
import { Completion } from './completion.mjs';
import { History } from './history.mjs';
import { readOptions, USAGE } from './options.mjs';
import { printableLine } from './printable.mjs';
import { problemOf } from './problems.mjs';
import { Screen } from './screen.mjs';
import { tokensOf } from './tokens.mjs';

/** @returns {Promise<number>} the code with which the process ends */
async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  const token = tokensOf(options);
  const completion = new Completion();
  const history = options.history ? new History(process.env, options.token) : null;
  const screen = new Screen({ json: options.json, history, completion });
  const client = createParleyClient({
    url: options.url,
    token,
    webSocketImpl: globalThis.WebSocket ?? (await import('ws')).WebSocket,
  });
  try {
    return await new Chat(client, screen, completion).run();
  } catch (error) {
    throw new Error(problemOf(error, options.url));
  } finally {
    screen.close();
    client.dispose();
  }
}

main().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`parley: ${printableLine(error.message)}\n`);
    process.exit(1);
  },
);
