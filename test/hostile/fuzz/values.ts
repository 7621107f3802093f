import fc from 'fast-check';
import type { Dice } from './dice';

/** The seed of what fast-check makes: the same texts and values in each run. */
const SEED = 18;

/** Names that objects have without being given them. */
export const PROTOTYPE_NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
];

const TEXTS = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'x\udc00',
    '\uffff',
    '\ufeff',
    '\u202e',
    '\u2028',
    '😀',
    'ẍ̧',
  ],
  ...[
    "' or 1=1 --",
    '"; drop table users',
    '%00',
    '%',
    '$1',
    '$(7*7)',
    '{{7*7}}',
    '<script>',
    '\\',
  ],
  ...['../../etc/passwd', 'null', 'undefined', 'NaN', '-0', '[object Object]', '\r\nX-Odd: 1', '*'],
  ...['2026-11-28', '9999-12-31T23:59:60Z', '+275760-09-13T00:00:00.001Z', '1970-01-01T00:00:00'],
  ...['http://[', 'javascript:x', `http://x/${'a'.repeat(2_100)}`, 'http://\ud800/', 'EUR', 'XXX'],
  ...['x'.repeat(64), 'x'.repeat(129), 'x'.repeat(2_001), '😀'.repeat(5_001), 'é'.repeat(10_001)],
  ...PROTOTYPE_NAMES,
  ...fc.sample(fc.string({ unit: 'binary', maxLength: 40 }), { seed: SEED, numRuns: 200 }),
  ...fc.sample(fc.base64String({ maxLength: 60 }), { seed: SEED, numRuns: 50 }),
];

const NUMBERS = [
  ...[0, -0, -1, 1, 2, 20, 99, 100, 101, 499, 500, 501, 0.5, -1.5, 1e21, 1e308, -1e308, 5e-324],
  ...[2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 32, 2 ** 53 - 1, 2 ** 53, 2 ** 63],
];

const JSON_VALUES = fc.sample(fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }), {
  seed: SEED,
  numRuns: 300,
});

/** Stands in JSON for a number that JavaScript does not have. */
const TOO_GREAT = '@@1e400@@';

export function oddText(dice: Dice): string {
  return dice.pick(TEXTS);
}

export function oddNumber(dice: Dice): number {
  return dice.pick(NUMBERS);
}

/** Any value that JSON has, and some that it should not have. */
export function oddJson(dice: Dice, levels = 3): unknown {
  return dice.weighted<unknown>(
    [4, () => dice.pick(JSON_VALUES)],
    [2, () => oddText(dice)],
    [2, () => oddNumber(dice)],
    [1, () => dice.pick([null, true, false, [], {}])],
    [0.3, () => TOO_GREAT],
    [0.3, () => nested(dice.pick([10, 999, 1_001, 40_000]), dice.chance(0.5))],
    [1, () => (levels > 0 ? dice.times(0, 4, () => oddJson(dice, levels - 1)) : [])],
    [1, () => oddObject(dice, levels)],
  );
}

function oddObject(dice: Dice, levels: number): Record<string, unknown> {
  const made: Record<string, unknown> = Object.create(null);
  if (levels > 0)
    for (const key of dice.times(0, 4, () => oddText(dice))) made[key] = oddJson(dice, levels - 1);
  return made;
}

/** Stands in JSON for arrays or objects within each other. */
function nested(levels: number, isArray: boolean): string {
  return `@@nested ${levels} ${isArray}@@`;
}

/** Writes JSON, with the values that `oddJson` only names. */
export function toJson(value: unknown): string {
  return (JSON.stringify(value) ?? 'null')
    .replaceAll(`"${TOO_GREAT}"`, '1e400')
    .replace(/"@@nested (\d+) (true|false)@@"/g, (_, count: string, isArray: string) => {
      const [open, end] = isArray === 'true' ? ['[', ']'] : ['{"a":', '}'];
      return `${open.repeat(Number(count))}${isArray === 'true' ? '' : '1'}${end.repeat(Number(count))}`;
    });
}

/** A text with bytes or characters changed, left out, doubled or put in. */
export function garbled(dice: Dice, text: string): string {
  const at = dice.below(text.length + 1);
  const length = dice.between(1, 20);
  return dice.weighted<string>(
    [3, () => text.slice(0, at) + text.slice(at + length)],
    [2, () => text.slice(0, at)],
    [2, () => text.slice(0, at) + text.slice(at, at + length) + text.slice(at)],
    [3, () => text.slice(0, at) + oddText(dice).slice(0, 50) + text.slice(at)],
    [3, () => text.slice(0, at) + dice.pick([...'{}()[]:,"\'$@!|&=#\\0 \n\t']) + text.slice(at)],
    [1, () => text.slice(0, at) + String.fromCharCode(dice.below(2 ** 16)) + text.slice(at + 1)],
  );
}
