import { testBrowser } from '../support/browser';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { button, logOf, openTab, paneOf, startDemo, write } from './demo.page';

describe('a chat in the demo', () => {
  const demo = startDemo();

  testBrowser('changes and deletes what was said, for both', async () => {
    await conversationOf(demo.people.slice(0, 2));
    const { page, pane, faults } = await demo.open(demo.people);
    const [alice, bob] = [pane('Alice'), pane('Bob')];
    await write(alice, 'Helo');
    await logOf(bob).getByText('Helo').waitFor();
    await logOf(alice).getByText('Helo').hover();
    await button(alice, 'Edit the message').click();
    const field = alice.getByRole('textbox', { name: 'Message as' });
    expect(await field.inputValue()).toBe('Helo');
    await page.keyboard.press('Escape');
    expect(await field.inputValue()).toBe('');
    await button(alice, 'Edit the message').click();
    await write(alice, 'Hello');
    await logOf(bob).getByText('Hello').waitFor();
    await logOf(bob).getByText('edited').waitFor();

    await button(alice, 'Delete the message').click();
    await button(alice, 'Keep').click();
    await button(alice, 'Delete the message').click();
    await button(alice, /^Delete$/).click();
    for (const one of [alice, bob]) await logOf(one).getByText('Message deleted').waitFor();
    expect(await logOf(bob).getByText('Hello').count()).toBe(0);
    expect(await faults()).toEqual([]);
  });

  testBrowser('one blocks the other, who is told what the server refuses', async () => {
    await conversationOf(demo.people.slice(0, 2));
    const { pane, faults } = await demo.open(demo.people);
    const [alice, bob] = [pane('Alice'), pane('Bob')];
    await button(bob, 'Block Alice Adams').click();
    await bob.getByText('You have blocked them').waitFor();
    expect(await button(bob, 'Offer').isDisabled()).toBe(true);
    await write(alice, 'Hello?');
    await logOf(alice).getByText('Not sent: You may not do that here.').waitFor();

    await button(bob, 'Unblock Alice Adams').click();
    await bob.getByRole('textbox', { name: 'Message as' }).waitFor();
    await button(alice, 'Retry').click();
    await logOf(bob).getByText('Hello?').waitFor();
    expect(await logOf(alice).getByText('Not sent').count()).toBe(0);
    expect(await faults()).toEqual([]);
  });

  testBrowser('keeps its place when earlier messages come', async () => {
    const [alice, bob] = demo.people;
    const { id } = await conversationOf([alice!, bob!]);
    for (let number = 1; number <= 50; number++)
      await sendBy(bob!, id, { content: `Number ${number}.` });
    const { page, pane } = await demo.open([alice!]);
    const log = logOf(pane('Alice'));
    await log.getByText('Number 50.').waitFor();
    const placeOf = async (number: number) =>
      (await log.getByText(`Number ${number}.`).boundingBox())!.y;
    for (const [first, earlier] of [
      [31, 11],
      [11, 1],
    ] as const) {
      await page.evaluate(`document.querySelector('[role=log]').scrollTop = 0`);
      const before = await placeOf(first);
      await button(pane('Alice'), 'Earlier messages').click();
      await log.getByText(`Number ${earlier}.`).waitFor({ state: 'attached' });
      // The date moves from above this message to above the earlier ones.
      expect(Math.abs((await placeOf(first)) - before)).toBeLessThan(40);
      expect(await placeOf(earlier)).toBeLessThan(0);
    }
    expect(await button(pane('Alice'), 'Earlier messages').count()).toBe(0);
  });

  testBrowser('two tabs of one person show and count the same', async () => {
    const [alice, bob] = demo.people;
    const { id } = await conversationOf([alice!, bob!], { subject: 'Two tabs' });
    const first = await demo.open([alice!]);
    const tab = await openTab(first);
    const [one, other] = [first.pane('Alice'), paneOf(tab, 'Alice')];
    await write(one, 'From the first');
    await write(other, 'From the second');
    for (const pane of [one, other])
      for (const text of ['From the first', 'From the second'])
        await logOf(pane).getByText(text, { exact: false }).waitFor();
    await sendBy(bob!, id, { content: 'To both' });
    for (const pane of [one, other]) {
      await logOf(pane).getByText('To both').waitFor();
      await button(pane, 'Notifications, 0 unread').waitFor();
      expect(await logOf(pane).locator('.message').count()).toBe(3);
    }
    expect(await first.faults()).toEqual([]);
  });
});

describe('the endings of an offer in the demo', () => {
  const demo = startDemo();

  testBrowser.each([
    ['Decline', 'Bob', 'Declined'],
    ['Withdraw', 'Alice', 'Withdrawn'],
  ])('%s', async (action, name, headline) => {
    const [alice, bob] = demo.people;
    const { id } = await conversationOf([alice!, bob!]);
    await offerBy(alice!, id);
    const { pane, faults } = await demo.open(demo.people);
    const press = new RegExp(`^${action}$`);
    await button(pane(name), press).click();
    for (const one of [pane('Alice'), pane('Bob')]) {
      await one.getByText(headline, { exact: true }).first().waitFor();
      await button(one, press).waitFor({ state: 'detached' });
    }
    expect(await faults()).toEqual([]);
  });

  testBrowser('cancels what was agreed', async () => {
    const [alice, bob] = demo.people;
    const { id } = await conversationOf([alice!, bob!]);
    await offerBy(alice!, id);
    const { pane, faults } = await demo.open(demo.people);
    await button(pane('Bob'), 'Accept').click();
    await button(pane('Alice'), 'Cancel the deal').click();
    for (const one of [pane('Alice'), pane('Bob')])
      await one.getByText('The deal was cancelled', { exact: true }).first().waitFor();
    expect(await faults()).toEqual([]);
  });
});
