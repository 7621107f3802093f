import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const V8 = resolve(__dirname, '../../dist/runtime/v8.js');
const LIMIT_MIB = 32;

/**
 * A process that keeps all that it creates, in many turns of the event loop, and reports the
 * greatest size of its young generation.
 */
const PROGRAM = `
  const { getHeapSpaceStatistics, setFlagsFromString } = require('node:v8');
  const [limits, v8] = process.argv.slice(1);
  if (limits === 'limited') require(v8).limitYoungGeneration();
  const sizeMiB = () =>
    getHeapSpaceStatistics().find((space) => space.space_name === 'new_space').space_size / 2 ** 20;
  const kept = [];
  let greatest = 0;
  let turns = 0;
  const turn = () => {
    for (let index = 0; index < 20000; index++) kept.push({ index });
    greatest = Math.max(greatest, sizeMiB());
    if (++turns < 300) setImmediate(turn);
    else console.log(greatest);
  };
  turn();
`;

function greatestMiB(limits: 'limited' | 'as it is', ...flags: string[]): number {
  const output = execFileSync(process.execPath, [...flags, '-e', PROGRAM, limits, V8], {
    encoding: 'utf8',
  });
  return Number(output);
}

test('the young generation grows to 32 MiB and not beyond', () => {
  expect(greatestMiB('limited')).toBe(LIMIT_MIB);
  expect(greatestMiB('as it is')).toBeGreaterThanOrEqual(LIMIT_MIB);
});

test('the young generation grows to 32 MiB and not beyond, if the command line allows more', () => {
  expect(greatestMiB('as it is', '--max-semi-space-size=64')).toBeGreaterThan(LIMIT_MIB);
  expect(greatestMiB('limited', '--max-semi-space-size=64')).toBe(LIMIT_MIB);
});
