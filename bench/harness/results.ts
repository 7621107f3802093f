import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Fields, Outcome } from './outcome';
import { BENCH } from './paths';
import { toSvg } from './plot';
import { toMarkdown } from './table';

const NUMBERS = join(BENCH, 'results.json');
const PAGE = join(BENCH, 'RESULTS.md');
const PLOTS = join(BENCH, 'plots');

/** A scenario's outcome, and on what it was measured. */
export type Result = Outcome & { name: string; summary: string; machine: Fields; versions: Fields };

/** Puts a result in the place of the last one of its name, and writes the page and its plots anew. */
export function keep(result: Result): void {
  const known: Record<string, Result> = existsSync(NUMBERS) ? JSON.parse(readFileSync(NUMBERS, 'utf8')) : {};
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
  return `${[...head, ...results.flatMap(sectionOf)].join('\n')}\n`;
}

function sectionOf({ name, summary, about, fields, tables, charts, machine, versions }: Result): string[] {
  const { peers: _, ...ratios } = fields;
  return [
    '',
    `## ${name}: ${summary}`,
    '',
    about,
    ...tables.flatMap((table) => ['', toMarkdown(table)]),
    '',
    ...flatten(ratios).map(([field, value]) => `- \`${field}\` ${value}`),
    ...charts.flatMap((chart) => ['', `![${chart.title}](plots/${chart.name}.svg)`]),
    '',
    `<sub>${describe(machine)}. ${describe(versions)}.</sub>`,
  ];
}

function flatten(fields: Fields, prefix = ''): [string, string][] {
  return Object.entries(fields).flatMap(([name, value]): [string, string][] => {
    if (name === 'peers') return [];
    if (typeof value === 'object' && value !== null) return flatten(value, `${prefix}${name}.`);
    return [[prefix + name, String(value)]];
  });
}

function describe(fields: Fields): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
