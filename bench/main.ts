import { parseArgs } from 'node:util';
import { describeMachine, describeVersions } from './harness/machine';
import { installPeers } from './harness/peers';
import { keep } from './harness/results';
import { PEER_NAMES, type Peer } from './harness/servers';
import { type RunOptions, Stage } from './harness/stage';
import { toText } from './harness/table';
import { SCENARIOS } from './scenarios';
import type { Scenario } from './scenarios/scenario';

const USAGE =
  'npm run bench -- NAME [--json] [--rounds N] [--peers parley,raw,…] [--people N] [--attacks a,b,…] [--quick]';
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      peers: { type: 'string' },
      people: { type: 'string' },
      attacks: { type: 'string' },
    },
  });
  const [name] = positionals;
  const scenarios =
    name === 'all' ? SCENARIOS : SCENARIOS.filter((scenario) => scenario.name === name);
  if (scenarios.length === 0) return listNames(name);
  // A signal nobody listens to ends a process without its exit handlers, which end the servers.
  for (const [signal, exitCode] of Object.entries(EXIT_CODES))
    process.once(signal, () => process.exit(exitCode));
  const options: RunOptions = {
    quick: values.quick,
    rounds: values.rounds === undefined ? null : toCount('--rounds', values.rounds),
    people: values.people === undefined ? null : toCount('--people', values.people),
    attacks: values.attacks?.split(',') ?? null,
    peers: values.peers === undefined ? null : values.peers.split(',').map(toPeer),
  };
  installPeers(report);
  for (const scenario of scenarios) await run(scenario, options, values.json);
}

async function run(scenario: Scenario, options: RunOptions, json: boolean): Promise<void> {
  const stage = await Stage.start(options);
  const startMs = performance.now();
  try {
    const outcome = await scenario.run(stage, report);
    const context = { machine: describeMachine(), versions: describeVersions() };
    const { quick, peers, people, attacks } = options;
    const complete = !quick && peers === null && people === null && attacks === null;
    if (complete)
      keep({
        name: scenario.name,
        summary: scenario.summary,
        at: new Date().toISOString(),
        ...context,
        ...outcome,
      });
    for (const table of outcome.tables) process.stdout.write(`\n${toText(table)}\n`);
    report(`${scenario.name} took ${Math.round((performance.now() - startMs) / 1_000)} s`);
    if (json)
      process.stdout.write(
        `\n${JSON.stringify({ name: scenario.name, ...outcome.fields, ...context })}\n`,
      );
  } finally {
    await stage.stop();
  }
}

function listNames(unknown: string | undefined): void {
  if (unknown !== undefined) {
    process.stderr.write(`bench: there is no ${unknown}\n`);
    process.exitCode = 2;
  }
  const names = [...SCENARIOS, { name: 'all', summary: 'one after the other' }];
  const lines = names.map(({ name, summary }) => `  ${name.padEnd(16)}${summary}`);
  process.stdout.write(`${USAGE}\n\n${lines.join('\n')}\n`);
}

function toCount(option: string, text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`${option}: must be a whole number, at least 1\n${USAGE}`);
  return count;
}

function toPeer(text: string): Peer {
  const peer = PEER_NAMES.find((name) => name === text);
  if (!peer) throw new Error(`--peers: there is no ${text}, but ${PEER_NAMES.join(', ')}`);
  return peer;
}

/** Progress, aside from the results. */
function report(line: string): void {
  process.stderr.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
