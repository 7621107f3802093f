import type { Browser, Page } from 'playwright-core';
import { Cluster } from '../support/cluster';
import { sendBy } from '../support/factories';
import { openBrowser, testBrowser, watchPolicy } from './browser';
import { openScene, type Scene, tell } from './scene';

const ANSWER_TIMEOUT_MS = 30_000;

describe('GraphiQL in a browser', () => {
  let cluster: Cluster;
  let scene: Scene;
  let browser: Browser | null;

  beforeAll(async () => {
    cluster = await Cluster.start();
    scene = await openScene(cluster);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await cluster.stop();
  });

  /** Opens the page; collects what it asks elsewhere, its errors, and what its policy forbids. */
  async function open() {
    const page = await browser!.newPage();
    const elsewhere: string[] = [];
    const errors: string[] = [];
    const forbidden = await watchPolicy(page);
    page.on('request', (request) => {
      const url = request.url().replace(/^blob:/, '');
      if (!url.startsWith(scene.url) && !url.startsWith('data:')) elsewhere.push(url);
    });
    page.on('pageerror', (error) => errors.push(String(error)));
    await page.goto(`${scene.url}/graphiql`);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    return { page, elsewhere, errors, forbidden };
  }

  /** Replaces the text of the editor at a place, as by pasting. */
  async function write(page: Page, place: string, text: string): Promise<void> {
    await page.locator(`${place} .view-lines`).click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.press('Delete');
    await page.keyboard.insertText(text);
  }

  async function authorize(page: Page, token: string): Promise<void> {
    await page.getByRole('button', { name: 'Headers' }).click();
    const headers = JSON.stringify({ Authorization: `Bearer ${token}` });
    await write(page, '.graphiql-editor-tool .graphiql-editor:not(.hidden)', headers);
  }

  async function execute(page: Page, query: string): Promise<void> {
    await write(page, '.graphiql-query-editor', query);
    await page.locator('.graphiql-execute-button').click();
  }

  /** Waits until the answer that is shown has a text; its spaces do not count. */
  async function shows(page: Page, text: string): Promise<void> {
    const lines = page.locator('.graphiql-response .view-line');
    const shown = async () => (await lines.allInnerTexts()).join('').replaceAll(/\s/g, '');
    const deadline = Date.now() + ANSWER_TIMEOUT_MS;
    while (!(await shown()).includes(text)) {
      if (Date.now() > deadline) throw new Error(`${text} is not in ${await shown()}`);
      await page.waitForTimeout(50);
    }
    tell(`GraphiQL: ${await shown()}`);
  }

  testBrowser(
    'asks, writes and follows, and loads nothing from elsewhere, within its policy',
    async () => {
      const { alice, conversationId: id } = scene;
      const { page, elsewhere, errors, forbidden } = await open();
      await execute(page, '{ me { id } }');
      await shows(page, '"code":"UNAUTHENTICATED"');

      await authorize(page, alice.token!);
      await execute(page, '{ me { id } }');
      await shows(page, '{"data":{"me":{"id":"alice"}}}');
      await execute(
        page,
        `mutation { sendMessage(input: { conversationId: "${id}", content: "GraphiQL" }) { message { sequence } } }`,
      );
      await shows(page, '{"data":{"sendMessage":{"message":{"sequence":1}}}}');

      await execute(
        page,
        `subscription { messageAdded(conversationId: "${id}", after: 0) { content } }`,
      );
      await shows(page, '{"data":{"messageAdded":{"content":"GraphiQL"}}}');
      await sendBy(alice, id, { content: 'live' });
      await shows(page, '{"data":{"messageAdded":{"content":"live"}}}');
      expect([elsewhere, errors, await forbidden()]).toEqual([[], [], []]);
    },
  );
});
