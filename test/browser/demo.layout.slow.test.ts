import { findingsOf, keepScreenshot, testBrowser } from '../support/browser';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { button, startDemo } from './demo.page';

const NARROW = { viewport: { width: 360, height: 740 }, hasTouch: true };
const LONG = 'x'.repeat(200);

describe('the layout of the demo', () => {
  const demo = startDemo();

  testBrowser('holds with the longest names, texts and offers at 360 pixels', async () => {
    const [alice] = demo.people;
    const long = await demo.cluster.person('long');
    const profile = { id: 'long', username: 'long', displayName: LONG };
    await demo.cluster.node.services.people.users.upsert([profile], () => 'user');
    const { id } = await conversationOf([alice!, long], { subject: LONG });
    await sendBy(long, id, { content: 'y'.repeat(10_000) });
    await sendBy(alice!, id, { content: 'many words '.repeat(900) });
    const thing = { kind: 'GOODS', description: 'z'.repeat(2_000), giverId: 'long' } as const;
    await offerBy(long, id, { items: [thing], note: 'n'.repeat(2_000) });
    const opened = await demo.open([alice!], NARROW);
    const pane = opened.pane('Alice');
    await pane.getByText(`${LONG} waits for your answer`).first().waitFor();

    /** Names the parts that scroll sideways, and the buttons that the page cuts off. */
    const wide = () =>
      opened.page.evaluate(`[...document.querySelectorAll('html, main *')].filter((one) => {
        if (one.tagName === 'INPUT') return false;
        const { overflowX } = getComputedStyle(one);
        const scrolls = /auto|scroll/.test(overflowX) || one.tagName === 'HTML';
        return (scrolls && one.scrollWidth > one.clientWidth)
          || (one.tagName === 'BUTTON' && one.getBoundingClientRect().right > innerWidth);
      }).map(({ tagName, className }) => tagName + '.' + className)`);
    expect(await wide()).toEqual([]);
    await keepScreenshot(opened.page, 'narrow-long');
    await button(pane, 'Counter').click();
    await pane.getByRole('dialog').waitFor();
    expect(await wide()).toEqual([]);
    expect(await findingsOf(opened.page)).toEqual([]);
    await opened.page.keyboard.press('Escape');
    await button(pane, 'Back to the conversations').click();
    expect(await wide()).toEqual([]);
    await button(pane, /^Notifications/).click();
    await pane.getByRole('dialog', { name: 'Notifications' }).waitFor();
    expect(await wide()).toEqual([]);
    await keepScreenshot(opened.page, 'narrow-notifications');
    expect(await findingsOf(opened.page)).toEqual([]);
    expect(await opened.faults()).toEqual([]);
  });

  testBrowser('says what is empty', async () => {
    const dave = demo.people[3]!;
    const { page, pane, faults } = await demo.open([dave]);
    await pane('Dave').getByText('No conversations yet').waitFor();
    await button(page, 'Notifications, 0 unread').click();
    await page.getByText('Nothing yet.').waitFor();
    await page.keyboard.press('Escape');
    await conversationOf([dave, demo.people[2]!]);
    await page.getByText('Nothing has been said yet').waitFor();
    await page.getByText('No messages yet').waitFor();
    expect(await findingsOf(page)).toEqual([]);
    expect(await faults()).toEqual([]);
  });

  testBrowser('keeps the theme that was chosen', async () => {
    const { page } = await demo.open([demo.people[3]!], { colorScheme: 'light' });
    const background = () =>
      page.evaluate('getComputedStyle(document.body.parentNode).backgroundColor');
    const light = await background();
    await page.getByText('Dark', { exact: true }).click({ force: true });
    const dark = await background();
    expect(dark).not.toBe(light);
    await page.reload();
    await page.getByText('Live', { exact: true }).waitFor();
    expect(await page.getByRole('radio', { name: 'Dark' }).isChecked()).toBe(true);
    expect(await background()).toBe(dark);
  });
});
