import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { ChatPlace } from '../support/chat-place';
import { TerminalChat } from '../support/chat-terminal';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';

const KEYS = resolve(__dirname, '../../chat/keys.mjs');
const LEFT = '\x1b[D';
const CTRL_C = '\x03';
const pasted = (text: string) => `\x1b[200~${text}\x1b[201~`;

describe("the chat's keys", () => {
  let place: ChatPlace;

  beforeAll(async () => {
    place = await ChatPlace.open('alice', 'bob', 'bobby', 'zoe');
    const { alice, bob, bobby } = place.people;
    await conversationOf([alice!, bob!], { subject: 'City bicycle' });
    await conversationOf([alice!, bob!], { subject: 'City lights' });
    await conversationOf([alice!, bobby!], { subject: null });
  });
  afterEach(() => place.killChats());
  afterAll(() => place.close());

  async function started(): Promise<TerminalChat> {
    const alice = place.start(TerminalChat, 'alice');
    await alice.shows('3. City');
    return alice;
  }

  it('complete people, and subjects with spaces', async () => {
    const alice = await started();
    for (const [keys, row] of [
      ['OP', 'alice> OP'],
      ['\t', 'alice> open'],
      ['ci', 'alice> open ci'],
      ['\t', 'alice> open City'],
      ['l\t', 'alice> open City lights'],
      [CTRL_C, 'alice>'],
      ['start bo', 'alice> start bo'],
      ['\t', 'alice> start bob'],
      ['b\t', 'alice> start bobby'],
      [': A trip\t', 'alice> start bobby: A trip'],
      [CTRL_C, 'alice>'],
    ] as const) {
      alice.press(keys);
      await alice.endsWith(row);
    }
    alice.press('open City b\t\r');
    await alice.endsWith('alice@City bicycle>');
  });

  it('go where the cursor is, also several at once', async () => {
    const alice = await started();
    alice.press(`ab${LEFT}${LEFT}`);
    await eventually(() => expect(alice.cursor().x).toBe('alice> '.length));
    alice.press('xyz');
    await alice.endsWith('alice> xyzab');
    alice.press(pasted('123'));
    await alice.endsWith('alice> xyz123ab');
  });

  it('send a pasted text of several lines as one message, at Enter', async () => {
    const alice = await started();
    alice.press('open City b\r');
    await alice.endsWith('alice@City bicycle>');
    alice.press('send Dear Bob,');
    alice.press(pasted('\r  is it red?\tIs it\x1b green?\r\nquit\r'));
    await alice.shows('⏎quit');
    alice.press('\r');
    await alice.shows('alice: Dear Bob,');
    await eventually(() =>
      expect(alice.screen().slice(-4).join('\n')).toMatch(
        /alice: Dear Bob,\n {6}is it red\? +Is it green\?\n {4}quit\nalice@City bicycle>/,
      ),
    );
  });

  it('are the same wherever the terminal cuts them', () => {
    const program = `
      import { PassThrough } from 'node:stream';
      import { Keys } from '${KEYS}';
      const text = ${JSON.stringify(`é${LEFT}${pasted('one\rtwo')}\x1b[2~${pasted('three')}\x1b`)};
      const cuts = Array.from({ length: text.length + 1 }, async (_, cut) => {
        const terminal = new PassThrough();
        const got = [];
        const keys = new Keys(terminal, (pasted) => got.push({ pasted }));
        keys.setEncoding('utf8').on('data', (key) => got.push(key));
        // Streams begin to flow a little later.
        await new Promise(setImmediate);
        for (const part of [text.slice(0, cut), text.slice(cut)]) if (part) terminal.emit('data', part);
        // The Escape at the end waits until it is clear that no more follows.
        while (got.at(-1) !== '\\x1b') await new Promise(setImmediate);
        return JSON.stringify(got);
      });
      console.log([...new Set(await Promise.all(cuts))].join('\\n'));`;
    const args = ['--input-type=module', '-e', program];
    const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([['é', ...LEFT, { pasted: 'one⏎two' }, ...'\x1b[2~', { pasted: 'three' }, '\x1b']]);
  });

  it('run pasted commands one after the other, at Enter, up to one that fails', async () => {
    const alice = await started();
    alice.press(pasted('open City bicycle\rhelp send\rlits\rhelp edit\r'));
    await alice.endsWith('alice> open City bicycle⏎help send⏎lits⏎help edit');
    alice.press('\r');
    await alice.shows('did you mean "list"?');
    await alice.endsWith('alice@City bicycle>');
    expect(alice.output).toContain('example: send Is it red?');
    expect(alice.output).not.toContain('example: edit');
  });

  it('say what may be done where there is nothing yet', async () => {
    const zoe = place.start(TerminalChat, 'zoe');
    await zoe.shows('no conversation is here yet; "start bob" starts one with bob');
    zoe.press('open\r');
    await zoe.shows('! which one? For example: open 1');
    zoe.press('list archived\r');
    await zoe.shows('no conversation is archived');
    zoe.press('start bob\r');
    await zoe.shows('--- bob, zoe');
    await zoe.endsWith('zoe@bob>');
  });
});
