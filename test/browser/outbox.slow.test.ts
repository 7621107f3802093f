import { join } from 'node:path';
import { MessagesBeforeDocument } from '@parley/client/documents';
import { buildSync } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { type LossyProxy, startLossyProxy } from '../client/lossy.proxy';
import { openBrowser, testBrowser } from '../support/browser';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';

const ROOT = join(__dirname, '../..');
const SCRIPT = `import { createOutbox, createParleyClient } from '@parley/client';
  const { token, conversationId } = globalThis.given;
  const client = createParleyClient({ url: '/graphql', token });
  const outbox = createOutbox(client);
  const written = [];
  globalThis.write = (content) => written.push(outbox.send({ conversationId, content }));
  globalThis.unsent = () => outbox.sendings.map(({ content }) => content);
  globalThis.states = () => written.map(({ state }) => state);
  globalThis.stored = () => new Promise((resolve) => {
    indexedDB.open('parley-outbox').onsuccess = ({ target: { result } }) => {
      const request = result.transaction('parley-outbox').objectStore('parley-outbox').count();
      request.onsuccess = () => { result.close(); resolve(request.result); };
    };
  });`;

describe("an outbox in a browser's tabs", () => {
  let cluster: Cluster;
  let browser: Browser | null;
  let alice: Person;
  let bob: Person;
  let conversationId: string;
  let proxy: LossyProxy;
  let context: BrowserContext;
  let script: string;

  beforeAll(async () => {
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
    browser = await openBrowser();
    const stdin = { contents: SCRIPT, resolveDir: ROOT };
    const options = { bundle: true, write: false, format: 'iife', platform: 'browser' } as const;
    script = buildSync({ stdin, ...options }).outputFiles[0]!.text;
  });
  beforeEach(async () => {
    proxy = await startLossyProxy(Number(new URL(cluster.node.url).port));
    conversationId = (await conversationOf([alice, bob])).id;
    // A page that comes without the network counts as foreign to this machine's addresses.
    context = await browser!.newContext({ permissions: ['local-network-access'] });
  });
  afterEach(async () => {
    await context.close();
    await proxy.stop();
  });
  afterAll(async () => {
    await browser?.close();
    await cluster.stop();
  });

  /** Opens a tab of bob's. The page comes without the network, from the server's own origin. */
  async function openTab(prelude = ''): Promise<Page> {
    const page = await context.newPage();
    await page.route('**/page', (route) =>
      route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Chat</title>' }),
    );
    const given = JSON.stringify({ token: bob.token, conversationId });
    await page.addInitScript(`${prelude};globalThis.given = ${given};${script}`);
    await page.goto(`http://127.0.0.1:${proxy.port}/page`);
    return page;
  }
  const write = (page: Page, content: string) => page.evaluate(`void write('${content}')`);
  const unsent = (page: Page) => page.evaluate('unsent()');
  const states = (page: Page) => page.evaluate('states()');
  async function accepted(): Promise<string[]> {
    const variables = { id: conversationId, last: 40 };
    const { conversation } = await alice.ask(MessagesBeforeDocument, variables);
    return conversation!.messages.nodes.map(({ content }) => content);
  }

  testBrowser('sends after a reload what was written without a network', async () => {
    proxy.refuses = true;
    const page = await openTab();
    for (const content of ['1', '2', '3']) await write(page, content);
    await eventually(async () => expect(await page.evaluate('stored()')).toBe(3));
    await page.reload();
    await eventually(async () => expect(await unsent(page)).toEqual(['1', '2', '3']));
    proxy.refuses = false;
    await eventually(async () => expect(await unsent(page)).toEqual([]));
    expect(await accepted()).toEqual(['1', '2', '3']);
    await eventually(async () => expect(await page.evaluate('stored()')).toBe(0));
  });

  testBrowser('one tab sends for both, and the other shows it', async () => {
    const first = await openTab();
    const second = await openTab();
    await write(first, 'a');
    await eventually(async () => expect(await states(first)).toEqual(['sent']));
    await write(second, 'b');
    await eventually(async () => expect(await states(second)).toEqual(['sent']));
    expect(await accepted()).toEqual(['a', 'b']);
  });

  testBrowser('another tab goes on when the one that sends is closed', async () => {
    proxy.refuses = true;
    const first = await openTab();
    await write(first, 'a');
    await eventually(async () => expect(await first.evaluate('stored()')).toBe(1));
    const second = await openTab();
    await write(second, 'b');
    await eventually(async () => expect(await unsent(second)).toEqual(['a', 'b']));
    await eventually(async () => expect(await unsent(first)).toEqual(['a', 'b']));
    await first.close();
    proxy.refuses = false;
    await eventually(async () => expect(await unsent(second)).toEqual([]));
    expect(await accepted()).toEqual(['a', 'b']);
  });

  testBrowser.each([
    [
      'throws',
      "IDBFactory.prototype.open = () => { throw new DOMException('', 'SecurityError'); }",
    ],
    [
      'fails',
      `IDBFactory.prototype.open = () => {
        const request = { error: new DOMException('', 'InvalidStateError') };
        setTimeout(() => request.onerror());
        return request;
      }`,
    ],
  ])('sends from memory where the storage %s', async (_, prelude) => {
    const page = await openTab(prelude);
    for (const content of ['1', '2']) await write(page, content);
    await eventually(async () => expect(await states(page)).toEqual(['sent', 'sent']));
    expect(await accepted()).toEqual(['1', '2']);
  });
});
