import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const V8 = resolve(__dirname, '../../dist/runtime/v8.js');

/**
 * A process that keeps 64 MiB and makes answers of 4 MiB, each of which lives for a while, in many
 * turns of the event loop. It reports the greatest size of its heap.
 */
const PROGRAM = `
  const [v8] = process.argv.slice(1);
  require(v8).limitHeapGrowth();
  const text = (index) => String(index).padEnd(10_000, 'x');
  const make = (count) => Array.from({ length: count }, (_, index) => JSON.parse('"' + text(index) + '"'));
  const kept = make(6_500);
  const recent = [];
  let greatest = 0;
  let turns = 0;
  const turn = () => {
    recent.push(make(400));
    if (recent.length > 4) recent.shift();
    greatest = Math.max(greatest, process.memoryUsage().heapTotal / 2 ** 20);
    if (++turns < 300) setImmediate(turn);
    else console.log(greatest, kept.length);
  };
  turn();
`;

function greatestMiB(): number {
  const output = execFileSync(process.execPath, ['-e', PROGRAM, V8], { encoding: 'utf8' });
  return Number.parseFloat(output);
}

test('the heap stays within three times of what lives, with the young generation in it', () => {
  expect(greatestMiB()).toBeLessThan(3 * (64 + 5 * 4));
});
