import { greatestMiB, LIMIT_MIB } from './young-generation.program';

test('half of the young generation grows to 16 MiB and not beyond', () => {
  const greatest = greatestMiB('limited');
  expect(greatest).toBeLessThanOrEqual(LIMIT_MIB);
  expect(greatest).toBeGreaterThan(LIMIT_MIB / 2);
});
