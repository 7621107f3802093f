/** Levels of arrays and objects around a value at most. */
export const MOST_LEVELS = 1_000;

/** JSON of a value in so many arrays within each other: as text, since writing it down is more than some stacks bear. */
export function nested(levels: number): string {
  return `${'['.repeat(levels)}1${']'.repeat(levels)}`;
}
