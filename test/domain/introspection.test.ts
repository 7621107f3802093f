import {
  execute,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  getIntrospectionQuery,
  getOperationAST,
  parse,
} from 'graphql';
import { checkComplexity } from '../../src/execution/complexity';
import { Introspection, mostIntrospected } from '../../src/execution/introspection';
import { getSchema } from '../../src/graphql/schema';

const LIMITS = { depth: 12, aliases: 30, cost: 2_000 };
const FULL = getIntrospectionQuery({
  descriptions: true,
  specifiedByUrl: true,
  directiveIsRepeatable: true,
  schemaDescription: true,
  inputValueDeprecation: true,
  experimentalDirectiveDeprecation: true,
  oneOf: true,
  typeDepth: 30,
});

/** The fields of an answer. */
function fieldsOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + fieldsOf(one), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, one) => sum + 1 + fieldsOf(one), 0);
}

function counted(query: string): number {
  const document = parse(query);
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const node of document.definitions)
    if (node.kind === 'FragmentDefinition') fragments.set(node.name.value, node);
  const introspection = new Introspection(getSchema(), fragments);
  const { selections } = getOperationAST(document)!.selectionSet;
  return (selections as readonly FieldNode[]).reduce(
    (sum, field) => sum + introspection.sizeOf(field),
    0,
  );
}

/** What an introspection is refused with; null when it is admitted. */
function refusal(query: string): Record<string, unknown> | null {
  const document = parse(query);
  try {
    checkComplexity(getSchema(), document, getOperationAST(document)!, {}, LIMITS);
    return null;
  } catch (error) {
    return (error as GraphQLError).extensions;
  }
}

const aliased = (count: number, selection: string) =>
  `{ __schema { ${Array.from({ length: count }, (_, at) => `a${at}: types ${selection}`).join(' ')} } }`;
const RICH = '{ name fields { name args { name type { name } } type { name ofType { name } } } }';

describe('the size of an introspection', () => {
  test.each([
    FULL,
    getIntrospectionQuery(),
    '{ __schema { types { name fields(includeDeprecated: true) { name args { name } } } } }',
    '{ __type(name: "Mutation") { name fields { type { ofType { name fields { name } } } } } }',
    '{ __type(name: "None") { name } }',
    '{ __schema { __typename queryType { __typename ... { name } ...T } } } fragment T on __Type { a: kind }',
    aliased(3, RICH),
  ])('is that of its answer: %#', (query) => {
    const { data } = execute({ schema: getSchema(), document: parse(query) }) as { data: object };
    expect(counted(query)).toBe(fieldsOf(data));
  });

  test('is that of the largest type where a variable names it', () => {
    const ask = (name: string) =>
      `query ($n: String = "") { __type(name: ${name}) { fields { name } } }`;
    expect(counted(ask('$n'))).toBe(counted(ask('"Mutation"')));
  });

  test('may be twice that of the whole schema', () => {
    expect(mostIntrospected(getSchema())).toBe(2 * counted(FULL));
    const twice = FULL.replace(
      '__schema {',
      'a: __schema { ...S } b: __schema { ...S } } fragment S on __Schema {',
    ).replace(/\}\s*\}\s*fragment FullType/, '} fragment FullType');
    expect(refusal(twice)).toBeNull();
  });

  test.each([FULL, getIntrospectionQuery(), aliased(30, '{ name kind }')])(
    'of what tools ask is admitted: %#',
    (query) => {
      expect(refusal(query)).toBeNull();
    },
  );

  test.each([
    aliased(30, RICH),
    `{ ${Array.from({ length: 30 }, (_, at) => `a${at}: __schema { types ${RICH} }`).join(' ')} }`,
    `query ($n: String!) { ${Array.from({ length: 30 }, (_, at) => `a${at}: __type(name: $n) { fields { type { ofType { fields { args { type { ofType { inputFields { name } } } } type { ofType { fields { name args { name } } } } } } } } }`).join(' ')} }`,
    `{ ...A ...B } fragment A on Query { a: __schema { ...S } } fragment B on Query { b: __schema { ...S } c: __schema { ...S } } ${FULL.slice(FULL.indexOf('fragment')).replace(/^/, 'fragment S on __Schema { types { ...FullType } } ')}`,
  ])('that multiplies the schema is refused: %#', (query) => {
    expect(refusal(query)).toEqual({
      code: 'QUERY_TOO_COMPLEX',
      limit: mostIntrospected(getSchema()),
      actual: expect.any(Number),
    });
  });

  test('of fragments that double is counted in one walk', () => {
    const fragments = Array.from(
      { length: 200 },
      (_, at) => `fragment F${at} on __Type { ...F${at + 1} ...F${at + 1} }`,
    );
    const query = `{ __schema { types { ...F0 } } } ${fragments.join(' ')} fragment F200 on __Type { name }`;
    expect(refusal(query)).toMatchObject({ actual: Number.MAX_SAFE_INTEGER });
  });
});
