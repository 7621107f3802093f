import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export interface Import {
  from: string;
  to: string;
}

const SOURCE = /\.(ts|tsx|mjs)$/;
/** The endings of a module's name, in a file's name or where it is imported. */
const ENDING = /\.(ts|tsx|mjs|js)$/;

export function sourceFiles(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : sourceFiles(path);
    return SOURCE.test(entry.name) ? [path] : [];
  });
}

/** `conversation/conversation.access` for a file below the root; `package:` and its name for a package. */
export function importsOf(root: string, file: string): Import[] {
  const from = relative(root, file).replace(ENDING, '');
  const source = readFileSync(file, 'utf8');
  const specifiers = [...source.matchAll(/(?:from|import|require\()\s*'([^']+)'/g)].map(
    (match) => match[1]!,
  );
  return specifiers.map((specifier) => ({
    from,
    to: specifier.startsWith('.')
      ? relative(root, resolve(dirname(file), specifier)).replace(ENDING, '')
      : `package:${specifier}`,
  }));
}

export function isOurs({ to }: Import): boolean {
  return !to.startsWith('package:');
}

export function show({ from, to }: Import): string {
  return `${from} → ${to}`;
}

export function isIn(module: string, rooms: readonly string[]): boolean {
  return rooms.some((room) => room === '*' || module === room || module.startsWith(`${room}/`));
}

export function roomOf(module: string): string {
  return module.split('/')[0]!;
}

/** A chain of imports that comes back to where it began, if there is one. */
export function findCycle(imports: readonly Import[]): string[] | null {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const walk = (module: string, path: string[]): string[] | null => {
    if (path.includes(module)) return [...path.slice(path.indexOf(module)), module];
    if (done.has(module)) return null;
    for (const to of next.get(module) ?? []) {
      const cycle = walk(to, [...path, module]);
      if (cycle) return cycle;
    }
    done.add(module);
    return null;
  };
  for (const module of next.keys()) {
    const cycle = walk(module, []);
    if (cycle) return cycle;
  }
  return null;
}
