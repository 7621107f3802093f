import { type Close, causeOf } from './closes';
import { type Life, Place } from './place';
import type { PostgresOperator } from './postgres.operator';

const AT = 1_000_000;

/** A close of a listener's socket at AT. */
function closeOf(code: number, life: Partial<Life> = {}, isOwn = false): Close {
  const place = new Place('a node', {});
  place.lives.push({ readyAt: 0, toldAt: null, endedAt: null, ...life });
  return { place, life: 0, code, reason: '', at: AT, isOwn };
}

function operator(...absences: PostgresOperator['absences']): PostgresOperator {
  return { absences } as unknown as PostgresOperator;
}

describe('the cause of a close', () => {
  test.each([
    ['1001 of a node that was told to end', closeOf(1001, { toldAt: AT - 1 })],
    ['a cut of a node that was told to end', closeOf(1006, { toldAt: AT - 1 })],
    ['a cut just before the end of its process was noticed', closeOf(1006, { endedAt: AT + 100 })],
  ])("is the node's end: %s", (_, close) => {
    expect(causeOf(close, operator())).toBe("its node's end");
  });

  test.each([
    ['its own drop', closeOf(1006, {}, true)],
    ['a normal closure', closeOf(1000)],
  ])('is its client: %s', (_, close) => {
    expect(causeOf(close, operator())).toBe('its client');
  });

  test.each([
    ['1013 while Postgres is there', closeOf(1013)],
    ['1013 of a node that was told to end', closeOf(1013, { toldAt: AT - 1 })],
    ['1013 of a node that ends soon by itself', closeOf(1013, { endedAt: AT + 100 })],
    ['1001 of a node that was told nothing', closeOf(1001)],
    ['1001 of a node before it was told', closeOf(1001, { toldAt: AT + 1 })],
    ['a cut of a node that goes on', closeOf(1006)],
    ['a cut long before the end of its node', closeOf(1006, { endedAt: AT + 60_000 })],
    ['4401', closeOf(4401)],
  ])('is none: %s', (_, close) => {
    expect(causeOf(close, operator())).toBe('none');
  });

  test('is Postgres while it is away and just after it, for 1013 only', () => {
    const absences = [
      { from: AT - 100, until: null },
      { from: AT - 4_000, until: AT - 3_000 },
    ];
    for (const absence of absences) {
      expect(causeOf(closeOf(1013), operator(absence))).toBe('postgres away');
      expect(causeOf(closeOf(4401), operator(absence))).toBe('none');
    }
    expect(causeOf(closeOf(1013), operator({ from: AT + 1, until: null }))).toBe('none');
    expect(causeOf(closeOf(1013), operator({ from: 0, until: AT - 60_000 }))).toBe('none');
  });
});
