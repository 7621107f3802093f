import { ChatPlace } from '../support/chat-place';
import { TerminalChat } from '../support/chat-terminal';
import { conversationOf } from '../support/factories';

const BOLD = '\x1b[1m';

describe("the chat's colours", () => {
  let place: ChatPlace;

  beforeAll(async () => {
    place = await ChatPlace.open('alice', 'bob');
    const { alice, bob } = place.people;
    await conversationOf([alice!, bob!], { subject: 'Bell' });
  });
  afterEach(() => place.killChats());
  afterAll(() => place.close());

  it.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
    [{ FORCE_COLOR: '0' }, false],
    [{ TERM: 'dumb' }, false],
  ])('in a terminal with %j', async (env, wanted) => {
    const alice = place.start(TerminalChat, 'alice', env as Record<string, string>);
    await alice.shows('1. Bell');
    alice.press('open 1\r');
    await alice.shows('--- Bell');
    expect(alice.output.includes(`${BOLD}--- Bell`)).toBe(wanted);
    // A dumb terminal shows all escapes as they are.
    if ('TERM' in env) expect(alice.output).not.toContain('\x1b');
  });

  it.each([
    [{}, [], false],
    [{ FORCE_COLOR: '1' }, [], true],
    [{ FORCE_COLOR: '1' }, ['--json'], false],
  ])('in a pipe with %j and options %j', async (env, options, wanted) => {
    const alice = place.chat('alice', env as Record<string, string>, ...options);
    alice.say('open 1');
    alice.end();
    expect(await alice.exit()).toBe(0);
    expect(alice.output).toContain('Bell');
    expect(alice.output.includes('\x1b')).toBe(wanted);
  });
});
