import { testBrowser } from '../support/browser';
import { conversationOf, sendBy } from '../support/factories';
import { button, logOf, startDemo, write } from './demo.page';

describe('the demo in two browser contexts', () => {
  const demo = startDemo();

  testBrowser('two people talk, one is cut off and catches up', async () => {
    const { id } = await conversationOf(demo.people.slice(0, 2));
    await sendBy(demo.people[0]!, id, { content: 'Good morning' });
    const first = await demo.open(demo.people.slice(0, 1));
    const second = await demo.open(demo.people.slice(1, 2));
    const [alice, bob] = [first.pane('Alice'), second.pane('Bob')];
    expect(await second.pane('Alice').count()).toBe(0);
    await alice.getByText('Bob Brown is looking at this').waitFor();

    await write(alice, 'Are you there?');
    await logOf(bob).getByText('Are you there?').waitFor();
    await logOf(alice).getByText('Seen').waitFor();
    expect(await logOf(alice).getByText('New', { exact: true }).count()).toBe(0);

    await button(bob, /^Cut/).click();
    await write(bob, 'In the tunnel');
    await logOf(bob).getByText('Waiting to be sent').waitFor();
    await write(alice, 'Take your time');
    await logOf(alice).getByText('Sent', { exact: true }).waitFor();
    await button(bob, 'Reconnect').click();
    await logOf(bob).getByText('Take your time').waitFor();
    // What came while he was away stands below a divider.
    const parts = await logOf(bob).locator('.divider, .bubble').allInnerTexts();
    expect(parts[parts.findIndex((text) => text.startsWith('Take')) - 1]).toBe('New');
    await logOf(alice).getByText('In the tunnel').waitFor();
    expect([...(await first.faults()), ...(await second.faults())]).toEqual([]);
  });

  testBrowser('what one writes stays when another conversation gets a message', async () => {
    const [alice, , carol] = demo.people;
    await conversationOf(demo.people.slice(0, 2));
    const { page, pane } = await demo.open([alice!]);
    const field = pane('Alice').getByRole('textbox', { name: 'Message as' });
    await field.fill('Half a sen');
    const { id } = await conversationOf([carol!, alice!]);
    await sendBy(carol!, id, { content: 'Is the tandem sold?' });
    await page.getByText('Is the tandem sold?').first().waitFor();
    await button(page, 'Notifications, 1 unread').waitFor();
    expect(await field.inputValue()).toBe('Half a sen');
  });
});
