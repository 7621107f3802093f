import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Outcome } from './outcome';
import { BENCH } from './paths';
import { toSvg } from './plot';
import { toMarkdown } from './table';

const NUMBERS = join(BENCH, 'results.json');
const PAGE = join(BENCH, 'RESULTS.md');
const PLOTS = join(BENCH, 'plots');
/** Fields whose figures the page has in its tables. */
const IN_TABLES: readonly string[] = ['peers', 'attacks'];

/** A scenario's outcome, and on what it was measured. */
export interface Result extends Outcome {
  name: string;
  summary: string;
  /** ISO 8601. */
  at: string;
  machine: Fields;
  versions: Fields;
}

/** Puts a result in the place of the last one of its name, and writes the page and its plots anew. */
export function keep(result: Result): void {
  const known: Record<string, Result> = existsSync(NUMBERS)
    ? JSON.parse(readFileSync(NUMBERS, 'utf8'))
    : {};
  const results = { ...known, [result.name]: result };
  writeFileSync(NUMBERS, `${JSON.stringify(results, null, 2)}\n`);
  mkdirSync(PLOTS, { recursive: true });
  for (const { charts } of Object.values(results))
    for (const chart of charts) writeFileSync(join(PLOTS, `${chart.name}.svg`), toSvg(chart));
  writeFileSync(PAGE, pageOf(Object.values(results)));
}

function pageOf(results: readonly Result[]): string {
  const head = [
    '# Results of the bench',
    '',
    'Written by `npm run bench`; the numbers are in [results.json](results.json), what they mean in [README.md](README.md).',
    'Peers are measured in the same run, in turn, each with a fresh process and database; figures are medians of the rounds,',
    "ratios medians of the rounds' ratios.",
  ];
  const newest = results.toSorted((one, other) => one.at.localeCompare(other.at)).at(-1)!;
  const versions = Object.entries(newest.versions).map(
    ([name, version]) => `| ${name} | ${version} |`,
  );
  const tail = ['', '## Versions', '', '| | |', '|---|---|', ...versions];
  return `${[...head, ...results.flatMap(sectionOf), ...tail].join('\n')}\n`;
}

function sectionOf({
  name,
  summary,
  about,
  fields,
  tables,
  charts,
  at,
  machine,
  versions,
}: Result): string[] {
  return [
    '',
    `## ${name}: ${summary}`,
    '',
    about,
    ...tables.flatMap((table) => ['', toMarkdown(table)]),
    '',
    ...flatten(fields).map(([field, value]) => `- \`${field}\` ${value}`),
    ...charts.flatMap((chart) => ['', `![${chart.title}](plots/${chart.name}.svg)`]),
    '',
    `<sub>${at.slice(0, 10)}, Parley at ${versions.parley}, Node ${versions.node}, on ${machine.cores} cores of ${machine.cpu}, ${machine.memoryGb} GB, ${machine.kernel}.</sub>`,
  ];
}

function flatten(fields: Fields, prefix = ''): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (IN_TABLES.includes(name)) return [];
    if (typeof value === 'object' && value !== null) return flatten(value, `${prefix}${name}.`);
    return [[prefix + name, String(value)]];
  });
}
