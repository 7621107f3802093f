// npm run faults -- [--minutes N] [--seed N] [--form short|long] [--keep-going]: the checker of faults, for as long as you like.
const { spawnSync } = require('node:child_process');
const { parseArgs } = require('node:util');

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    seed: { type: 'string' },
    form: { type: 'string', default: 'long' },
    'keep-going': { type: 'boolean' },
  },
});
const env = {
  ...process.env,
  PARLEY_FAULT_MINUTES: values.minutes,
  PARLEY_FAULT_FORM: values.form,
  ...(values['keep-going'] && { PARLEY_FAULT_KEEP_GOING: 'true' }),
  ...(values.seed && { PARLEY_FAULT_SEED: values.seed }),
};
const jest = require.resolve('jest/bin/jest');
const { status } = spawnSync(process.execPath, [jest, '--runInBand', 'test/faults/checker'], {
  env,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
