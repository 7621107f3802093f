import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

export { openBrowser, testBrowser } from '../support/browser';

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
