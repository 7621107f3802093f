import { clearScreenDown, createInterface, cursorTo, moveCursor } from 'node:readline';
import { wantsColours } from './colours.mjs';
import { Keys } from './keys.mjs';
import { textOf } from './lines.mjs';
import { printableJson } from './printable.mjs';

/** @typedef {{ type: string, [name: string]: any }} Item something that is shown */

/** The lines that come in, with their history, and what is shown above the prompt. */
export class Screen {
  isLeaving = false;

  /**
   * @param {object} options
   * @param {boolean} options.json
   * @param {import('./history.mjs').History | null} options.history
   * @param {import('./completion.mjs').Completion} options.completion
   */
  constructor({ json, history, completion }) {
    const { stdin: input, stdout: output, env } = process;
    this.json = json;
    this.terminal = Boolean(input.isTTY && output.isTTY);
    this.hasColours = wantsColours(output, env);
    // A dumb terminal has no cursor that could be moved.
    this.isDrawn = this.terminal && env.TERM !== 'dumb';
    const kept = this.terminal ? history : null;
    this.readline = createInterface({
      input: this.isDrawn ? new Keys(input, (text) => this.readline.write(text)) : input,
      output,
      terminal: this.terminal,
      history: kept?.read() ?? [],
      historySize: 1_000,
      removeHistoryDuplicates: true,
      completer: (/** @type {string} */ line) => completion.complete(line),
    });
    // Lines that come before somebody asks for them are kept by the iterator.
    this.lines = this.readline[Symbol.asyncIterator]();
    this.readline.on('line', (line) => {
      this.isLeaving = false;
      kept?.add(line);
    });
    this.readline.on('SIGINT', () => this.interrupted());
    if (kept?.problem) this.say(`typed lines are not kept: ${kept.problem}`);
  }

  /** Ctrl-C takes back a line that is half typed. On an empty line the second one quits. */
  interrupted() {
    if (this.readline.line !== '') {
      this.readline.write(null, { ctrl: true, name: 'e' });
      this.readline.write(null, { ctrl: true, name: 'u' });
      this.isLeaving = false;
    } else if (this.isLeaving) {
      this.close();
      process.exit(0);
    } else {
      this.isLeaving = true;
      this.say('Ctrl-C once more quits');
    }
  }

  /** @param {string} text */
  say(text) {
    this.show({ type: 'info', text });
  }

  /** @param {Item} item */
  show(item) {
    const text = this.json ? printableJson(item) : textOf(item, this.hasColours);
    this.erase();
    process.stdout.write(`${text}\n`);
    this.prompt();
  }

  /** @param {string} text */
  setPrompt(text) {
    this.erase();
    this.readline.setPrompt(text);
    this.prompt();
  }

  /** Takes the line that is typed from the screen. `prompt()` draws it again. */
  erase() {
    if (!this.isDrawn) return;
    const { rows } = this.readline.getCursorPos();
    // A terminal that does not know its size has no rows.
    if (Number.isFinite(rows)) moveCursor(process.stdout, 0, -rows);
    cursorTo(process.stdout, 0);
    clearScreenDown(process.stdout);
    // readline goes up by as many rows before it draws, and would erase what is above the line.
    Object.assign(this.readline, { prevRows: 0 });
  }

  prompt() {
    if (this.terminal) this.readline.prompt(true);
  }

  close() {
    this.readline.close();
  }
}
