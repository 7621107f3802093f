import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const V8 = resolve(__dirname, '../../dist/runtime/v8.js');
export const LIMIT_MIB = 16;

/**
 * A process that keeps all that it creates, in many turns of the event loop, and reports the
 * greatest size of half its young generation.
 */
const PROGRAM = `
  const { getHeapSpaceStatistics } = require('node:v8');
  const [limits, v8] = process.argv.slice(1);
  if (limits === 'limited') require(v8).limitYoungGeneration();
  const halfMiB = () => {
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    return (young.space_used_size + young.space_available_size) / 2 ** 20;
  };
  const kept = [];
  let greatest = 0;
  let turns = 0;
  const turn = () => {
    for (let index = 0; index < 20000; index++) kept.push({ index });
    greatest = Math.max(greatest, halfMiB());
    if (++turns < 300) setImmediate(turn);
    else console.log(greatest);
  };
  turn();
`;

export function greatestMiB(limits: 'limited' | 'as it is', ...flags: string[]): number {
  const output = execFileSync(process.execPath, [...flags, '-e', PROGRAM, limits, V8], {
    encoding: 'utf8',
  });
  return Number(output);
}
