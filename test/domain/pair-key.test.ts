import fc from 'fast-check';
import { keyPart, pairKey, parsePairKey } from '../../src/runtime/pair-key';

const text = fc.oneof(
  fc.array(fc.constantFrom(' ', '%', '2', '5', '0', ':', 'x')).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

describe('a pair key', () => {
  test('gives back its two parts, whatever they are: no two pairs share one', () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        expect(parsePairKey(pairKey(first, second))).toEqual([first, second]);
      }),
      { numRuns: 2_000 },
    );
  });

  test('ends its first part at its first space', () => {
    fc.assert(
      fc.property(text, text, (first, second) => {
        expect(keyPart(first)).not.toContain(' ');
        expect(pairKey(first, second)).toBe(`${keyPart(first)} ${second}`);
      }),
    );
  });

  test('has a first part as it is, unless that has a space or a percent sign', () => {
    for (const first of ['viewing:0197-a', 'sockets:ünïcode+😀', '{a}:"b"', ''])
      expect(pairKey(first, 'a % b')).toBe(`${first} a % b`);
  });
});
