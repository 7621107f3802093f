import { Readable } from 'node:stream';

const PASTE_MODE = { on: '\x1B[?2004h', off: '\x1B[?2004l' };
const START = '\x1B[200~';
const END = '\x1B[201~';
/** As long a beginning of a marker waits for the rest of it. An Escape alone is a key as well. */
const PATIENCE_MS = 50;
/** Shown for a line break of a pasted text, which Enter would otherwise send off in part. */
const BREAK = '⏎';

/**
 * The keys of a terminal, one at a time: of several that come at once, readline puts those in the
 * middle of a line at its end, and draws wrapped lines wrongly. Pasted text comes apart from them,
 * in terminals that mark it ("bracketed paste").
 */
export class Keys extends Readable {
  isTTY = true;
  isPasting = false;
  /** The beginning of a marker, or of a pasted text. */
  rest = '';
  /** @type {NodeJS.Timeout | undefined} */
  wait = undefined;

  /**
   * @param {import('node:tty').ReadStream} terminal
   * @param {(text: string) => void} onPaste is given one row, in which line breaks are marks
   */
  constructor(terminal, onPaste) {
    super();
    this.terminal = terminal;
    this.onPaste = onPaste;
    terminal.setEncoding('utf8');
    terminal.on('data', (text) => this.split(String(text)));
    terminal.on('end', () => this.push(null));
  }

  /** @override */
  _read() {}

  /** @param {boolean} isRaw */
  setRawMode(isRaw) {
    this.terminal.setRawMode(isRaw);
    process.stdout.write(isRaw ? PASTE_MODE.on : PASTE_MODE.off);
    return this;
  }

  /** @param {string} text */
  split(text) {
    clearTimeout(this.wait);
    let rest = this.rest + text;
    this.rest = '';
    while (rest !== '') {
      const marker = this.isPasting ? END : START;
      const at = rest.indexOf(marker);
      const cut = at < 0 ? rest.length - lengthOfBeginning(rest, marker) : at;
      if (this.isPasting && at < 0) {
        this.rest = rest;
        return;
      }
      if (this.isPasting) this.onPaste(rowOf(rest.slice(0, cut)));
      else this.press(rest.slice(0, cut));
      if (at < 0) {
        this.rest = rest.slice(cut);
        if (this.rest) this.wait = setTimeout(() => this.flush(), PATIENCE_MS);
        return;
      }
      this.isPasting = !this.isPasting;
      rest = rest.slice(at + marker.length);
    }
  }

  flush() {
    const { rest } = this;
    this.rest = '';
    this.press(rest);
  }

  /** @param {string} text */
  press(text) {
    for (const key of text) this.push(key);
  }
}

/**
 * The lines of a line that was typed. `send` and `edit` have one text, with the line breaks that
 * were pasted; other lines that were pasted together are commands of their own.
 *
 * @param {string} line
 */
export function linesOf(line) {
  if (/^\s*(send|edit)\s/.test(line)) return [line.replaceAll(BREAK, '\n')];
  return line.split(BREAK);
}

/** @param {string} text */
function rowOf(text) {
  const lines = text.replace(/\r\n?/g, '\n').trimEnd();
  return lines.replaceAll('\n', BREAK).replace(/[^\P{Cc}\t]/gu, '');
}

/**
 * The number of characters at the end of a text with which the marker begins.
 *
 * @param {string} text
 * @param {string} marker
 */
function lengthOfBeginning(text, marker) {
  for (let length = marker.length - 1; length > 0; length--)
    if (text.endsWith(marker.slice(0, length))) return length;
  return 0;
}
