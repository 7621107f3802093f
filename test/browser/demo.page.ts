import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { DEMO_USERS } from '../../src/app/demo.users';
import { openBrowser, openPage, type Watched } from '../support/browser';
import { Cluster } from '../support/cluster';
import type { Person } from '../support/person';

/** The demo's users, as the platform knows them, in the order in which the page shows them. */
export async function demoPeople(cluster: Cluster): Promise<Person[]> {
  const people = await cluster.persons(...DEMO_USERS.map(({ id }) => id));
  await cluster.node.services.people.users.upsert(DEMO_USERS, () => 'user');
  return people;
}

/** The parts that the tests of a file share. They are there from the first test on. */
export interface Demo {
  cluster: Cluster;
  people: Person[];
  browser: Browser;
  /** Opens the demo for these people. */
  open(people: readonly Person[], options?: BrowserContextOptions): Promise<DemoPage>;
}

/** Starts a node and Chromium for the tests of a file, and closes the pages after each. */
export function startDemo(): Demo {
  const demo = {
    open: (people, options) => openDemo(demo.browser, demo.cluster, people, options),
  } as Demo;
  beforeAll(async () => {
    demo.cluster = await Cluster.start();
    demo.people = await demoPeople(demo.cluster);
    demo.browser = (await openBrowser())!;
  });
  // A page that stays open would go on reading what is written to its people.
  afterEach(async () => {
    for (const context of demo.browser?.contexts() ?? []) await context.close();
  });
  afterAll(async () => {
    await demo.browser?.close();
    await demo.cluster.stop();
  });
  return demo;
}

export interface DemoPage extends Watched {
  /** What one of them sees, by the first name. */
  pane(name: string): Locator;
}

/** Opens the demo with these people, and waits until those who are shown are live. */
export async function openDemo(
  browser: Browser,
  cluster: Cluster,
  people: readonly Person[],
  options: BrowserContextOptions = {},
): Promise<DemoPage> {
  const watched = await openPage(browser, cluster.node.url, options);
  const { page } = watched;
  const users = people.map(({ id, token }) => {
    return { id, displayName: DEMO_USERS.find((user) => user.id === id)!.displayName, token };
  });
  await page.context().route('**/demo/users', (route) => route.fulfill({ json: { users } }));
  await page.goto(cluster.node.url);
  await page.getByText('Live', { exact: true }).first().waitFor();
  return { ...watched, pane: (name) => paneOf(page, name) };
}

/** Opens the demo once more for the people of a page, in another tab of the same browser. */
export async function openTab({ page }: DemoPage): Promise<Page> {
  const tab = await page.context().newPage();
  await tab.goto(page.url());
  await tab.getByText('Live', { exact: true }).first().waitFor();
  return tab;
}

export const paneOf = (page: Page, name: string) =>
  page.getByRole('region', { name: new RegExp(`^${name} \\w+$`) });

/** Writes a message in a pane. */
export async function write(pane: Locator, text: string): Promise<void> {
  const field = pane.getByRole('textbox', { name: 'Message as' });
  await field.fill(text);
  await field.press('Enter');
}

/** The log of the open conversation. */
export const logOf = (pane: Locator) => pane.getByRole('log');

export function button(place: Page | Locator, name: string | RegExp): Locator {
  return place.getByRole('button', { name });
}
