// The names that the guide's programs leave to their reader. A program is run with these settings.
import { createParleyClient } from '@parley/client';
import WebSocket from 'ws';

// Node 20 has none of its own.
globalThis.WebSocket ??= WebSocket as unknown as typeof globalThis.WebSocket;

export const url = process.env.PARLEY_URL!;
export const conversationId = process.env.PARLEY_CONVERSATION!;
export const lastSequence = 0;
export const storedSequence = 0;
export const serviceSecret = 'parley-development-secret-for-services';
export const userSecret = 'parley-development-secret-for-users-only';

export async function getToken(): Promise<string> {
  return process.env.PARLEY_TOKEN!;
}

export const token = getToken;

/** The client of a page's earlier section. */
export const client = createParleyClient({ url, token });

export function signServiceToken(): string {
  return process.env.PARLEY_SERVICE_TOKEN!;
}

/** The first thing that each of them is given. */
const sinks = { show: openSink(), handle: openSink(), console: openSink() };

console.log = (value: unknown) => sinks.console.tell(value);

function openSink() {
  let tell!: (value: unknown) => void;
  const told = new Promise<unknown>((resolve) => {
    tell = resolve;
  });
  return { tell, told };
}

/** A room that is loading still has nothing to show. */
export function show(value: unknown): void {
  const isLoading = (value as { status?: string } | null)?.status === 'loading';
  if (value !== undefined && !isLoading) sinks.show.tell(value);
}

export function handle(value: unknown): void {
  sinks.handle.tell(value);
}

/** Draws nothing: a program may close its room before anything has come. */
export function render(_state: unknown): void {}

export function explain(error: unknown): void {
  process.stderr.write(`${JSON.stringify(error)} ${error}\n`);
  process.exit(1);
}

/** Waits until all that the program has to show is shown, prints it, and ends. */
export async function finish(used: string[]): Promise<void> {
  const names = Object.keys(sinks).filter((name) => used.includes(name)) as (keyof typeof sinks)[];
  const shown = await Promise.all(names.map((name) => sinks[name].told));
  process.stdout.write(`${JSON.stringify(shown)}\n`, () => process.exit(0));
}
