import fc from 'fast-check';

/** Any value as its JSON brings it: text writes -0 as 0, and a literal's `__proto__` is no property. */
export const anyJson = fc
  .jsonValue({ stringUnit: 'binary' })
  .map((data) => JSON.stringify(data))
  .filter((text) => !text.includes('__proto__'))
  .map((text): unknown => JSON.parse(text));
