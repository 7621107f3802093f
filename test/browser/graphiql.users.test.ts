import { testBrowser } from '../support/browser';
import { eventually } from '../support/eventually';
import { answerOf, follow, run, signInAs, startGraphiql, tab } from './graphiql.page';

describe('When another user signs in, GraphiQL', () => {
  const graphiql = startGraphiql();

  testBrowser('keeps the texts of its tabs, now and at the next visit', async () => {
    const { page, faults } = await graphiql.open();
    await page.locator('.graphiql-query-editor .view-lines').click();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.insertText('query Mine { me { id } }');
    await run(page, 'Mine', '{"data":{"me":{"id":"alice"}}}');
    await signInAs(page, 'bob');
    await run(page, 'Mine', '{"data":{"me":{"id":"bob"}}}');
    await page.reload();
    expect(await page.getByLabel('Signed in as').inputValue()).toBe('bob');
    await run(page, 'Mine', '{"data":{"me":{"id":"bob"}}}');
    await page.getByRole('button', { name: 'Reset tabs' }).click();
    await run(page, 'Conversations', 'Citybicycle');
    expect(await faults()).toEqual([]);
  });

  testBrowser('empties what its tabs have answered, and keeps no answer', async () => {
    const { page, faults } = await graphiql.open();
    await run(page, 'Conversation', 'Wouldyoufixmywebsiteforit?');
    await run(page, 'Conversations', '"me":{"id":"alice"');
    await signInAs(page, 'bob');
    const editor = page.locator('.graphiql-query-editor .view-lines');
    for (const title of ['Conversation', 'Conversations', 'Conversation']) {
      await tab(page, title).click();
      await editor.filter({ hasText: new RegExp(`query\\s${title}\\(`) }).waitFor();
      expect(await answerOf(page)).toBe('');
    }
    expect(await page.evaluate('JSON.stringify(localStorage)')).not.toContain('website');
    expect(await faults()).toEqual([]);
  });

  testBrowser('shows nowhere an answer that comes after that', async () => {
    const { page } = await graphiql.open();
    const held: (() => Promise<void>)[] = [];
    await page.route('**/graphql', (route) => void held.push(() => route.continue()));
    await page.locator('.graphiql-execute-button').click();
    await eventually(() => expect(held).toHaveLength(1));
    await signInAs(page, 'bob');
    await eventually(() => expect(held).toHaveLength(2));
    // The former user's answer comes before what the page has to know of the other one.
    const answered = page.waitForResponse('**/graphql');
    await held[0]!();
    await answered;
    await held[1]!();
    await page.unroute('**/graphql');
    await run(page, 'Conversation', 'Wouldyoufixmywebsiteforit?');
    await tab(page, 'Conversations').click();
    await eventually(async () => expect(await answerOf(page)).toBe(''));
  });

  testBrowser('ends what the former one has subscribed to, and says so', async () => {
    const { page, faults, connected } = await graphiql.open();
    await follow(page);
    await signInAs(page, 'carol');
    const log = page.getByRole('log', { name: 'Events' });
    const ended = log.getByRole('listitem').filter({ hasText: 'Subscribe as Alice Adams' });
    await ended.getByText('Ended, since another user has signed in.').waitFor();
    expect(await page.getByRole('button', { name: 'Stop Subscribe' }).count()).toBe(0);
    await eventually(() => expect(connected).toEqual(['alice']));
    await page.getByText('no connection', { exact: true }).waitFor();
    expect(await faults()).toEqual([]);
  });
});
