import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';

const MAIN = resolve(__dirname, '../../chat/main.mjs');

/** The chat of one user, whose lines come through a pipe. */
class ChatProcess {
  output = '';
  readonly child: ChildProcess;

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [MAIN, ...args], { stdio: 'pipe' });
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on('data', (chunk) => (this.output += chunk));
  }

  say(...lines: string[]): void {
    for (const line of lines) this.child.stdin!.write(`${line}\n`);
  }

  async shows(text: string): Promise<void> {
    await eventually(() => expect(this.output).toContain(text));
  }
}

describe('the chat of the terminal', () => {
  let directory: string;
  let server: NodeProcess;
  const chats: ChatProcess[] = [];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-chat-'));
    server = new NodeProcess({ PORT: '0', DATA_DIR: directory });
  });
  afterEach(async () => {
    for (const { child } of chats.splice(0)) child.kill('SIGKILL');
    await server.interrupt();
    await rm(directory, { recursive: true, force: true });
  });

  function chat(url: string, user: string, token: string): ChatProcess {
    const one = new ChatProcess(user, '--url', `${url}/graphql`, '--token', token);
    chats.push(one);
    return one;
  }

  it('carries messages, offers and what else happens between two users', async () => {
    const { url, tokens } = await server.ready();
    const alice = chat(url, 'alice', tokens.alice!);
    const bob = chat(url, 'bob', tokens.bob!);
    alice.say('open 1');
    bob.say('open 1');
    await alice.shows('bob, viewing: JOINED');
    // Typing reaches only who listens already, and nothing shows when bob's chat does.
    await eventually(() => {
      alice.say('type off', 'type');
      expect(bob.output).toContain('alice is typing');
    });
    alice.say('send Is it red?');
    await bob.shows('alice: Is it red?');
    bob.say('offer give my bell want 100 EUR');
    await alice.shows('bob gives my bell; alice gives 100 EUR');
    alice.say('accept');
    await bob.shows('alice ACCEPT:');
    bob.child.stdin!.end();
    await once(bob.child, 'exit');
    expect(bob.child.exitCode).toBe(0);
  });
});
