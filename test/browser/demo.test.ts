import { openPage, testBrowser } from '../support/browser';
import { conversationOf } from '../support/factories';
import { button, logOf, startDemo, write } from './demo.page';

describe('the demo in a browser', () => {
  const demo = startDemo();
  beforeEach(async () => {
    await conversationOf(demo.people.slice(0, 2));
  });

  testBrowser('two people haggle in two panes until both have confirmed', async () => {
    const { page, pane, faults } = await demo.open(demo.people);
    const [alice, bob] = [pane('Alice'), pane('Bob')];
    await alice.getByText('Bob Brown is looking at this').waitFor();
    await write(alice, 'Would you sell it?');
    await logOf(bob).getByText('Would you sell it?').waitFor();

    await button(alice, 'Offer').click();
    const form = alice.getByRole('dialog', { name: 'New offer' });
    await form.getByLabel('Amount').focus();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    await page.waitForFunction(`document.activeElement.textContent.trim() === 'Offer'`);
    await page.keyboard.press('Enter');
    await form.getByLabel('Amount').fill('1.234');
    await button(form, 'Make offer').click();
    await form.getByText('A number, such as 25.00.').waitFor();
    await form.getByText('Say what it is.').waitFor();
    await form.getByLabel('Amount').fill('40.50');
    await form.getByLabel('Description').fill('Road bicycle');
    await button(form, 'Make offer').click();
    await bob.getByText('Alice Adams waits for your answer').first().waitFor();
    await bob.getByText('€40.50').waitFor();

    await button(bob, 'Counter').click();
    await bob.getByLabel('Amount').fill('60');
    await bob.getByLabel('Note').fill('It is nearly new.');
    await button(bob, 'Send terms').click();
    await alice.getByText('It is nearly new.').waitFor();
    await alice.getByText('€60.00').waitFor();

    await button(bob, 'Revise').click();
    await bob.getByLabel('Amount').fill('55');
    await button(bob, 'Send terms').click();
    await alice.getByText('€55.00').waitFor();

    await button(alice, 'Accept').click();
    await button(bob, 'Confirm completion').click();
    await alice.getByText('Bob Brown confirmed. Your turn').first().waitFor();
    await button(alice, 'Confirm completion').click();
    for (const one of [alice, bob])
      await one.getByText('Done. Both have confirmed').first().waitFor();
    expect(await faults()).toEqual([]);
  });

  testBrowser('one is cut off, writes all the same, and catches up', async () => {
    const { page, pane, faults } = await demo.open(demo.people);
    const [alice, bob] = [pane('Alice'), pane('Bob')];
    await alice.getByText('Bob Brown is looking at this').waitFor();

    await button(bob, /^Cut/).click();
    await bob.getByText('Offline. What you write').waitFor();
    await write(alice, 'Are you there?');
    await logOf(alice).getByText('Are you there?').waitFor();
    await write(bob, 'In the tunnel');
    await logOf(bob).getByText('Waiting to be sent').waitFor();
    expect(await logOf(bob).getByText('Are you there?').count()).toBe(0);
    expect(await logOf(alice).getByText('In the tunnel').count()).toBe(0);

    await button(bob, 'Reconnect').click();
    await logOf(bob).getByText('Are you there?').waitFor();
    await logOf(alice).getByText('In the tunnel').waitFor();
    await logOf(alice).getByText('Seen').waitFor();
    await bob.getByRole('textbox', { name: 'Message as' }).pressSequentially('Yes');
    await alice.getByText('Bob Brown is typing').waitFor();

    await button(bob, 'GraphQL traffic').click();
    const traffic = bob.getByRole('region', { name: 'Traffic of Bob Brown' });
    await traffic.getByText('ConversationEvents').first().waitFor();
    await page.keyboard.press('Escape');
    await traffic.waitFor({ state: 'hidden' });
    expect(await faults()).toEqual([]);
  });

  testBrowser('a third person sees nothing of it, and starts a conversation', async () => {
    const { page, pane, faults } = await demo.open(demo.people);
    await page.getByRole('switch', { name: /^Carol/ }).click();
    const [alice, carol] = [pane('Alice'), pane('Carol')];
    await carol.getByText('No conversations yet').waitFor();
    await button(carol, 'Start one').click();
    await carol.getByLabel('Alice Adams').check();
    await carol.getByLabel('What about?').fill('A tandem');
    await button(carol, /^Start$/).click();
    await write(carol, 'Is it for two?');

    await button(alice, 'Notifications, 1 unread').click();
    await button(alice, /^Carol Clark wrote a message/).click();
    await logOf(alice).getByText('Is it for two?').waitFor();
    await button(alice, 'Notifications, 0 unread').waitFor();
    expect(await faults()).toEqual([]);
  });

  testBrowser('asks for a token where the server makes none', async () => {
    const { page, faults } = await openPage(demo.browser, demo.cluster.node.url);
    await page.goto(demo.cluster.node.url);
    await page.getByLabel('Token of a user').fill('nonsense');
    await button(page, 'Connect').click();
    await page.getByText('That is no token.').waitFor();
    await page.getByLabel('Token of a user').fill(demo.people[0]!.token!);
    await button(page, 'Connect').click();
    const alice = page.getByRole('region', { name: 'Alice Adams', exact: true });
    await alice.getByText('Live', { exact: true }).waitFor();
    expect(await faults()).toEqual([]);
  });
});
