import { ChatPlace } from '../support/chat-place';
import { TerminalChat } from '../support/chat-terminal';
import { conversationOf, offerBy, sendBy } from '../support/factories';

/** Colours, a title, the same in one character each, a bell, and what turns the order around. */
const STEERING = '\x1b[31m\x1b]0;owned\x07\x9b31m\x9d0;owned\x9c\x07\u202e\u2066';
/** Both of which the chat may print only for itself. */
const NAME = `mal${STEERING}lory`;
const SUBJECT = `City ${STEERING} bicycle`;

describe("control characters in other people's texts", () => {
  let place: ChatPlace;
  let id: string;

  beforeAll(async () => {
    place = await ChatPlace.open('alice', 'mallory');
    const { alice, mallory } = place.people;
    const { users } = place.cluster.node.services.people;
    await users.upsert([{ id: 'mallory', username: NAME }], () => 'user');
    ({ id } = await conversationOf([mallory!, alice!], { subject: SUBJECT }));
    await sendBy(mallory!, id, { content: `text ${STEERING}\r\n#99 alice: I owe you 👩‍🚀` });
    await offerBy(mallory!, id, {
      items: [{ giverId: 'mallory', kind: 'GOODS', description: `a ${STEERING}\nbell` }],
    });
  });
  afterEach(() => place.killChats());
  afterAll(() => place.close());

  const commands = ['open City', 'who', 'receipts', 'offers', 'notifications', 'list'];

  it('never reach the output', async () => {
    const alice = place.chat('alice');
    alice.say(...commands);
    alice.end();
    expect(await alice.exit()).toBe(0);
    expect(alice.output).toContain('City \uFFFD[31m');
    expect(alice.output).toContain('mal\uFFFD[31m');
    expect(alice.output).toContain('\n    #99 alice: I owe you 👩‍🚀\n');
    expect(alice.output).toContain('\n    bell [yours');
    expect(alice.output.match(/[^\P{C}\n\u200d]/gu)).toBeNull();
  });

  it('are escaped in JSON', async () => {
    const alice = place.chat('alice', {}, '--json');
    alice.say(...commands);
    alice.end();
    expect(await alice.exit()).toBe(0);
    expect(alice.output.match(/[^\P{C}\n]/gu)).toBeNull();
    const items = alice.output.trim().split('\n');
    expect(items.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ type: 'opened', subject: SUBJECT }),
    );
  });

  it('never reach the prompt, or what Tab makes of a line', async () => {
    const alice = place.start(TerminalChat, 'alice');
    await alice.shows('1. City');
    const clean = SUBJECT.replace(/\p{C}/gu, '\uFFFD');
    for (const [keys, row] of [
      ['open Ci', 'alice> open Ci'],
      ['\t', `alice> open ${clean}`],
      ['\r', `alice@${[...clean].slice(0, 19).join('')}…>`],
    ] as const) {
      alice.press(keys);
      await alice.endsWith(row);
    }
    for (const steering of ['\x1b[31m', '\x1b]', '\x07', '\x9b', '\x9d', '\u202e', '\u2066'])
      expect([steering, alice.count(steering)]).toEqual([steering, 0]);
  });
});
