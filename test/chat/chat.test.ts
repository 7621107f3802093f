import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatPlace } from '../support/chat-place';
import { requireUtilLinux, TerminalChat } from '../support/chat-terminal';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';

const CTRL_C = '\x03';
const CTRL_D = '\x04';

describe('the chat of the terminal', () => {
  let directory: string;
  let place: ChatPlace;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-chat-'));
    place = await ChatPlace.open('alice', 'bob');
    const { alice, bob } = place.people;
    await conversationOf([alice!, bob!], { subject: 'City bicycle' });
  });
  afterEach(() => place.killChats());
  afterAll(async () => {
    await place.close();
    await rm(directory, { recursive: true, force: true });
  });

  const chat = (user: string) => place.chat(user);
  const terminal = (user: string) => {
    return place.start(TerminalChat, user, { XDG_STATE_HOME: directory });
  };

  it('carries messages, offers and what else happens between two users', async () => {
    const alice = chat('alice');
    const bob = chat('bob');
    alice.say('open City');
    bob.say('open City');
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
    await bob.shows('offer of bob, ACCEPTED');
    bob.end();
    expect(await bob.exit()).toBe(0);
  });

  it('ends with 1 at the first line that fails, and names it', async () => {
    const alice = chat('alice');
    alice.say('open City', 'lits', 'send Never said');
    alice.end();
    expect(await alice.exit()).toBe(1);
    expect(alice.output).toContain('! line 2: "lits" is no command; did you mean "list"?');
    expect(alice.output).not.toContain('Never said');
  });

  it('keeps a half typed line below what happens, and takes it back at Ctrl-C', async () => {
    const alice = terminal('alice');
    await alice.shows('City bicycle');
    // A Tab that comes in one chunk with other keys counts as pasted.
    for (const [keys, shown] of [
      ['op', 'op'],
      ['\t', 'en '],
      ['Ci', 'Ci'],
      ['\t', 'ty bicycle'],
    ] as const) {
      const before = alice.output.length;
      alice.press(keys);
      await eventually(() => expect(alice.output.slice(before)).toContain(shown));
    }
    alice.press('\r');
    await alice.shows('alice@City bicycle> ');
    alice.press('send half');
    await alice.shows('send half');
    const bob = chat('bob');
    bob.say('open City', 'send Above it');
    await alice.shows('bob: Above it');

    await eventually(() => expect(alice.output).toMatch(/Above it[\s\S]*> send half/));
    alice.press(CTRL_C);
    alice.press(`send whole\r`);
    await alice.shows('alice: whole');
    expect(alice.output).not.toContain('alice: half');
    alice.press(CTRL_C);
    await alice.shows('Ctrl-C once more quits');
    alice.press(CTRL_C);
    expect(await alice.exit()).toBe(0);
    const file = join(directory, 'parley/chat_history');
    expect(await readFile(file, 'utf8')).toBe('open City bicycle\nsend whole\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('quits at Ctrl-D', async () => {
    const alice = terminal('alice');
    await alice.shows('alice> ');
    alice.press(CTRL_D);
    expect(await alice.exit()).toBe(0);
  });
});

test('a system without util-linux is told which package these tests need', () => {
  expect(() => requireUtilLinux('/nonexistent')).toThrow('of the package util-linux');
});
