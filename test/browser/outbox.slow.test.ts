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
  globalThis.stored = () => new Promise((resolve, reject) => {
    const opening = indexedDB.open('parley-outbox');
    // A database that is made here would lack the store, also for the outbox.
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const request = opening.result.transaction('parley-outbox').objectStore('parley-outbox').count();
      request.onsuccess = () => { opening.result.close(); resolve(request.result); };
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
  const framesOf = new WeakMap<Page, string[]>();

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
  async function openTab(
    prelude = '',
    prepare: (page: Page) => Promise<void> = async () => {},
  ): Promise<Page> {
    const page = await context.newPage();
    const frames: string[] = [];
    framesOf.set(page, frames);
    page.on('websocket', (socket) =>
      socket.on('framesent', ({ payload }) => frames.push(String(payload))),
    );
    await prepare(page);
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
  /** The contents of the messages that a tab sent itself, repeats too. */
  const sentBy = (page: Page): string[] =>
    framesOf
      .get(page)!
      .map((text) => JSON.parse(text).payload?.variables?.input?.content)
      .filter((content) => content !== undefined);
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
    await write(first, 'a');
    await eventually(async () => expect(await states(first)).toEqual(['sent']));
    const second = await openTab();
    await write(second, 'b');
    await eventually(async () => expect(await states(second)).toEqual(['sent']));
    expect(await accepted()).toEqual(['a', 'b']);
    // The server accepts a repeat once, so only the sockets tell of a second sender.
    expect([sentBy(first), sentBy(second)]).toEqual([['a', 'b'], []]);
  });

  testBrowser('another tab goes on when the one that sends is closed', async () => {
    const first = await openTab('', (page) =>
      page.routeWebSocket('**/graphql', (socket) => {
        const server = socket.connectToServer();
        // The answer to what is sent is lost.
        server.onMessage((text) => String(text).includes('"sendMessage"') || socket.send(text));
      }),
    );
    await write(first, 'a');
    await eventually(async () => expect(await accepted()).toEqual(['a']));
    const second = await openTab();
    await write(second, 'b');
    await eventually(async () => expect(await unsent(second)).toEqual(['a', 'b']));
    await eventually(async () => expect(await unsent(first)).toEqual(['a', 'b']));
    expect(sentBy(second)).toEqual([]);
    await first.close();
    await eventually(async () => expect(await unsent(second)).toEqual([]));
    expect(sentBy(second)).toEqual(['a', 'b']);
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
