import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatProcess, TerminalChat } from '../support/chat-process';
import { NodeProcess } from '../support/node-process';

describe('the chat and a restart of the server', () => {
  let directory: string;
  const servers: NodeProcess[] = [];
  const chats: ChatProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-chat-'));
  });
  afterEach(async () => {
    for (const chat of chats.splice(0)) chat.kill();
    for (const server of servers.splice(0)) await server.interrupt();
    await rm(directory, { recursive: true, force: true });
  });

  function serve(port: string): NodeProcess {
    const server = new NodeProcess({ PORT: port, DATA_DIR: directory });
    servers.push(server);
    return server;
  }

  it('tells of it, comes back by itself, and shows what was missed once', async () => {
    const first = serve('0');
    const { url, tokens } = await first.ready();
    const argsOf = (user: string) => [user, '--url', `${url}/graphql`, '--token', tokens[user]!];
    const alice = new TerminalChat([...argsOf('alice'), '--no-history']);
    chats.push(alice);
    await alice.shows('City bicycle');
    alice.press('open 1\r');
    await alice.shows('alice@City bicycle> ');
    alice.press('send before\r');
    await alice.shows('alice: before');

    await first.interrupt();
    await alice.shows('the connection is lost');
    alice.press('send during\r');
    await alice.shows(`! ${url}/graphql cannot be reached (ECONNREFUSED)`);
    await serve(new URL(url).port).ready();
    // It may be back before or after these: both times they are shown once.
    const bob = new ChatProcess(argsOf('bob'));
    chats.push(bob);
    bob.say('open 1', 'send missed', 'send missed as well');
    await alice.shows('connected again');
    await alice.shows('bob: missed as well');
    alice.press('send after\r');
    await alice.shows('alice: after');
    for (const text of ['alice: before\r', 'bob: missed\r', 'bob: missed as well'])
      expect([text, alice.count(text)]).toEqual([text, 1]);
  });
});
