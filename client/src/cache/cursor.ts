/** Cursors as the server makes them, so that what came live has one too. */

/** Returns the cursor of a node, from what the server orders its list by. */
export function cursorOf(list: string, key: readonly (string | number)[]): string {
  const text = btoa([list, ...key].join('|'));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Returns the sequence in a cursor of a message; undefined when there is none. */
export function sequenceIn(cursor: unknown): number | undefined {
  if (typeof cursor !== 'string') return undefined;
  try {
    const last = atob(cursor.replaceAll('-', '+').replaceAll('_', '/')).split('|').at(-1)!;
    return /^\d+$/.test(last) ? Number(last) : undefined;
  } catch {
    return undefined;
  }
}
