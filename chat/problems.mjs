import { ParleyError } from '@parley/client';

/**
 * Returns one line that says what was wrong.
 *
 * @param {unknown} error
 * @param {string} url
 */
export function problemOf(error, url) {
  if (!(error instanceof Error)) return String(error);
  if (!(error instanceof ParleyError)) return oneLine(error.message);
  if (error.code === 'CONNECTION_LOST')
    return `${url} cannot be reached${reasonOf(error)}; "npm start" starts Parley`;
  if (error.code === 'INVALID_ANSWER') return `${url} does not answer as Parley does`;
  if (error.code === 'UNAUTHENTICATED') return `the token was refused: ${oneLine(error.message)}`;
  return `${error.code}: ${oneLine(error.message)}`;
}

/** @param {Error} error */
function reasonOf(error) {
  /** @type {unknown} */
  let cause = error;
  while (cause instanceof Error) {
    if ('code' in cause && /^E[A-Z]+$/.test(String(cause.code))) return ` (${cause.code})`;
    cause = cause.cause;
  }
  return '';
}

/** @param {string} text */
function oneLine(text) {
  return text.replace(/\s+/g, ' ').trim();
}
