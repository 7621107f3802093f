/** The characters that join and separate letters and emoji, and have no other effect. */
const JOINERS = '\u200C\u200D';
const UNPRINTABLE = new RegExp(`[^\\P{C}\\n\\t${JOINERS}]`, 'gu');

/**
 * Returns other people's text without the control characters, which would steer the terminal. What
 * follows a line break is indented, so that it cannot pass for a line of the chat's own.
 *
 * @param {string} text
 */
export function printable(text) {
  return text.replace(/\r\n/g, '\n').replace(UNPRINTABLE, '\uFFFD').replaceAll('\n', '\n    ');
}

/**
 * Returns a text for the line that is typed, or its prompt: one row, of whose characters the
 * terminal and readline know the width.
 *
 * @param {string} text
 */
export function printableLine(text) {
  return text.replace(/\p{C}|\p{Zl}|\p{Zp}/gu, '\uFFFD');
}

/**
 * Returns one line of JSON, in which all control characters are escaped.
 *
 * @param {unknown} value
 */
export function printableJson(value) {
  return JSON.stringify(value).replace(/\p{C}/gu, (character) =>
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}
