import { Documents } from '../../src/execution/operation';
import { getSchema } from '../../src/graphql/schema';

const FIELDS = 'id username displayName avatarUrl blockedByViewer';

const many = (count: number, make: (at: number) => string) =>
  Array.from({ length: count }, (_, at) => make(at)).join(' ');

/** A document with so many fragments, all of which are spread in the same place. */
function spread(count: number, fields: (at: number) => string, type = 'Query'): string {
  const spreads = many(count, (at) => `...F${at}`);
  const operation = type === 'Query' ? `{ ${spreads} }` : `{ me { ${spreads} } }`;
  return `${operation} ${many(count, (at) => `fragment F${at} on ${type} { ${fields(at)} }`)}`;
}

const chain = `{ ...F0 } ${many(400, (at) => `fragment F${at} on Query { a${at}: __typename ...F${at + 1} }`)} fragment F400 on Query { me { id } }`;
const apart = `{ ${many(150, (at) => `a${at}: me { ...F${at} }`)} } ${many(150, (at) => `fragment F${at} on User { ${FIELDS} }`)}`;

describe('fragments that are spread in the same place', () => {
  const refusalOf = (source: string) => {
    const options = { introspection: true, maxTokens: 5_000, maxDirectives: 50, maxDepth: 12 };
    return new Documents(getSchema(), options).check(source).errors?.[0];
  };

  test.each([
    ['of the same field', spread(350, () => 'me { id }')],
    ['of different fields', spread(350, (at) => `a${at}: __typename`)],
    ['below a field', spread(350, () => 'id', 'User')],
    ['of many fields', spread(120, () => `me { ${many(10, (at) => `a${at}: id`)} }`)],
    ['that spread one another', chain],
  ])('are refused before all of them are compared: %s', (_, source) => {
    const error = refusalOf(source);
    expect(error?.message).toMatch(/^Too many fields of fragments/);
    expect(error?.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });

  test.each([
    ['a hundred', spread(100, () => 'me { id username }')],
    ['sixty with eight fields', spread(60, (at) => `a${at}: id ${FIELDS} presence { id }`, 'User')],
    ['any number in places of their own', apart],
  ])('may be %s', (_, source) => {
    expect(refusalOf(source)).toBeUndefined();
  });

  test('are refused when their fields cannot be merged', () => {
    const source =
      '{ me { ...A ...B } } fragment A on User { a: id } fragment B on User { a: username }';
    expect(refusalOf(source)?.message).toMatch(/^Fields "a" conflict/);
  });
});
