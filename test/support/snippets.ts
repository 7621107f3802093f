/**
 * The fenced snippets of a Markdown page, and how those in TypeScript are compiled and run.
 *
 * The snippets of one section (a heading of the second level) are one program, in their order. Names
 * that a page leaves to its reader, such as `getToken`, are exports of a module of the test: the
 * program imports those that it uses and does not declare. A program is checked by tsc against the
 * sources, and run by Node against the built packages.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';

const ROOT = resolve(__dirname, '../..');
/** Below node_modules, so that programs find the packages, and nothing else looks at them. */
const SCRATCH = join(ROOT, 'node_modules/.cache/parley-snippets');
const DEADLINE_MS = 60_000;

export interface Snippet {
  /** Relative to the repository. */
  file: string;
  line: number;
  /** `ts`, `graphql`, `sh`, `json` and so on. */
  language: string;
  /** The heading of the second level above it, or the page's title. */
  section: string;
  text: string;
}

/** Returns the fenced snippets of a page, in their order. */
export function snippetsOf(file: string): Snippet[] {
  const snippets: Snippet[] = [];
  let section = '';
  let open: Snippet | null = null;
  for (const [index, line] of readFileSync(join(ROOT, file), 'utf8').split('\n').entries()) {
    const fence = /^```(\S*)/.exec(line);
    if (open && fence) {
      snippets.push(open);
      open = null;
    } else if (open) open.text += `${line}\n`;
    else if (fence) open = { file, line: index + 2, language: fence[1]!, section, text: '' };
    else section = /^##? (.*)/.exec(line)?.[1] ?? section;
  }
  if (open) throw new Error(`${file}:${open.line}: the fence is not closed`);
  return snippets;
}

/** Returns the snippets of some languages as one text for each section. */
export function programsOf(file: string, ...languages: string[]): Map<string, string> {
  const programs = new Map<string, string>();
  for (const { language, section, text } of snippetsOf(file))
    if (languages.includes(language)) programs.set(section, (programs.get(section) ?? '') + text);
  return programs;
}

/** Programs in TypeScript in a folder of their own, which `remove` takes away. */
export class Programs {
  private readonly folder: string;
  private readonly files: string[] = [];

  /** @param given the path of the module with the names that the pages leave to their reader */
  constructor(private readonly given: string) {
    mkdirSync(SCRATCH, { recursive: true });
    this.folder = mkdtempSync(join(SCRATCH, 'run-'));
    const compiled = transformSync(readFileSync(given, 'utf8'), { loader: 'ts', format: 'esm' });
    writeFileSync(join(this.folder, 'given.mjs'), compiled.code);
  }

  /**
   * Adds a program. It ends with `finish` of the given module, which is told the names it has used.
   *
   * @returns the path of its source
   */
  add(name: string, text: string, extension: 'ts' | 'tsx' = 'ts'): string {
    const path = join(this.folder, `${name}.${extension}`);
    const names = [...usedOf(exportsOf(this.given), text), 'finish'];
    const used = [...names, ...(/\bconsole\b/.test(text) ? ['console'] : [])];
    const from = JSON.stringify(this.given.replace(/\.ts$/, ''));
    const whole = `import { ${names.join(', ')} } from ${from};\n${text}\nawait finish(${JSON.stringify(used)});\n`;
    writeFileSync(path, whole);
    const runnable = whole.replace(from, '"./given.mjs"');
    const { code } = transformSync(runnable, {
      loader: extension,
      format: 'esm',
      jsx: 'automatic',
    });
    writeFileSync(path.replace(/\.tsx?$/, '.mjs'), code);
    this.files.push(path);
    return path;
  }

  /** Returns the complaints of tsc about all programs; empty when there are none. */
  async check(): Promise<string> {
    const config = join(this.folder, 'tsconfig.json');
    const options = { module: 'esnext', moduleResolution: 'bundler', target: 'es2023' };
    const lax = { noUnusedLocals: false, noUnusedParameters: false, noImplicitReturns: false };
    const compilerOptions = { ...options, ...lax, allowImportingTsExtensions: true };
    writeFileSync(
      config,
      JSON.stringify({
        extends: join(ROOT, 'tsconfig.json'),
        compilerOptions: { ...compilerOptions, jsx: 'react-jsx', moduleDetection: 'force' },
        files: this.files,
        include: [],
      }),
    );
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    return promisify(execFile)(process.execPath, [tsc, '-p', config], { cwd: ROOT }).then(
      () => '',
      ({ stdout, stderr }: { stdout: string; stderr: string }) => stdout + stderr,
    );
  }

  /** Runs a program to its end, and returns what it printed, a line each. */
  async run(path: string, env: Record<string, string>): Promise<string[]> {
    const program = path.replace(/\.tsx?$/, '.mjs');
    const options = { cwd: ROOT, timeout: DEADLINE_MS, env: { PATH: process.env.PATH!, ...env } };
    const { stdout } = await promisify(execFile)(process.execPath, [program], options);
    return stdout.split('\n').filter((line) => line !== '');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function exportsOf(path: string): string[] {
  const source = readFileSync(path, 'utf8');
  return [...source.matchAll(/^export (?:async )?(?:const|let|function) (\w+)/gm)].map(
    (match) => match[1]!,
  );
}

/** The names that a program uses and does not declare. */
function usedOf(names: readonly string[], text: string): string[] {
  return names.filter((name) => {
    if (name === 'finish' || !new RegExp(`(?<![.\\w])${name}\\b(?!:)`).test(text)) return false;
    const declares = `\\b(?:const|let|function|class)\\s+${name}\\b|import[^;]*\\b${name}\\b[^;]*from`;
    return !new RegExp(declares).test(text);
  });
}
