import { printableLine } from './printable.mjs';

/** Returns what Tab can make of a line. */
export class Completion {
  /** @type {readonly string[]} */
  commands = [];
  /** @type {Set<string>} the ids of people */
  people = new Set();
  /** @type {readonly (string | null)[]} the subjects of the list, in its order */
  subjects = [];

  /**
   * @param {string} line
   * @returns {[string[], string]} the candidates, and the part of the line that they replace
   */
  complete(line) {
    const match = /^(\S+)\s+(.*)$/s.exec(line);
    if (!match) {
      const [found, start] = this.matching(this.commands, line);
      return [found.length === 1 ? found.map((one) => `${one} `) : found, start];
    }
    const [, word = '', rest = ''] = match;
    if (word === 'help') return this.matching(this.commands, rest);
    if (word === 'open') return this.matching(this.conversations(), rest);
    if (['start', 'block', 'unblock', 'offer'].includes(word))
      return this.matching([...this.people], /\S*$/.exec(rest)?.[0] ?? '');
    return [[], line];
  }

  conversations() {
    const numbers = this.subjects.map((_subject, index) => String(index + 1));
    return [...numbers, ...this.subjects.filter((subject) => subject !== null).map(printableLine)];
  }

  /**
   * @param {readonly string[]} candidates
   * @param {string} start
   * @returns {[string[], string]}
   */
  matching(candidates, start) {
    const lower = start.toLowerCase();
    const found = candidates.filter((one) => one.toLowerCase().startsWith(lower));
    return [found.filter((one) => one === printableLine(one)), start];
  }
}

/**
 * Returns the candidate that is nearest to a word that was mistyped, if any is near.
 *
 * @param {string} word
 * @param {readonly string[]} candidates
 */
export function nearest(word, candidates) {
  const ranked = candidates
    .map((one) => ({ one, distance: distanceOf(word, one) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(1, Math.floor(word.length / 3)) ? best.one : null;
}

/**
 * The number of letters to insert, remove, replace or swap with the next one.
 *
 * @param {string} a
 * @param {string} b
 */
function distanceOf(a, b) {
  /** @type {number[][]} */
  const rows = [Array.from({ length: b.length + 1 }, (_, index) => index)];
  const at = (/** @type {number} */ i, /** @type {number} */ j) => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    rows[i] = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const replaced = at(i - 1, j - 1) + (isSame ? 0 : 1);
      let least = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, replaced);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(i - 2, j - 2) + 1);
      /** @type {number[]} */ (rows[i])[j] = least;
    }
  }
  return at(a.length, b.length);
}
