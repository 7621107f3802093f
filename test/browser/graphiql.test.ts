import type { Browser } from 'playwright-core';
import { findingsOf, keepScreenshot, openBrowser, openPage, testBrowser } from '../support/browser';
import { startProduction } from '../support/production';
import { follow, run, signInAs, startGraphiql } from './graphiql.page';

/** The parts of the page that are Parley's own. */
const OURS = ['.bar', '.live'];

describe('GraphiQL with the demo data', () => {
  const graphiql = startGraphiql();

  testBrowser('each prepared tab runs at one press, and events come live', async () => {
    const { page, faults, connected, bodies } = await graphiql.open();
    await run(page, 'Conversations', '"me":{"id":"alice"');
    await run(page, 'Conversation', 'Wouldyoufixmywebsiteforit?');
    await follow(page);
    const log = page.getByRole('log', { name: 'Events' });
    await run(page, 'Send', '{"data":{"sendMessage"');
    await log.getByText('Hello from GraphiQL').waitFor();
    await run(page, 'MakeOffer', '"recipient":{"id":"bob"');
    await log.getByText('"offerAction":"CREATE"').waitFor();
    expect(await findingsOf(page, OURS)).toEqual([]);
    await keepScreenshot(page, 'graphiql');
    await run(page, 'AcceptOffer', '"status":"ACCEPTED"');

    await signInAs(page, 'bob');
    await run(page, 'Conversations', '"me":{"id":"bob"');
    await follow(page);
    expect(connected).toEqual(['alice', 'bob']);
    await run(page, 'AcceptOffer', '"status":"ACCEPTED"');
    const accepted = log.getByRole('listitem').filter({ hasText: '"offerAction":"ACCEPT"' });
    await accepted.filter({ hasText: 'Subscribe as Bob Brown' }).waitFor();
    expect(bodies.filter((body) => /^\W*subscription/m.test(body))).toEqual([]);
    expect(bodies.filter((body) => body.includes('conversationEvents'))).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  testBrowser('what is stopped ends', async () => {
    const { page, faults } = await graphiql.open();
    await follow(page);
    await page.getByRole('button', { name: 'Stop Subscribe' }).click();
    await page.getByRole('region', { name: 'Live events' }).waitFor({ state: 'detached' });

    await page.locator('.graphiql-execute-button').click();
    await page.getByRole('button', { name: 'Stop Subscribe' }).waitFor();
    await page.locator('.graphiql-execute-button').click();
    await page.getByRole('region', { name: 'Live events' }).waitFor({ state: 'detached' });

    expect(await faults()).toEqual([]);
  });
});

testBrowser('in production GraphiQL asks for a token, and the server makes none', async () => {
  const { cluster, token } = await startProduction({ GRAPHIQL: 'true' });
  const { url } = cluster.node;
  let browser: Browser | null = null;
  try {
    browser = await openBrowser();
    const { page, faults } = await openPage(browser!, url);
    await page.goto(`${url}/graphiql`);
    const field = page.getByLabel('Token of a user');
    await field.fill(token);
    expect(await page.getByLabel('Signed in as').count()).toBe(0);
    expect(await findingsOf(page, OURS)).toEqual([]);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    await run(page, 'Conversations', '"conversations":{"nodes":[]}');
    expect(await faults()).toEqual([]);
    expect((await fetch(`${url}/demo/users`)).status).toBe(404);

    await page.getByRole('button', { name: 'Sign out' }).click();
    await field.fill('no token');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('A valid token is required.').waitFor();
  } finally {
    await browser?.close();
    await cluster.stop();
  }
});
