import { MemberSets } from '../../src/presence/store/member.sets';

const MEMBERS = Array.from({ length: 20 }, (_, index) => `member-${index}`);

describe('held members', () => {
  it('are those that were added and not deleted, whether one, a few or many', () => {
    const held = new MemberSets();
    const present = new Set<string>();
    const expectAll = () => {
      expect(held.members('set')).toEqual(present);
      expect([...held.entries()].sort()).toEqual(
        [...present, 'other'].map((one) => entry(one)).sort(),
      );
      for (const member of MEMBERS) expect(held.has('set', member)).toBe(present.has(member));
    };
    const entry = (member: string) => (member === 'other' ? 'another other' : `set ${member}`);
    held.add('another', 'other');
    for (const member of MEMBERS) {
      expect(held.add('set', member)).toBe(true);
      expect(held.add('set', member)).toBe(false);
      present.add(member);
      expectAll();
    }
    for (const member of [...MEMBERS].reverse()) {
      expect(held.delete('set', member)).toBe(true);
      expect(held.delete('set', member)).toBe(false);
      present.delete(member);
      expectAll();
    }
    expect(held.delete('unknown', 'member')).toBe(false);
    // They can come back.
    expect(held.add('set', 'member-0')).toBe(true);
    expect([...held.members('set')]).toEqual(['member-0']);
  });
});
