import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openPage } from '../support/browser';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';

/** Starts Chromium and a server with the demo data for the tests of a file. */
export function startGraphiql() {
  let directory: string;
  let server: NodeProcess;
  let url: string;

  let browser: Browser | null;
  beforeAll(async () => {
    browser = await openBrowser();
    directory = await mkdtemp(join(tmpdir(), 'parley-graphiql-'));
    server = new NodeProcess({ PORT: '0', DATA_DIR: directory, HOST: '127.0.0.1' });
    ({ url } = await server.ready());
  });
  afterAll(async () => {
    await browser?.close();
    await server.interrupt();
    await rm(directory, { recursive: true, force: true });
  });

  /** Opens the page, and collects the users as whom its sockets connect and what HTTP carries. */
  const open = async () => {
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
  };
  return { open };
}

export const tab = (page: Page, title: string) =>
  page.getByRole('tablist').getByRole('button', { name: title, exact: true });

/**
 * Presses the button that runs a tab. Resolves when the answer has this in it, without the spaces:
 * what the tab has answered before stays until then.
 */
export async function run(page: Page, title: string, expected: string): Promise<void> {
  await tab(page, title).click();
  await page.locator('.graphiql-execute-button').click();
  await eventually(async () => expect(await answerOf(page)).toContain(expected));
}

/** The answer that the shown tab has, without the spaces. */
export async function answerOf(page: Page): Promise<string> {
  const lines = await page.locator('.graphiql-response .view-line').allInnerTexts();
  return lines.join('').replaceAll(/\s/g, '');
}

/** Begins to follow the subscription of its tab. */
export async function follow(page: Page): Promise<void> {
  await tab(page, 'Subscribe').click();
  await page.locator('.graphiql-execute-button').click();
  await page.getByText('connected', { exact: true }).waitFor();
}

/** Changes the user. Resolves when GraphiQL has begun again, with this user's variables. */
export async function signInAs(page: Page, name: string): Promise<void> {
  const before = await page.locator('.graphiql-container').elementHandle();
  await page.getByLabel('Signed in as').selectOption(name);
  await page.waitForFunction((editor) => !editor?.isConnected, before);
}
