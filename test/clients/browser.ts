import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { tell, testWith } from './scene';

const { test: testBrowser, path } = testWith(
  ['chromium', 'chromium-browser', 'google-chrome'],
  'On Debian: apt-get install --no-install-recommends chromium',
);

/** A test that needs Chromium, and is skipped without it. */
export { testBrowser };

/** Starts the Chromium of this machine; null where there is none. */
export async function openBrowser(): Promise<Browser | null> {
  if (!path) return null;
  // Chromium's sandbox refuses root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const browser = await chromium.launch({ executablePath: path, args });
  tell(`Chromium ${browser.version()}`);
  return browser;
}

/** Runs the function of a file below `pages` in a page, and returns what it returns. */
export async function runIn(page: Page, file: string, argument: object): Promise<unknown> {
  await page.evaluate(readFileSync(join(__dirname, 'pages', file), 'utf8'));
  return page.evaluate(`run(${JSON.stringify(argument)})`);
}

const COLLECT = `
  globalThis.forbidden = [];
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    forbidden.push(effectiveDirective + ' ' + blockedURI);
  });`;

/** Collects what the policies of a page and of its workers keep from happening. */
export async function watchPolicy(page: Page): Promise<() => Promise<string[]>> {
  const told: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) told.push(message.text());
  });
  await page.addInitScript(COLLECT);
  return async () => [...((await page.evaluate('forbidden')) as string[]), ...told];
}
