/** The fields of objects in an answer, as coordinates, each with its value. */
export function* shownIn(value: unknown): Generator<[coordinate: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const one of value) yield* shownIn(one);
    return;
  }
  const { __typename: type, ...fields } = value as Record<string, unknown>;
  for (const [key, inner] of Object.entries(fields)) {
    // An alias is the field's name with a number behind it.
    if (type !== undefined) yield [`${type}.${key.replace(/\d+$/, '')}`, inner];
    yield* shownIn(inner);
  }
}

/** True for what says nothing: 0, false, null and what is empty. */
export function isNothing(value: unknown): boolean {
  return !value || (Array.isArray(value) && value.length === 0);
}
