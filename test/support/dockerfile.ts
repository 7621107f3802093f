import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';

interface Stage {
  root: string;
  workdir: string;
  env: Record<string, string>;
}

/**
 * Does what a Dockerfile says, without Docker: each stage is an empty folder, into which only the
 * files that it copies come. The base image is this machine, with its Node.
 */
export class DockerfileRun {
  private readonly folder = mkdtempSync(join(tmpdir(), 'parley-image-'));
  private readonly stages = new Map<string, Stage>();
  private stage!: Stage;
  private command: string[] = [];
  private healthcheck: string[] = [];

  /** @param context the folder from which files are copied */
  constructor(private readonly context: string) {}

  /** Builds the image. */
  build(): void {
    for (const [instruction, text] of instructionsOf(join(this.context, 'Dockerfile')))
      this.execute(instruction, text);
  }

  /** Starts the image's command with further settings. */
  start(env: Record<string, string>): ChildProcess {
    return spawn(this.command[0]!, this.command.slice(1), { ...this.options(env), stdio: 'pipe' });
  }

  /** Runs another program of the image, and returns its output. Throws when it fails. */
  run(command: readonly string[], env: Record<string, string>): string {
    return execFileSync(command[0]!, command.slice(1), {
      ...this.options(env),
      encoding: 'utf8',
      stdio: 'pipe',
    });
  }

  /** Returns the names in a folder of the image. */
  namesIn(path: string): string[] {
    return readdirSync(this.pathIn(this.stage, path));
  }

  /** True when the image's health check succeeds. */
  isHealthy(env: Record<string, string>): boolean {
    try {
      execFileSync(this.healthcheck[0]!, this.healthcheck.slice(1), this.options(env));
      return true;
    } catch {
      return false;
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private execute(instruction: string, text: string): void {
    if (instruction === 'FROM') this.begin(text);
    else if (instruction === 'WORKDIR') this.enter(text);
    else if (instruction === 'ENV') this.setEnv(text);
    else if (instruction === 'COPY') this.copy(text.split(/\s+/));
    else if (instruction === 'RUN')
      execFileSync('sh', ['-c', text], { ...this.options({}), stdio: 'pipe' });
    else if (instruction === 'CMD') this.command = JSON.parse(text) as string[];
    else if (instruction === 'HEALTHCHECK')
      this.healthcheck = JSON.parse(text.slice(text.indexOf('['))) as string[];
    else if (!['USER', 'EXPOSE'].includes(instruction))
      throw new Error(`${instruction} is not understood`);
  }

  private begin(text: string): void {
    const [, name = String(this.stages.size)] = /\bAS\s+(\S+)/i.exec(text) ?? [];
    const root = join(this.folder, name);
    mkdirSync(root);
    this.stage = { root, workdir: '/', env: {} };
    this.stages.set(name, this.stage);
  }

  private enter(path: string): void {
    this.stage.workdir = resolve(this.stage.workdir, path);
    mkdirSync(this.pathIn(this.stage, '.'), { recursive: true });
  }

  private setEnv(text: string): void {
    const [, name, value] = /^(\w+)=(.*)$/.exec(text)!;
    this.stage.env[name!] = value!;
  }

  private copy(words: string[]): void {
    const [, from] = /^--from=(.+)$/.exec(words[0]!) ?? [];
    const [target, ...sources] = (from === undefined ? words : words.slice(1)).reverse();
    for (const source of sources) {
      const path =
        from === undefined
          ? join(this.context, source)
          : this.pathIn(this.stages.get(from)!, source);
      if (!existsSync(path)) throw new Error(`COPY: there is no ${source}`);
      const folder = this.pathIn(this.stage, target!);
      const into = target!.endsWith('/') ? join(folder, basename(source)) : folder;
      cpSync(path, into, { recursive: true, verbatimSymlinks: true });
    }
  }

  private pathIn({ root, workdir }: Stage, path: string): string {
    return join(root, resolve(workdir, path));
  }

  private options(env: Record<string, string>) {
    const { PATH, HOME } = process.env;
    return {
      cwd: this.pathIn(this.stage, '.'),
      env: { PATH: PATH!, HOME: HOME!, ...this.stage.env, ...env },
    };
  }
}

/** The instructions of a Dockerfile, without comments, each in one line. */
export function instructionsOf(file: string): [instruction: string, text: string][] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => [line.split(' ', 1)[0]!, line.slice(line.indexOf(' ') + 1).trim()]);
}
