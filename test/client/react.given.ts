// The names that the page about React leaves to its reader, and a page for it to render into.
import { JSDOM } from 'jsdom';
import WebSocket from 'ws';

const { window: view } = new JSDOM('<div id="root"></div>', { url: 'http://localhost/' });
Object.assign(globalThis, { window: view, document: view.document });
if (!('navigator' in globalThis)) Object.assign(globalThis, { navigator: view.navigator });
// Node 20 has none of its own.
globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket;

export const getToken = () => process.env.PARLEY_TOKEN!;

export function explain(error: unknown): void {
  process.stderr.write(`${error}\n`);
  process.exit(1);
}

const button = (text: string) =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent!.includes(text));

async function until<T>(find: () => T | null | undefined | false): Promise<T> {
  for (let left = 1_000; left > 0; left--) {
    const found = find();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(document.body.innerHTML);
}

/** Uses the page as a person would, prints what it shows, and ends. */
export async function finish(_used: string[]): Promise<void> {
  const shows = (text: string) => until(() => document.body.textContent!.includes(text));
  (await until(() => button('alice'))).click();
  await shows('alice: hello');
  await until(() => button('alice 0') ?? button('alice (online) 0'));
  const input = await until(() => document.querySelector('input'));
  const { set } = Object.getOwnPropertyDescriptor(view.HTMLInputElement.prototype, 'value')!;
  set!.call(input, 'mine');
  input.dispatchEvent(new view.Event('input', { bubbles: true }));
  await until(() => input.value === 'mine');
  input.form!.dispatchEvent(new view.Event('submit', { bubbles: true, cancelable: true }));
  await shows('bob: mine');
  (await until(() => button('instead'))).click();
  await shows('bob offers: PENDING');
  process.stdout.write(document.querySelector('main')!.textContent!, () => process.exit(0));
}
