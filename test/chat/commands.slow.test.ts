import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ChatProcess } from '../support/chat-process';
import { NodeProcess } from '../support/node-process';

describe("the chat's commands", () => {
  let directory: string;
  let server: NodeProcess;
  let url: string;
  let tokens: Record<string, string>;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-chat-'));
    server = new NodeProcess({ PORT: '0', DATA_DIR: directory });
    ({ url, tokens } = await server.ready());
  });
  afterAll(async () => {
    await server.interrupt();
    await rm(directory, { recursive: true, force: true });
  });

  /** Runs a script to its end, which none of its lines may fail. */
  async function script(user: string, lines: string[], ...options: string[]): Promise<string> {
    const args = [user, '--url', `${url}/graphql`, '--token', tokens[user]!, ...options];
    const chat = new ChatProcess(args);
    chat.say(...lines);
    chat.end();
    const code = await chat.exit();
    if (code !== 0) throw new Error(`${code}: ${chat.output}`);
    return chat.output;
  }

  /** Runs one line, with a conversation open, which has to fail. */
  async function failure(line: string, user = 'alice'): Promise<string> {
    const chat = new ChatProcess([user, '--url', `${url}/graphql`, '--token', tokens[user]!]);
    chat.say('open City', line);
    chat.end();
    expect([line, await chat.exit()]).toEqual([line, 1]);
    return chat.output.split('! line 2: ')[1]!.trim();
  }

  it('start, read and change conversations', async () => {
    const output = await script('alice', [
      ...[
        'start carol dave: A trip',
        'send Hi',
        'edit #1 Ho',
        'history',
        'delete 1',
        'older',
      ].slice(0, 5),
      ...['who', 'receipts', 'read', 'offers', 'type', 'type off', 'mute 2', 'unmute'],
      ...['archive', 'list archived', 'unarchive', 'close', 'list', 'open A tr', 'help edit'],
    ]);
    expect(output).toContain('--- A trip');
    expect(output).toContain('#1 alice: Hi');
    expect(output).toContain('~#1 alice: Ho (edited)');
    expect(output).toContain('~#1 alice: (deleted)');
    expect(output).toContain('alice: online, viewing');
    expect(output).toContain('carol: has read up to #0');
    for (const said of ['read up to #1', 'no offer is here', 'the others do not see you type'])
      expect(output).toContain(said);
    expect(output).toContain('not muted any more');
    expect(output.match(/1\. A trip/g)!.length).toBeGreaterThanOrEqual(2);
    expect(output).toContain('example: edit #12 Is it green?');
  });

  it('take every step of an offer', async () => {
    const open = 'open City';
    await script('alice', [open, 'withdraw', 'offer give 5 EUR want a bell']);
    await script('bob', [open, 'counter give a bell want 7 EUR', 'revise give a bell want 6 EUR']);
    const accepted = await script('alice', [open, 'accept', 'complete', 'offers']);
    expect(accepted).toContain('offer of bob, ACCEPTED, version 4');
    const done = await script('bob', [open, 'complete']);
    expect(done).toContain('offer of bob, COMPLETED');
    await script('alice', [open, 'offer want a lamp']);
    expect(await script('bob', [open, 'decline'])).toContain('offer of alice, DECLINED');
    await script('alice', [open, 'offer want a lamp']);
    expect(await script('bob', [open, 'accept', 'cancel'])).toContain('offer of alice, CANCELLED');
  });

  it('show and mark notifications, block and unblock', async () => {
    await script('bob', ['open City', 'send Are you there?']);
    const before = await script('alice', ['notifications unread', 'notifications read 1']);
    expect(before).toMatch(/1\. NEW_MESSAGE \(bob\) \[unread\]/);
    const after = await script('alice', ['notifications read', 'notifications', 'wait 0', 'quit']);
    expect(after).toContain('unread: 0');
    const blocked = await script('alice', ['block bob', 'blocked', 'unblock bob', 'blocked']);
    expect(blocked).toContain('bob: blocked');
    expect(blocked).toContain('you have blocked nobody');
  });

  it('show older pages', async () => {
    const texts = Array.from({ length: 25 }, (_, index) => `send number ${index + 1}.`);
    // One user may send 20 in a second.
    await script('dave', ['start carol', ...texts.toSpliced(12, 0, 'wait 2')]);
    const output = await script('dave', ['open 1', 'older']);
    for (const text of ['number 1.', 'number 25.']) expect(output.split(text).length).toBe(2);
    expect(output.indexOf('number 1.')).toBeGreaterThan(output.indexOf('number 25.'));
  });

  it('print one JSON object a line', async () => {
    const output = await script('alice', ['open City', 'send As data', 'who'], '--json');
    const items = output
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const sent = items.find(({ message }) => message?.content === 'As data');
    expect(sent).toMatchObject({ type: 'message', change: 'added' });
    expect(items).toContainEqual({ type: 'person', user: 'alice', online: true, viewing: true });
  });

  it.each([
    ['send', 'what? For example: send Is it red?'],
    ['edit #999 x', 'no message shown here has the number "#999"'],
    ['open 99', 'no conversation of the list is "99"; "list" shows them'],
    ['start nobody', 'NOT_FOUND'],
    ['offer for free', 'terms are: give 2500 EUR want City bicycle'],
    ['mute soon', '"soon" is no number of hours'],
    ['notifications all', '"notifications", "notifications unread" or "notifications read 2"'],
    ['accpet', '"accpet" is no command; did you mean "accept"?'],
  ])('fail in one line that names the reason: %s', async (line, reason) => {
    const shown = await failure(line);
    expect(shown.split('\n')[0]).toContain(reason);
  });

  it('say why the chat cannot start', async () => {
    const run = async (...args: string[]) => {
      const chat = new ChatProcess(args);
      return [await chat.exit(), chat.output];
    };
    const nowhere = 'http://127.0.0.1:9/graphql';
    expect(await run('alice', '--token', 'wrong', '--url', `${url}/graphql`)).toEqual([
      1,
      'parley: the token was refused: A valid token is required.\n',
    ]);
    const [code, output] = await run('alice', '--token', 'x', '--url', nowhere);
    expect([code, output]).toEqual([1, expect.stringContaining(`${nowhere} cannot be reached`)]);
    expect(await run()).toEqual([1, 'parley: a user is needed: npm run chat -- alice\n']);
    expect(await run('alice', '--no')).toEqual([1, "parley: Unknown option '--no'; see --help\n"]);
    expect(await run('--help')).toEqual([0, expect.stringMatching(/^usage: npm run chat/)]);
  });
});
