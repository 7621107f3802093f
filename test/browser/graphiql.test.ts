import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { findingsOf, keepScreenshot, openBrowser, openPage, testBrowser } from '../support/browser';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import { startProduction } from '../support/production';

/** The parts of the page that are Parley's own. */
const OURS = ['.bar', '.live'];

let browser: Browser | null;
beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser?.close());

const tab = (page: Page, title: string) =>
  page.getByRole('tablist').getByRole('button', { name: title, exact: true });

/**
 * Presses the button that runs a tab. Resolves when the answer has this in it, without the spaces:
 * what the tab has answered before stays until then.
 */
async function run(page: Page, title: string, expected: string): Promise<void> {
  await tab(page, title).click();
  await page.locator('.graphiql-execute-button').click();
  const lines = page.locator('.graphiql-response .view-line');
  await eventually(async () => {
    const shown = (await lines.allInnerTexts()).join('').replaceAll(/\s/g, '');
    expect(shown).toContain(expected);
  });
}

/** Begins to follow the subscription of its tab. */
async function follow(page: Page): Promise<void> {
  await tab(page, 'Subscribe').click();
  await page.locator('.graphiql-execute-button').click();
  await page.getByText('connected', { exact: true }).waitFor();
}

/** Changes the user. Resolves when GraphiQL has begun again, with this user's variables. */
async function signInAs(page: Page, name: string): Promise<void> {
  const before = await page.locator('.graphiql-container').elementHandle();
  await page.getByLabel('Signed in as').selectOption(name);
  await page.waitForFunction((editor) => !editor?.isConnected, before);
}

describe('GraphiQL with the demo data', () => {
  let directory: string;
  let server: NodeProcess;
  let url: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'parley-graphiql-'));
    server = new NodeProcess({ PORT: '0', DATA_DIR: directory, HOST: '127.0.0.1' });
    ({ url } = await server.ready());
  });
  afterAll(async () => {
    await server.interrupt();
    await rm(directory, { recursive: true, force: true });
  });

  /** Opens the page, and collects the users as whom its sockets connect and what HTTP carries. */
  async function open() {
    const { page, faults } = await openPage(browser!, url, {
      viewport: { width: 1280, height: 800 },
    });
    const connected: string[] = [];
    const bodies: string[] = [];
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        const frame = JSON.parse(String(payload));
        if (frame.type === 'connection_ack') connected.push(frame.payload.userId);
      }),
    );
    page.on('request', (request) => bodies.push(request.postData() ?? ''));
    await page.goto(`${url}/graphiql`);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    expect(await page.getByLabel('Signed in as').inputValue()).toBe('alice');
    return { page, faults, connected, bodies };
  }

  testBrowser('each prepared tab runs at one press, and events come live', async () => {
    const { page, faults, connected, bodies } = await open();
    await run(page, 'Conversations', '"me":{"id":"alice"');
    await run(page, 'Conversation', 'Wouldyoufixmywebsiteforit?');
    await follow(page);
    const log = page.getByRole('log', { name: 'Events' });
    await run(page, 'Send', '{"data":{"sendMessage"');
    await log.getByText('Hello from GraphiQL').waitFor();
    await run(page, 'MakeOffer', '"recipient":{"id":"bob"');
    await log.getByText('"offerAction":"CREATE"').waitFor();
    expect(await findingsOf(page, OURS)).toEqual([]);
    await keepScreenshot(page, 'graphiql');
    await run(page, 'AcceptOffer', '"status":"ACCEPTED"');

    await signInAs(page, 'bob');
    await eventually(() => expect(connected).toEqual(['alice', 'bob']));
    await run(page, 'Conversations', '"me":{"id":"bob"');
    await run(page, 'AcceptOffer', '"status":"ACCEPTED"');
    const accepted = log.getByRole('listitem').filter({ hasText: '"offerAction":"ACCEPT"' });
    await accepted.filter({ hasText: 'Subscribe as Bob Brown' }).waitFor();
    expect(bodies.filter((body) => /^\W*subscription/m.test(body))).toEqual([]);
    expect(bodies.filter((body) => body.includes('conversationEvents'))).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  testBrowser('what is stopped ends, and what a user may not see is refused', async () => {
    const { page, faults } = await open();
    await follow(page);
    await page.getByRole('button', { name: 'Stop Subscribe' }).click();
    await page.getByRole('region', { name: 'Live events' }).waitFor({ state: 'detached' });

    await page.locator('.graphiql-execute-button').click();
    await page.getByRole('button', { name: 'Stop Subscribe' }).waitFor();
    await page.locator('.graphiql-execute-button').click();
    await page.getByRole('region', { name: 'Live events' }).waitFor({ state: 'detached' });

    await page.locator('.graphiql-execute-button').click();
    await page.getByText('connected', { exact: true }).waitFor();
    await signInAs(page, 'carol');
    await page.getByRole('log').getByText('FORBIDDEN').waitFor();
    expect(await page.getByRole('button', { name: 'Stop Subscribe' }).count()).toBe(0);
    expect(await faults()).toEqual([]);
  });

  testBrowser(
    'a text of the user goes on with another user, and is there again later',
    async () => {
      const { page, faults } = await open();
      await page.locator('.graphiql-query-editor .view-lines').click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText('query Mine { me { id } }');
      await run(page, 'Mine', '{"data":{"me":{"id":"alice"}}}');
      await signInAs(page, 'bob');
      await run(page, 'Mine', '{"data":{"me":{"id":"bob"}}}');
      await page.reload();
      expect(await page.getByLabel('Signed in as').inputValue()).toBe('bob');
      await run(page, 'Mine', '{"data":{"me":{"id":"bob"}}}');
      await page.getByRole('button', { name: 'Reset tabs' }).click();
      await run(page, 'Conversations', 'Citybicycle');
      expect(await faults()).toEqual([]);
    },
  );
});

testBrowser('in production GraphiQL asks for a token, and the server makes none', async () => {
  const { cluster, token } = await startProduction({ GRAPHIQL: 'true' });
  const { url } = cluster.node;
  try {
    const { page, faults } = await openPage(browser!, url);
    await page.goto(`${url}/graphiql`);
    const field = page.getByLabel('Token of a user');
    await field.fill(token);
    expect(await page.getByLabel('Signed in as').count()).toBe(0);
    expect(await findingsOf(page, OURS)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await run(page, 'Conversations', '"conversations":{"nodes":[]}');
    expect(await faults()).toEqual([]);
    expect((await fetch(`${url}/demo/users`)).status).toBe(404);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await field.fill('no token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('A valid token is required.').waitFor();
  } finally {
    await cluster.stop();
  }
});
