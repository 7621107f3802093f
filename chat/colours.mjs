/**
 * Returns true when colours are wanted. FORCE_COLOR comes before NO_COLOR, as it does in Node.
 *
 * @param {{ isTTY?: boolean }} output
 * @param {NodeJS.ProcessEnv} env
 */
export function wantsColours(output, { FORCE_COLOR: forced, NO_COLOR: none, TERM: terminal }) {
  if (forced !== undefined) return !['0', 'false'].includes(forced);
  return Boolean(output.isTTY) && !none && terminal !== 'dumb';
}
