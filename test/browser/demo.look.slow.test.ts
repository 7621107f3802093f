import type { Page } from 'playwright-core';
import { findingsOf, keepScreenshot, testBrowser } from '../support/browser';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { button, type DemoPage, logOf, startDemo, write } from './demo.page';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true };
/** A colour or a place in the middle of a transition is not what people see. */
const TRANSITIONS_ENDED = `Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity)
  .map(({ finished }) => finished))`;
const DESK = { viewport: { width: 1280, height: 800 } };

describe('the look of the demo', () => {
  const given = startDemo();
  beforeEach(async () => {
    const { id } = await bicycleTalk(given.people);
    await sendBy(given.people[1]!, id, { content: 'It is. Would you fix my website for it?' });
  });
  /** Keeps a screenshot, and expects of what is shown that axe-core finds nothing serious in it. */
  async function look({ page }: DemoPage, name: string): Promise<void> {
    await page.mouse.move(0, 0);
    await page.evaluate(TRANSITIONS_ENDED);
    await keepScreenshot(page, name);
    expect([name, ...(await findingsOf(page))]).toEqual([name]);
  }

  for (const colorScheme of ['light', 'dark'] as const)
    testBrowser(`in ${colorScheme}, each state is accessible`, async () => {
      const demo = await given.open(given.people, { ...DESK, colorScheme });
      const { page } = demo;
      const [alice, bob] = [demo.pane('Alice'), demo.pane('Bob')];
      await alice.getByText('Bob Brown is looking at this').waitFor();
      await write(alice, 'Gladly. Two hours, and 25 euros on top?');
      await logOf(alice).getByText('Seen').waitFor();
      await look(demo, colorScheme);

      await button(bob, 'Counter').click();
      await bob.getByLabel('Amount').fill('');
      await button(bob, 'Send terms').click();
      await look(demo, `${colorScheme}-form`);
      await bob.getByLabel('Amount').fill('40');
      await bob.getByLabel('Note').fill('The tyres are new.');
      await button(bob, 'Send terms').click();
      await alice.getByText('€40.00').waitFor();
      await alice.getByText('History').click();
      await alice.getByText('Bob Brown countered').waitFor();
      await look(demo, `${colorScheme}-countered`);

      await button(bob, /^Cut/).click();
      await write(bob, 'I am in a tunnel.');
      await logOf(bob).getByText('Waiting to be sent').waitFor();
      await write(alice, 'Take your time');
      await logOf(alice).getByText('Sent', { exact: true }).waitFor();
      await look(demo, `${colorScheme}-cut`);
      const letGo = await holdRequests(page, given.people[1]!);
      await button(bob, 'Reconnect').click();
      await bob.getByText('Catching up…').waitFor();
      await logOf(bob).getByText('Take your time').waitFor();
      await logOf(bob).getByText('New', { exact: true }).waitFor();
      await look(demo, `${colorScheme}-catching-up`);
      letGo();
      await logOf(alice).getByText('I am in a tunnel.').waitFor();
      await bob.getByText('Catching up…').waitFor({ state: 'hidden' });
      await button(bob, 'GraphQL traffic').click();
      await look(demo, `${colorScheme}-caught-up`);
      expect(await button(bob, 'Newest').count()).toBe(0);

      await page.getByRole('switch').click();
      await button(alice, 'Notifications').click();
      await button(demo.pane('Carol'), 'New conversation').click();
      await look(demo, `${colorScheme}-sheets`);
      expect(await demo.faults()).toEqual([]);
    });

  testBrowser('on a phone it shows one person at a time', async () => {
    const demo = await given.open(given.people, PHONE);
    const { page } = demo;
    const [alice, bob] = [demo.pane('Alice'), demo.pane('Bob')];
    await write(alice, 'Are you there?');
    await logOf(alice).getByText('Sent').waitFor();
    await look(demo, 'phone');
    expect(await bob.isVisible()).toBe(false);

    // Bob does not look while he is not on the screen.
    await page.getByRole('button', { name: 'Bob Brown', exact: true }).click();
    await button(bob, /Notifications, \d+ unread/).waitFor();
    await logOf(bob).getByText('Are you there?').waitFor();
    await button(bob, 'Counter').click();
    await look(demo, 'phone-form');
    await page.keyboard.press('Escape');
    await button(bob, 'Back to the conversations').click();
    await look(demo, 'phone-list');
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBe(PHONE.viewport.width);
    expect(await demo.faults()).toEqual([]);
  });
});

/** Keeps a person's requests from the server. Returns a function that lets them go. */
async function holdRequests(page: Page, { token }: Person): Promise<() => void> {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route('**/graphql', async (route) => {
    if (route.request().headers().authorization === `Bearer ${token}`) await held;
    await route.continue();
  });
  return letGo;
}

/** The subjects of the tests' conversations, so that a list of them reads as one. */
const SUBJECTS = ['City bicycle', 'Road bicycle', 'Tandem'];

/** Alice asks Bob for his bicycle, and makes him an offer. */
async function bicycleTalk([alice, bob]: readonly Person[]) {
  const subject = SUBJECTS.shift()!;
  const conversation = await conversationOf([alice!, bob!], { subject });
  await sendBy(alice!, conversation.id, {
    content: `Hi Bob, is the ${subject.toLowerCase()} still there?`,
  });
  const thing = { kind: 'GOODS', description: subject, giverId: bob!.id } as const;
  const work = { kind: 'SERVICE', description: 'Two hours of website repair' } as const;
  const money = { kind: 'MONEY', amount: 2_500, currency: 'EUR' } as const;
  const giverId = alice!.id;
  await offerBy(alice!, conversation.id, {
    items: [{ ...work, giverId }, { ...money, giverId }, thing],
    note: 'And 25 euros on top.',
  });
  return conversation;
}
