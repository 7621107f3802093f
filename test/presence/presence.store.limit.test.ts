import { MemoryPresenceStore } from '../../src/presence/store/presence.store.memory';
import { eventually } from '../support/eventually';
import { isAway, isBack, membersOf, PresenceInstallation } from '../support/presence-nodes';

const installation = new PresenceInstallation();
const SET = 'sockets:vic x';
const LIMIT = 20;
const names = (from: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${from}-${index}`);

describe('a set with a limit', () => {
  it('takes as many as it has room for, of those that come at once at any node', async () => {
    const [a, b] = [await installation.start(), await installation.start()];
    for (const more of [1, 7, 40]) {
      const members = names(`m${more}`, LIMIT + more);
      const answers = await Promise.all(
        members.map((member, at) => (at % 2 ? a : b).holdBelow(SET, member, LIMIT)),
      );
      const held = members.filter((_, at) => answers[at] === null);
      expect(held).toHaveLength(LIMIT);
      expect(await membersOf(a, SET)).toEqual(held.sort());
      for (const answer of answers) if (answer) expect(answer.sort()).toEqual(held);
      for (const member of members) for (const node of [a, b]) await node.release(SET, member);
      expect(await membersOf(b, SET)).toEqual([]);
    }
  });

  it('takes them in the order in which they come to a node', async () => {
    for (const store of [await installation.start(), new MemoryPresenceStore()]) {
      const members = names('m', LIMIT + 5);
      const answers = await Promise.all(members.map((one) => store.holdBelow(SET, one, LIMIT)));
      expect(answers.map((answer) => answer === null)).toEqual(members.map((_, at) => at < LIMIT));
      expect(await store.holdBelow(SET, members[0]!, LIMIT)).toBeNull();
    }
  });

  it('is kept by a node whose registration was lost, which registers anew first', async () => {
    const [a, b] = [await installation.start(), await installation.start()];
    expect(await b.holdBelow(SET, 'there', 2)).toBeNull();
    await installation.raw.flushall();
    await eventually(async () => expect(await membersOf(b, SET)).toEqual(['there']));
    await installation.raw.zrem(`${installation.prefix}nodes`, ...(await installation.holders()));
    expect(await a.holdBelow(SET, 'here', 2)).toBeNull();
    expect(await a.holdBelow(SET, 'too many', 2)).toEqual(expect.arrayContaining(['here']));
    await eventually(async () => expect(await membersOf(a, SET)).toEqual(['here', 'there']));
  });

  it('counts what is on this node while Redis is away, and is told again when it is back', async () => {
    const a = await installation.start({ url: installation.proxy.url });
    expect(await a.holdBelow(SET, 'one', 2)).toBeNull();
    installation.proxy.refuses = true;
    installation.proxy.cut();
    await isAway(a);
    expect(await a.holdBelow(SET, 'two', 2)).toBeNull();
    expect(await a.holdBelow(SET, 'three', 2)).toEqual(['one', 'two']);
    await a.release(SET, 'one');
    expect(await a.holdBelow(SET, 'four', 2)).toBeNull();
    installation.proxy.refuses = false;
    await isBack(a);
    await eventually(async () => expect(await membersOf(a, SET)).toEqual(['four', 'two']));
    expect(await a.holdBelow(SET, 'five', 2)).toEqual(expect.arrayContaining(['four', 'two']));
  });
});
