import { type GraphQLError, parseValue } from 'graphql';
import { DateTime, HttpUrl } from '../../src/input/scalars';

describe('DateTime', () => {
  test.each([
    ['2026-11-22T20:15:30.123Z', '2026-11-22T20:15:30.123Z'],
    ['2026-11-22T20:15:30Z', '2026-11-22T20:15:30.000Z'],
    ['2026-11-22T20:15:30.5+05:30', '2026-11-22T14:45:30.500Z'],
    ['2028-02-29T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
  ])('reads %s, and writes it in UTC with milliseconds', (given, written) => {
    expect(DateTime.serialize(DateTime.parseValue(given))).toBe(written);
  });

  test.each([
    'tomorrow',
    '',
    '2026-11-22',
    '2026-11-22T20:15:30',
    '2026-11-22 20:15:30Z',
    '2026-13-01T00:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-11-31T00:00:00Z',
    '2026-02-29T00:00:00Z',
    1_764_000_000_000,
    null,
  ])('refuses %s, which is no moment', (given) => {
    expect(() => DateTime.parseValue(given)).toThrow();
  });
});

describe('URL', () => {
  test.each([
    'http://example.com',
    'https://example.com:8443/a%20b?c=d#e',
    'https://münchen.example/ü',
    'HTTPS://[::1]:8080',
    'http://user:secret@example.com/?a=//b',
  ])('keeps %s as given', (given) => {
    expect(HttpUrl.parseValue(given)).toBe(given);
  });

  test('keeps an umlaut also when it has read many URLs', () => {
    // V8 optimises the function in the meantime.
    const given = 'https://münchen.example/ü';
    const read = new Set(Array.from({ length: 20_000 }, () => HttpUrl.parseValue(given)));
    expect([...read]).toEqual([given]);
  });

  test.each([
    'ftp://example.com',
    'javascript:alert(1)',
    '//example.com',
    'example.com',
    'https://',
    'http:\\\\x',
    'http:\\x',
    'http:/\\x',
    'https:x',
    'https:/x',
    'https:///x',
    'https://\\x',
    'https://example.com\\@evil.example',
    'https://example.com/a\\..\\b',
    'https://?x',
    'https://#x',
    ' https://example.com',
    'https://example.com\n',
    'https://example.com/a b',
    'https:\t//example.com',
    'https://example.com:99999',
    'https://[x',
    '',
    5,
    null,
  ])('refuses %s, which is no absolute http or https URL', (given) => {
    expect(() => HttpUrl.parseValue(given)).toThrow();
  });
});

test.each([
  [DateTime, '"tomorrow"'],
  [DateTime, '5'],
  [HttpUrl, '"http:x"'],
  [HttpUrl, '[]'],
])('%s says where in a document %s is', (scalar, literal) => {
  const node = parseValue(literal);
  let refusal: GraphQLError | null = null;
  try {
    scalar.parseLiteral(node);
  } catch (error) {
    refusal = error as GraphQLError;
  }
  expect(refusal?.nodes).toEqual([node]);
});
