import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DEVELOPMENT_SECRET, loadConfig } from '../../src/config';
import { allRowsOf } from './pages';

const ROOT = resolve(__dirname, '../..');
const TROUBLE_PAGE = 'docs/guide/troubleshooting.md';

/** The refusals of the start in the sources, with … for what differs. */
function refusalsOfStart(): string[] {
  const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
  const sources = files
    .filter((name) => /\.ts$/.test(name) && !/^(scripts|config)/.test(name))
    .map((name) => readFileSync(join(ROOT, 'src', name), 'utf8'));
  return sources.flatMap((source) =>
    [...source.matchAll(/new ConfigError\(\s*([\s\S]*?)\s*,?\s*(?:\{[^}]*\}\s*,?\s*)?\);?\n/g)].map(
      (match) => textOf(match[1]!),
    ),
  );
}

/** The text of string literals that are added to each other. */
function textOf(expression: string): string {
  const parts = [...expression.matchAll(/(['`"])((?:(?!\1)[^\\]|\\.)*)\1/g)].map((one) => one[2]!);
  return parts
    .join('')
    .replace(/\$\{[^}]*\}/g, '…')
    .replace(/\s+/g, ' ')
    .trim();
}

describe('refusals of the start', () => {
  const explained = allRowsOf(TROUBLE_PAGE).map((line) => line.replace(/^[A-Z_…]+: /, ''));

  test('each is explained', () => {
    const refusals = refusalsOfStart().map((text) => text.replace(/^[A-Z_…]+: /, ''));
    expect(refusals.length).toBeGreaterThan(15);
    // A row that is open at its beginning would explain anything.
    const rows = explained.filter((line) => !/^…($|:)/.test(line));
    const isExplained = (text: string) => rows.some((line) => text.startsWith(line));
    expect(refusals.filter((text) => /\w/.test(text) && !isExplained(text))).toEqual([]);
  });

  test('each that is explained is there', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' });
    const sources = files
      .filter((name) => name.endsWith('.ts'))
      .map((name) => joined(readFileSync(join(ROOT, 'src', name), 'utf8')));
    const said = [...sources, ...WRONG.flatMap(refusalsOf)].join('\n');
    const longest = (line: string) =>
      line
        .split('…')
        .map((part) => part.trim())
        .sort((a, b) => b.length - a.length)[0]!;
    expect(explained.filter((line) => !said.includes(longest(line)))).toEqual([]);
  });
});

/** Settings whose refusals have a part that the sources put together. */
const WRONG: Record<string, string>[] = [
  { NODE_ENV: 'production' },
  { NODE_ENV: 'production', JWT_SECRET: 'short' },
  { NODE_ENV: 'production', JWT_SECRET: DEVELOPMENT_SECRET },
];

function refusalsOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

/** A source whose texts stand in one piece, with … for what differs. */
function joined(source: string): string {
  return source.replace(/['`]\s*\+\s*['`]/g, '').replace(/\$\{[^}]*\}/g, '…');
}
