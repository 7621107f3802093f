// npm run test:fuzz -- [--minutes N] [--seed N] [--only KIND:SEED] [--keep-going]: fuzzes a node for as long as you like.
const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    only: { type: 'string' },
    'keep-going': { type: 'boolean' },
  },
});
const env = {
  ...process.env,
  PARLEY_FUZZ_MINUTES: values.minutes,
  ...(values.seed && { PARLEY_FUZZ_SEED: values.seed }),
  ...(values['keep-going'] && { PARLEY_FUZZ_KEEP_GOING: 'true' }),
  ...(values.only && { PARLEY_FUZZ_ONLY: values.only }),
};
const jest = require.resolve('jest/bin/jest');
const { status } = spawnSync(
  process.execPath,
  [jest, '--runInBand', 'test/hostile/fuzz.slow.test'],
  {
    env,
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
