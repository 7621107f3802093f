import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { Cluster } from '../support/cluster';
import { openBrowser, runIn, testBrowser, watchPolicy } from './browser';
import { openScene, type Scene } from './scene';

interface Site {
  server: Server;
  origin: string;
  /** The HTML of its every page. */
  html: string;
  /** The paths that were asked for. */
  asked: string[];
}

/** Starts a server of another origin. */
async function openSite(): Promise<Site> {
  const site: Site = { server: createServer(), origin: '', html: 'a page', asked: [] };
  site.server.on('request', ({ url }, response) => {
    site.asked.push(url!);
    response.setHeader('content-type', 'text/html').end(site.html);
  });
  site.server.listen(0, '127.0.0.1');
  await once(site.server, 'listening');
  site.origin = `http://127.0.0.1:${(site.server.address() as AddressInfo).port}`;
  return site;
}

describe('pages of other origins in a browser', () => {
  let cluster: Cluster;
  let scene: Scene;
  let browser: Browser | null;
  let listed: Site;
  let foreign: Site;

  beforeAll(async () => {
    listed = await openSite();
    foreign = await openSite();
    cluster = await Cluster.start({ env: { FRONTEND_URL: listed.origin } });
    scene = await openScene(cluster);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    listed.server.close();
    foreign.server.close();
    await cluster.stop();
  });

  async function open(url: string): Promise<Page> {
    const page = await browser!.newPage();
    await page.goto(url);
    return page;
  }

  testBrowser('one that is listed asks, reads, and follows', async () => {
    const page = await open(listed.origin);
    const { url, alice } = scene;
    expect(await runIn(page, 'ask.js', { url, token: alice.token })).toEqual([
      [{ data: { me: { id: alice.id } } }, 'from-a-page'],
      true,
    ]);
    await page.close();
  });

  testBrowser('one that is not, or has no origin, does neither, whatever it sends', async () => {
    const { url, alice } = scene;
    for (const address of [foreign.origin, 'data:text/html,x', 'about:blank']) {
      const page = await open(address);
      expect(await runIn(page, 'ask.js', { url, token: alice.token })).toEqual([
        'TypeError',
        false,
      ]);
      expect(await runIn(page, 'ask-simply.js', { url })).toEqual([
        ...['TypeError', 'TypeError', 'TypeError', 'TypeError'],
        'refused',
      ]);
      await page.close();
    }
  });

  testBrowser('a page of ours is shown in no frame', async () => {
    const paths = ['/graphiql', '/healthz', '/graphql', '/nowhere'];
    foreign.html = paths.map((path) => `<iframe src="${scene.url}${path}"></iframe>`).join('');
    const page = await open(foreign.origin);
    const frames = page.frames().filter((frame) => frame !== page.mainFrame());
    expect(frames.map((frame) => frame.url())).toEqual(
      paths.map(() => 'chrome-error://chromewebdata/'),
    );
    await page.close();
  });

  testBrowser('a script that got into our page reaches nobody, and runs no other', async () => {
    const page = await browser!.newPage();
    const forbidden = await watchPolicy(page);
    await page.goto(`${scene.url}/graphiql`);
    foreign.asked.length = 0;
    expect(await runIn(page, 'attack.js', { foreign: foreign.origin })).toBeNull();
    expect(foreign.asked).toEqual([]);
    const directives = new Set((await forbidden()).map((one) => one.split(' ')[0]));
    const wanted = [
      ...['script-src-elem', 'script-src-attr', 'script-src', 'img-src', 'style-src-elem'],
      ...['font-src', 'connect-src', 'worker-src', 'frame-src', 'object-src'],
      ...['base-uri', 'form-action'],
    ];
    expect(wanted.filter((name) => !directives.has(name))).toEqual([]);
    await page.close();
  });
});
