import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';

const ROOT = join(__dirname, '../..');
const PROGRAM_TIMEOUT_MS = 60_000;

const execute = promisify(execFile);

/** The output of a program, whether it went well or not. */
export interface Run {
  code: number;
  out: string;
  errors: string;
}

/** A node, two users, and a conversation of theirs, as a client finds them. */
export interface Scene {
  cluster: Cluster;
  url: string;
  alice: Person;
  conversationId: string;
  /** The same, as programs take it from the environment. */
  env: Record<string, string>;
}

export async function openScene(cluster: Cluster): Promise<Scene> {
  const [alice, bob] = await cluster.persons('alice', 'bob');
  const { id } = await conversationOf([alice!, bob!]);
  const url = cluster.node.url;
  return {
    cluster,
    url,
    alice: alice!,
    conversationId: id,
    env: {
      PARLEY_URL: `${url}/graphql`,
      PARLEY_TOKEN: alice!.token!,
      PARLEY_CONVERSATION: id,
    },
  };
}

/** Runs a program to its end. A program that cannot be started, or that is too slow, throws. */
export async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Run> {
  const options = {
    cwd: ROOT,
    env: { PATH: process.env.PATH!, HOME: process.env.HOME ?? '/', ...env },
    timeout: PROGRAM_TIMEOUT_MS,
  };
  try {
    const { stdout, stderr } = await execute(program, args, options);
    return { code: 0, out: stdout, errors: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
    if (typeof code !== 'number') throw error;
    return { code, out: stdout, errors: stderr };
  }
}

/** Runs a program that ends with a line of JSON, and returns that. */
export async function report(...args: Parameters<typeof run>): Promise<unknown> {
  const { code, out, errors } = await run(...args);
  const line = out.trim().split('\n').at(-1)!;
  if (code !== 0 || !line.startsWith('{')) throw new Error(`${code}: ${out}\n${errors}`);
  tell(out.trim());
  return JSON.parse(line);
}

/** Shows what a client said, so that a run leaves its versions and answers. */
export function tell(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The version of an installed package. */
export function versionOf(name: string): string {
  return JSON.parse(readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8')).version;
}

/**
 * Looks for the first of some programs in the PATH. Without any of them, tests of `test` are skipped
 * and it is said that nothing was run, and what to install.
 */
export function testWith(
  programs: readonly string[],
  hint: string,
): { test: typeof test; path: string } {
  const folders = process.env.PATH!.split(delimiter);
  const paths = programs.flatMap((name) => folders.map((folder) => join(folder, name)));
  const path = paths.find((one) => existsSync(one));
  if (path !== undefined) return { test, path };
  tell(`NOT RUN: there is no ${programs.join(' or ')}. ${hint}`);
  return { test: test.skip as typeof test, path: '' };
}
