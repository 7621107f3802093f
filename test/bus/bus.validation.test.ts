import { isBusEvent } from '../../src/bus/bus.validation';
import type { BusEvent } from '../../src/events';

const events: BusEvent[] = [
  {
    name: 'log.appended',
    conversationId: 'c',
    sequence: 1,
    kind: 'OFFER_UPDATED',
    actorId: null,
    messageId: null,
    offerId: 'o',
    offerAction: 'CREATE',
    participantId: null,
    at: '2026-01-01T00:00:00.000Z',
  },
  { name: 'typing.changed', conversationId: 'c', userId: 'u', isTyping: false, expiresAt: null },
  { name: 'presence.changed', userId: 'u', online: true, lastSeenAt: '2026-01-01T00:00:00.000Z' },
  { name: 'user.deactivated', userId: 'u' },
  { name: 'tokens.revoked', userId: 'u', validFromS: 1_800_000_000 },
];

/** Every way in which one field of an event can be wrong. */
const broken = events.flatMap((event) =>
  Object.entries(event).flatMap(([field, value]) => {
    const wrongs = [
      undefined,
      { nested: value },
      [value],
      typeof value === 'number' ? String(value) : 7.5,
    ];
    return wrongs.map((wrong) => [event.name, field, { ...event, [field]: wrong }] as const);
  }),
);

describe('isBusEvent', () => {
  it.each(events.map((event) => [event.name, event]))('takes %s', (_, event) => {
    expect(isBusEvent(event)).toBe(true);
  });

  it('takes an event with fields of a newer node', () => {
    expect(isBusEvent({ ...events[3], reason: 'new' })).toBe(true);
  });

  it.each(broken)('refuses %s whose %s is wrong', (_name, _field, event) => {
    expect(isBusEvent(event)).toBe(false);
  });

  it.each([
    ['a sequence below 0', { ...events[0], sequence: -1 }],
    ['a sequence beyond whole numbers', { ...events[0], sequence: 2 ** 60 }],
    ['an unknown kind', { ...events[0], kind: 'toString' }],
    ['an unknown name', { ...events[3], name: 'user.renamed' }],
    ['a name that every object has', { ...events[3], name: 'constructor' }],
  ])('refuses %s', (_, event) => {
    expect(isBusEvent(event)).toBe(false);
  });

  it.each([null, undefined, true, 1, 'text', '', [], [events[3]], {}])('refuses %j', (value) => {
    expect(isBusEvent(value)).toBe(false);
  });
});
