/** Chromium for tests: started without a network, watched, and looked at by axe-core. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { installProgram } from './debian';

const ROOT = join(__dirname, '../..');
/** Not kept by git. */
const SCREENSHOTS = join(ROOT, '.screenshots');
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];
/** Every name and address but those of this machine is unreachable. */
const ONLY_LOOPBACK = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1';

const path = findChromium();

/** A test that needs Chromium, and is skipped where there is none and it cannot be installed. */
export const testBrowser: typeof test = path ? test : (test.skip as typeof test);

/** Starts Chromium, for which every address but this machine's is unreachable; null without it. */
export async function openBrowser(): Promise<Browser | null> {
  if (!path) return null;
  // Chromium's sandbox refuses root, and its shared memory is small in containers.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox', '--disable-dev-shm-usage'] : [];
  const args = [`--host-resolver-rules=${ONLY_LOOPBACK}`, ...asRoot];
  return chromium.launch({ executablePath: path, args });
}

/** The faults of a page: each is a line, and a test expects none. */
export interface Watched {
  page: Page;
  /** Violations of a policy, errors of the console and of scripts, requests elsewhere or failed. */
  faults(): Promise<string[]>;
}

/**
 * Opens a page in a context of its own and watches it.
 *
 * @param origin the only one that the page may ask for anything
 */
export async function openPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const seen: string[] = [];
  const isOurs = (url: string) =>
    url.replace(/^blob:/, '').startsWith(`${origin}/`) || url.startsWith('data:');
  await context.route(
    (url) => !isOurs(url.href),
    (route) => route.abort(),
  );
  page.on('console', (message) => {
    if (message.type() === 'error') seen.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => seen.push(`script: ${error.stack ?? error}`));
  page.on('request', (request) => {
    if (!isOurs(request.url())) seen.push(`elsewhere: ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) seen.push(`${response.status()}: ${response.url()}`);
  });
  page.on('requestfailed', (request) => {
    // A page that aborts its own request has no use for the answer.
    const reason = request.failure()?.errorText ?? '';
    if (reason !== 'net::ERR_ABORTED') seen.push(`failed: ${request.url()} ${reason}`);
  });
  await page.addInitScript(COLLECT);
  const forbidden = async () => (await page.evaluate('globalThis.forbidden')) as string[];
  return { page, faults: async () => [...(await forbidden()), ...seen] };
}

const COLLECT = `
  globalThis.forbidden = [];
  addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) => {
    forbidden.push('forbidden: ' + effectiveDirective + ' ' + blockedURI);
  });`;

/**
 * The serious and critical findings of axe-core in what a page shows now, each a line.
 *
 * @param parts selectors of the parts of the page that are looked at
 */
export async function findingsOf(page: Page, parts = ['html']): Promise<string[]> {
  const hasAxe = await page.evaluate('typeof globalThis.axe === "object"');
  // The page's policy does not bind what is evaluated from outside.
  if (!hasAxe) await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  return (await page.evaluate(`axe.run(${JSON.stringify(parts)}).then(({ violations }) => violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
      id + ' ' + target.join(' ') + ': ' + failureSummary.replaceAll(/\\s+/g, ' '))))`)) as string[];
}

/** Keeps a screenshot of what a page shows, under a name, in a folder that git ignores. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
}

/** The path of Chromium, which is installed where that is allowed; null without one. */
function findChromium(): string | null {
  const find = () => {
    const folders = process.env.PATH!.split(delimiter);
    return PROGRAMS.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  };
  try {
    if (!find()) installProgram('chromium');
  } catch (error) {
    process.stdout.write(`NOT RUN: ${(error as Error).message}\n`);
  }
  return find() ?? null;
}
