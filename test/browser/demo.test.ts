import type { Browser, Page } from 'playwright-core';
import { findingsOf, openBrowser, openPage, testBrowser } from '../support/browser';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';

describe('the demo in a browser', () => {
  let cluster: Cluster;
  let people: Person[];
  let browser: Browser | null;

  beforeAll(async () => {
    cluster = await Cluster.start();
    people = await cluster.persons('alice', 'bob', 'carol');
    await conversationOf([people[0]!, people[1]!]);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await cluster.stop();
  });

  /** Opens the page with the users of this test. */
  async function open() {
    const watched = await openPage(browser!, cluster.node.url);
    const users = people.map(({ id, token }, index) => {
      return { id, displayName: ['Alice', 'Bob', 'Carol'][index]!, token };
    });
    await watched.page.route('**/demo/users', (route) => route.fulfill({ json: { users } }));
    await watched.page.goto(cluster.node.url);
    return watched;
  }

  const pane = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

  testBrowser('two people talk, one is cut off and catches up, a third sees nothing', async () => {
    const { page, faults } = await open();
    const [alice, bob] = [pane(page, 'Alice'), pane(page, 'Bob')];
    await alice.getByText('Live', { exact: true }).waitFor();
    await bob.getByText('Live', { exact: true }).waitFor();

    await bob.getByRole('button', { name: 'Cut connection' }).click();
    await bob.getByText('Reconnecting').waitFor();
    await alice.getByRole('textbox').fill('Are you there?');
    await alice.getByRole('textbox').press('Enter');
    await alice.getByRole('log').getByText('Are you there?').waitFor();
    expect(await bob.getByText('Are you there?').count()).toBe(0);

    await bob.getByRole('button', { name: 'Reconnect' }).click();
    await bob.getByText('Are you there?').waitFor();
    await bob.getByText('Live', { exact: true }).waitFor();
    await alice.getByText('Read').waitFor();
    await bob.getByRole('textbox').pressSequentially('Yes');
    await alice.getByText('is typing').waitFor();

    await bob.getByRole('button', { name: 'Show traffic' }).click();
    await bob.getByText('subscribe ConversationEvents').first().waitFor();

    await page.getByRole('button', { name: 'Show Carol' }).click();
    await pane(page, 'Carol').getByText('No conversations').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  testBrowser('asks for a token where the server makes none', async () => {
    const { page, faults } = await openPage(browser!, cluster.node.url);
    await page.goto(cluster.node.url);
    const [alice] = people;
    await page.getByLabel('Token of a user').fill(alice!.token!);
    await page.getByRole('button', { name: 'Connect' }).click();
    await pane(page, alice!.id).getByText('Live', { exact: true }).waitFor();
    expect(await findingsOf(page)).toEqual([]);
    expect(await faults()).toEqual([]);
  });
});
