import '../runtime/node-version';
import 'reflect-metadata';
import { loadConfig } from '../config';
import { examine } from '../doctor/doctor';
import { type Finding, problemsOf } from '../doctor/finding';
import { limitLookups } from '../runtime/name-lookup';

const ALIVE_INTERVAL_MS = 1_000;

/** Prints what a node would find at its start, and ends with 1 when there is a problem. */
async function main(): Promise<void> {
  limitLookups();
  // The limits of time of requests do not keep a process alive.
  const alive = setInterval(() => {}, ALIVE_INTERVAL_MS);
  const findings = await examineSettings();
  clearInterval(alive);
  const countOf = (state: Finding['state']) => findings.filter((one) => one.state === state).length;
  const problems = countOf('problem');
  const lines = findings.map(({ state, text }) => `${state.padEnd(8)} ${text}`);
  const summary = `${counted(problems, 'problem')}, ${counted(countOf('warning'), 'warning')}`;
  process.stdout.write(`${[...lines, summary].join('\n')}\n`);
  process.exitCode = problems === 0 ? 0 : 1;
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

async function examineSettings(): Promise<Finding[]> {
  try {
    return await examine(loadConfig());
  } catch (error) {
    return problemsOf(error, 'the doctor failed');
  }
}

void main();
