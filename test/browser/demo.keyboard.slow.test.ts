import type { Page } from 'playwright-core';
import { testBrowser } from '../support/browser';
import { conversationOf, sendBy } from '../support/factories';
import { button, logOf, startDemo } from './demo.page';

/** The name of the element with the focus, or its text. */
const FOCUSED = `(() => {
  const { ariaLabel, labels, textContent } = document.activeElement;
  return ariaLabel ?? labels?.[0]?.textContent ?? textContent;
})()`;

const focused = (page: Page) => page.evaluate(FOCUSED) as Promise<string>;

/** Presses Tab until what has the focus matches. Returns the names on the way. */
async function tabTo(page: Page, name: RegExp, key = 'Tab'): Promise<string[]> {
  const names: string[] = [];
  while (names.length < 40) {
    await page.keyboard.press(key);
    names.push(await focused(page));
    if (name.test(names.at(-1)!)) return names;
  }
  throw new Error(`not reached: ${name} ${names.join(', ')}`);
}

describe('the demo without a mouse', () => {
  const demo = startDemo();

  testBrowser('goes through a pane in the order of what is seen', async () => {
    const [alice, bob, carol] = demo.people;
    const { id } = await conversationOf([alice!, carol!]);
    await sendBy(carol!, id, { content: 'About the tandem' });
    await conversationOf([alice!, bob!]);
    const { page } = await demo.open([alice!], { viewport: { width: 1280, height: 800 } });
    await logOf(page.locator('body')).waitFor();
    await button(page, 'Block Bob Brown').waitFor();
    const names = await tabTo(page, /^Message as/);
    expect(names).toEqual([
      'As the system',
      'Notifications, 1 unread',
      'GraphQL traffic',
      'Cut the connection',
      'New conversation',
      expect.stringContaining('Bob Brown'),
      expect.stringContaining('About the tandem'),
      'Block Bob Brown',
      ' Offer',
      'Messages',
      'Message as Alice Adams',
    ]);
  });

  testBrowser('opens a conversation, writes, and makes an offer', async () => {
    const [alice, bob, carol] = demo.people;
    const { id } = await conversationOf([alice!, carol!], { subject: 'A tandem' });
    await sendBy(carol!, id, { content: 'Is it sold?' });
    await conversationOf([alice!, bob!], { subject: 'A boat' });
    const opened = await demo.open([alice!], { viewport: { width: 1280, height: 800 } });
    const { page, faults } = opened;
    const pane = opened.pane('Alice');
    await button(page, 'Block Bob Brown').waitFor();

    await tabTo(page, /A tandem/);
    await page.keyboard.press('Enter');
    await logOf(pane).getByText('Is it sold?').waitFor();
    await button(page, 'Block Carol Clark').waitFor();
    await tabTo(page, /^Message as/);
    await page.keyboard.type('Not yet');
    await page.keyboard.press('Enter');
    await logOf(pane).getByText('Not yet').waitFor();
    await page.keyboard.type('But');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.type('soon');
    await tabTo(page, /^Send$/);
    await page.keyboard.press('Enter');
    await logOf(pane).getByText('But soon').waitFor();
    expect(await focused(page)).toBe('Message as Alice Adams');
    expect(await pane.locator('form:has(label) button[type="submit"]').count()).toBe(1);

    await tabTo(page, /^ Offer$/, 'Shift+Tab');
    await page.keyboard.press('Enter');
    const form = pane.getByRole('dialog', { name: 'New offer' });
    await form.waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.waitForFunction(`document.activeElement.textContent === ' Offer'`);

    await page.keyboard.press('Enter');
    await form.waitFor();
    await tabTo(page, /^Amount$/);
    await page.keyboard.type('30');
    await tabTo(page, /^Description$/);
    await page.keyboard.type('A tandem');
    await page.keyboard.press('Enter');
    await form.waitFor({ state: 'detached' });
    await pane.getByText('Waiting for Carol Clark', { exact: true }).waitFor();
    expect(await faults()).toEqual([]);
  });
});
