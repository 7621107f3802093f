import { ChatPlace } from '../support/chat-place';
import { TerminalChat } from '../support/chat-terminal';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';

const LEFT = '\x1b[D';

describe("the chat's screen", () => {
  let place: ChatPlace;
  let id: string;

  beforeAll(async () => {
    place = await ChatPlace.open('alice', 'bob');
    const { alice, bob } = place.people;
    ({ id } = await conversationOf([alice!, bob!], { subject: 'Bell' }));
  });
  afterEach(() => place.killChats());
  afterAll(() => place.close());

  /** Alice's chat in a terminal of 40 columns, with the conversation open. */
  async function opened(env: Record<string, string> = {}): Promise<TerminalChat> {
    const alice = place.start(TerminalChat, 'alice', env, [], 40);
    await alice.shows('1. Bell');
    alice.press('open 1\r');
    await alice.shows('alice@Bell> ');
    return alice;
  }

  const bobSends = (content: string) => sendBy(place.people.bob!, id, { content });

  it('shows events above a line that is wrapped over several rows, and keeps the cursor', async () => {
    const alice = await opened();
    alice.press(`send ${'0123456789'.repeat(7)}`);
    const typed = [
      'alice@Bell> send 01234567890123456789012',
      '3456789012345678901234567890123456789012',
      '3456789',
    ];
    await alice.endsWith(...typed);
    const first = await bobSends('one');
    await alice.endsWith(`#${first.sequence} bob: one`, ...typed);
    alice.press(LEFT.repeat(50));
    await eventually(() => expect(alice.cursor().x).toBe(37));
    const { y } = alice.cursor();
    const second = await bobSends('two');
    await alice.endsWith(
      ...[`#${first.sequence} bob: one`, `#${second.sequence} bob: two`],
      ...typed,
    );
    expect(alice.cursor()).toEqual({ x: 37, y: y + 1 });
    alice.press('X');
    await alice.shows('X');
    alice.press('\r');
    const written = `${'0123456789'.repeat(2)}X${'0123456789'.repeat(5)}`;
    await alice.shows(`alice: ${written}`);
  });

  it('does so with wide characters', async () => {
    const alice = await opened();
    alice.press(`send ${'漢😀'.repeat(9)}`);
    const typed = [`alice@Bell> send ${'漢😀'.repeat(5)}漢`, `${'😀漢'.repeat(3)}😀`];
    await alice.endsWith(...typed);
    const { sequence } = await bobSends('three');
    await alice.endsWith(`#${sequence} bob: three`, ...typed);
    expect(alice.cursor().x).toBe(14);
    alice.press(`${LEFT.repeat(2)}X`);
    await alice.endsWith(typed[0]!, `${'😀漢'.repeat(2)}😀X漢😀`);
  });

  it('draws a line anew when the terminal has another width', async () => {
    const alice = await opened();
    alice.press(`send ${'0123456789'.repeat(4)}`);
    await alice.endsWith('34567890123456789');
    alice.resize(70);
    await alice.endsWith(`alice@Bell> send ${'0123456789'.repeat(4)}`);
    alice.resize(30);
    await alice.endsWith('alice@Bell> send 0123456789012', '345678901234567890123456789');
    const { sequence } = await bobSends('four');
    await alice.endsWith(
      `#${sequence} bob: four`,
      'alice@Bell> send 0123456789012',
      '345678901234567890123456789',
    );
  });
});
