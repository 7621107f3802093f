import { clearLine, createInterface, cursorTo } from 'node:readline';

/** The lines that come in, with their history, and lines that go out above the prompt. */
export class Screen {
  constructor() {
    const terminal = Boolean(process.stdin.isTTY && process.stdout.isTTY);
    this.terminal = terminal;
    this.readline = createInterface({ input: process.stdin, output: process.stdout, terminal });
    // Lines that come before somebody asks for them are kept by the iterator.
    this.lines = this.readline[Symbol.asyncIterator]();
    this.readline.on('SIGINT', () => this.readline.close());
    process.once('SIGINT', () => process.exit());
    this.readline.on('close', () => terminal && process.exit());
  }

  print(text) {
    if (this.terminal) {
      clearLine(process.stdout, 0);
      cursorTo(process.stdout, 0);
    }
    process.stdout.write(`${printable(text)}\n`);
    this.prompt();
  }

  prompt() {
    if (this.terminal) this.readline.prompt(true);
  }

  close() {
    this.readline.close();
  }
}

/** Control characters of other people's texts would steer the terminal. */
function printable(text) {
  return text.replace(/[^\P{C}\n\t]/gu, '\uFFFD');
}
