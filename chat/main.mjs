/** A chat in a terminal, or driven by the lines of a pipe. It is a client as any other. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createParleyClient } from '@parley/client';
import { Chat } from './chat.mjs';
import { Screen } from './screen.mjs';

const USAGE = 'usage: npm run chat -- USER_ID [--url URL] [--token TOKEN]';

/** Mints a token as `npm run token` does, with the secret of this machine's settings. */
function mint(userId) {
  const script = fileURLToPath(new URL('../dist/scripts/token.js', import.meta.url));
  return execFileSync(process.execPath, [script, userId, '--expires-in', '3600'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { url: { type: 'string' }, token: { type: 'string' } },
  });
  const [userId] = positionals;
  if (!userId && !values.token) throw new Error(USAGE);
  const first = values.token ?? mint(userId);
  let unused = first;
  const token = () => {
    if (values.token) return values.token;
    const minted = unused ?? mint(userId);
    unused = null;
    return minted;
  };
  const url = values.url ?? `http://localhost:${process.env.PORT ?? 3000}/graphql`;
  const screen = new Screen();
  const client = createParleyClient({
    url,
    token,
    webSocketImpl: globalThis.WebSocket ?? (await import('ws')).WebSocket,
  });
  try {
    await new Chat(client, screen).run();
  } finally {
    client.dispose();
    screen.close();
  }
}

main().then(
  () => process.exit(),
  (error) => {
    process.stderr.write(`parley: ${error.message}\n`);
    process.exit(1);
  },
);
