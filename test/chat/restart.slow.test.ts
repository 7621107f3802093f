import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatProcess } from '../support/chat-process';
import { TerminalChat } from '../support/chat-terminal';
import { NodeProcess } from '../support/node-process';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy';

describe('the chat and a restart of the server', () => {
  let directory: string;
  let proxy: TcpProxy | null = null;
  const servers: NodeProcess[] = [];
  const chats: ChatProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-chat-'));
  });
  afterEach(async () => {
    for (const chat of chats.splice(0)) chat.kill();
    for (const server of servers.splice(0)) await server.interrupt();
    await proxy?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  function serve(): NodeProcess {
    const server = new NodeProcess({ PORT: '0', DATA_DIR: directory });
    servers.push(server);
    return server;
  }

  it('tells of it, comes back by itself, and shows what was missed once', async () => {
    const first = serve();
    const { url, tokens } = await first.ready();
    // Alice's way to the server, which opens again only when she has missed something.
    proxy = await startTcpProxy(Number(new URL(url).port));
    const away = proxy.url.replace('redis:', 'http:');
    const argsOf = (user: string, base: string) => {
      return [user, '--url', `${base}/graphql`, '--token', tokens[user]!];
    };
    const alice = new TerminalChat([...argsOf('alice', away), '--no-history']);
    chats.push(alice);
    await alice.shows('City bicycle');
    alice.press('open 1\r');
    await alice.shows('alice@City bicycle> ');
    alice.press('send before\r');
    await alice.shows('alice: before');

    proxy.refuses = true;
    await first.interrupt();
    await alice.shows('the connection is lost');
    alice.press('send during\r');
    await alice.shows(`! ${away}/graphql cannot be reached`);
    const second = await serve().ready();
    const bob = new ChatProcess(argsOf('bob', second.url));
    chats.push(bob);
    bob.say('open 1', 'send missed', 'send missed as well');
    await bob.shows('bob: missed as well');
    expect(alice.output).not.toContain('missed as well');
    proxy.targetPort = Number(new URL(second.url).port);
    proxy.refuses = false;
    await alice.shows('connected again');
    await alice.shows('bob: missed as well');
    alice.press('send after\r');
    await alice.shows('alice: after');
    for (const text of ['alice: before\r', 'bob: missed\r', 'bob: missed as well'])
      expect([text, alice.count(text)]).toEqual([text, 1]);
  });
});
