import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** The pages whose snippets run. */
export const GUIDE = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs/guide'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/guide/${name}`)
    .sort(),
];

/** The pages that were written by hand, and not from the schema. */
export const WRITTEN = GUIDE.filter((page) => page !== 'docs/guide/schema.md');

export const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** A page without its fenced snippets. */
export function proseOf(file: string): string {
  return read(file).replace(/^```[\s\S]*?^```$/gm, '');
}

/** What stands in a page as code within a sentence. */
export function codeOf(file: string): string[] {
  return [...proseOf(file).matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
}

/** The code in the first cell of each row of the tables of a page. */
export function rowsOf(page: string, section?: string): string[] {
  const text = section === undefined ? read(page) : read(page).split(`## ${section}\n`)[1]!;
  return [...text.split('\n## ')[0]!.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
  );
}

/** Same, of all sections. */
export function allRowsOf(page: string): string[] {
  return [...read(page).matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
  );
}
