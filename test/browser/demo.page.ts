import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { DEMO_USERS } from '../../src/app/demo.users';
import { openPage, type Watched } from '../support/browser';
import type { Cluster } from '../support/cluster';
import type { Person } from '../support/person';

/** The demo's users, as the platform knows them, in the order in which the page shows them. */
export async function demoPeople(cluster: Cluster): Promise<Person[]> {
  const people = await cluster.persons(...DEMO_USERS.map(({ id }) => id));
  await cluster.node.services.people.users.upsert(DEMO_USERS, () => 'user');
  return people;
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
  await page.route('**/demo/users', (route) => route.fulfill({ json: { users } }));
  await page.goto(cluster.node.url);
  await page.getByText('Live', { exact: true }).first().waitFor();
  const pane = (name: string) => page.getByRole('region', { name: new RegExp(`^${name} \\w+$`) });
  return { ...watched, pane };
}

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
