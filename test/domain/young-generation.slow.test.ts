import { greatestMiB, LIMIT_MIB } from './young-generation.program';

test('it does not grow beyond that if the command line allows more', () => {
  const flag = '--max-semi-space-size=64';
  expect(greatestMiB('as it is', flag)).toBeGreaterThan(LIMIT_MIB);
  expect(greatestMiB('limited', flag)).toBeLessThanOrEqual(LIMIT_MIB);
});
