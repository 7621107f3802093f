import type { Browser, Page } from 'playwright-core';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { openBrowser, testBrowser, watchPolicy } from './browser';

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

  /** Opens the page with the users of this test, and collects what it asks elsewhere. */
  async function open() {
    const page = await browser!.newPage();
    const forbidden = await watchPolicy(page);
    const elsewhere: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(cluster.node.url)) elsewhere.push(request.url());
    });
    const users = people.map(({ id, token }, index) => {
      return { id, displayName: ['Alice', 'Bob', 'Carol'][index]!, token };
    });
    await page.route('**/demo/users', (route) => route.fulfill({ json: { users } }));
    await page.goto(cluster.node.url);
    return { page, forbidden, elsewhere };
  }

  const pane = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

  testBrowser('two people talk, one is cut off and catches up, a third sees nothing', async () => {
    const { page, forbidden, elsewhere } = await open();
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
    expect(await forbidden()).toEqual([]);
    expect(elsewhere).toEqual([]);
  });

  testBrowser('asks for a token where the server makes none', async () => {
    const page = await browser!.newPage();
    await page.goto(cluster.node.url);
    const [alice] = people;
    await page.getByLabel('Token of a user').fill(alice!.token!);
    await page.getByRole('button', { name: 'Connect' }).click();
    await pane(page, alice!.id).getByText('Live', { exact: true }).waitFor();
  });
});
