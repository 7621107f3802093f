import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

const MOST_LINES = 1_000;
const MOST_CHARACTERS = 1_000;
/** A JSON Web Token. */
const TOKEN = /eyJ[\w-]+\.[\w-]+/;

/**
 * The lines that were typed, in a file that only its user may read. Several chats may append to it
 * at once. Lines with a token, and very long ones, are not kept.
 */
export class History {
  /**
   * @param {NodeJS.ProcessEnv} env
   * @param {string | undefined} token
   */
  constructor(env, token) {
    const { XDG_STATE_HOME: given = '' } = env;
    const folder = isAbsolute(given) ? given : join(homedir(), '.local/state');
    this.file = join(folder, 'parley', 'chat_history');
    this.token = token;
    /** @type {string | null} the reason why lines are not kept */
    this.problem = null;
  }

  /** @returns {string[]} the newest first, as readline has them */
  read() {
    return (
      this.attempt(() => {
        mkdirSync(dirname(this.file), { recursive: true, mode: 0o700 });
        appendFileSync(this.file, '', { mode: 0o600 });
        chmodSync(this.file, 0o600);
        const lines = readFileSync(this.file, 'utf8').split('\n').filter(Boolean);
        const kept = lines.slice(-MOST_LINES);
        if (kept.length < lines.length) this.replace(kept);
        return kept.reverse();
      }) ?? []
    );
  }

  /** @param {string} line */
  add(line) {
    if (line.trim() === '' || line.length > MOST_CHARACTERS || TOKEN.test(line)) return;
    if (this.token && line.includes(this.token)) return;
    this.attempt(() => appendFileSync(this.file, `${line}\n`, { mode: 0o600 }));
  }

  /** @param {string[]} lines */
  replace(lines) {
    const next = `${this.file}.${process.pid}`;
    writeFileSync(next, `${lines.join('\n')}\n`, { mode: 0o600 });
    renameSync(next, this.file);
  }

  /**
   * @template T
   * @param {() => T} work
   * @returns {T | null}
   */
  attempt(work) {
    if (this.problem !== null) return null;
    try {
      return work();
    } catch (error) {
      this.problem = /** @type {Error} */ (error).message;
      return null;
    }
  }
}
