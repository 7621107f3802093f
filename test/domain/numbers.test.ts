import { findTooGreat, mayBeTooGreat } from '../../src/input/numbers';

describe('a number that no 64-bit float can hold', () => {
  test.each([
    ['1e400', []],
    ['-1E+400', []],
    ['{"a":[1,{"b":-1e999}]}', ['a', '1', 'b']],
    ['[0.001e0400]', ['0']],
    [`{"digits":1${'0'.repeat(309)}}`, ['digits']],
    [`{"both":1${'0'.repeat(215)}e99}`, ['both']],
    [`{"${'k'.repeat(100)}":1e400}`, ['k'.repeat(50)]],
    [`${'['.repeat(50_000)}1e400${']'.repeat(50_000)}`, Array(30).fill('0')],
  ])('is found in %.60s', (json, path) => {
    expect(mayBeTooGreat(json)).toBe(true);
    expect(findTooGreat(JSON.parse(json))).toEqual(path);
  });

  test.each([
    '1e308',
    '-1.7976931348623157e308',
    '1e-400',
    '{"text":"1e400"}',
    '[null,true,"",{}]',
    String(Number.MAX_SAFE_INTEGER),
  ])('is not found in %s', (json) => {
    expect(findTooGreat(JSON.parse(json))).toBeNull();
  });

  test('is not looked for in what clients usually send', () => {
    expect(mayBeTooGreat(JSON.stringify({ id: '0190f3c2-7a11', at: 1e21, count: 12 }))).toBe(false);
  });
});
