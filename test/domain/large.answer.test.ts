import { inPortions, isLarge, LargePart, withLargeParts } from '../../src/execution/large.answer';

/** Data of nested lists and objects, with all that JSON has. */
function data(width: number) {
  const item = {
    text: '"ünï"\u2028\\',
    none: null,
    yes: true,
    number: 1.5,
    empty: [],
    nothing: {},
  };
  const items = Array.from({ length: width }, () => ({ ...item, list: [item, null, 'x'] }));
  return { nodes: items, '__proto__ ': { items }, last: 'end' };
}

async function textOf(value: unknown): Promise<string> {
  const part = await inPortions(value);
  expect(part).toBeInstanceOf(LargePart);
  return (part as LargePart).text;
}

describe('a large answer', () => {
  test('is small up to 500 values, and is then left as it is', async () => {
    const small = { list: Array.from({ length: 498 }, (_, index) => index) };
    expect(isLarge(small)).toBe(false);
    expect(await inPortions(small)).toBe(small);
    expect(isLarge({ list: [...small.list, 1, 2] })).toBe(true);
    for (const one of [null, undefined, 'text', 1]) expect(await inPortions(one)).toBe(one);
  });

  test('becomes the text that JSON.stringify makes', async () => {
    for (const width of [40, 3_000])
      expect(await textOf(data(width))).toBe(JSON.stringify(data(width)));
  });

  test('leaves out what JSON leaves out', async () => {
    const value = { ...data(40), undefined: undefined, list: [undefined, null] };
    expect(await textOf(value)).toBe(JSON.stringify(value));
  });

  test('lets the event loop turn while it is serialised', async () => {
    let turns = 0;
    const count = () => {
      turns++;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    const text = await textOf(data(10_000));
    clearImmediate(counting);
    expect(turns).toBeGreaterThanOrEqual(Math.floor(text.length / 200_000));
  });

  test('takes its place in the message around it, in any order, and is not kept', async () => {
    const [one, two] = await Promise.all([inPortions(data(40)), inPortions(data(50))]);
    const messages = [one, two].map((part) => JSON.stringify({ id: '1', payload: { data: part } }));
    expect(JSON.parse(withLargeParts(messages[1]!))).toEqual({
      id: '1',
      payload: { data: data(50) },
    });
    expect(JSON.parse(withLargeParts(messages[0]!))).toEqual({
      id: '1',
      payload: { data: data(40) },
    });
    expect(withLargeParts(messages[0]!)).toBe(messages[0]);
  });

  test('leaves every other message alone', async () => {
    const part = await inPortions(data(40));
    const large = JSON.stringify({ data: part });
    const texts = ['{}', '{"type":"pong"}', JSON.stringify({ data: { large: '" 1"' } })];
    for (const text of texts) expect(withLargeParts(text)).toBe(text);
    for (const other of [undefined, null, { data: 1 }]) expect(withLargeParts(other)).toBe(other);
    expect(JSON.parse(withLargeParts(large))).toEqual({ data: data(40) });
  });
});
