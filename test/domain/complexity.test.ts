import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GraphQLError, getOperationAST, parse } from 'graphql';
import { checkComplexity } from '../../src/execution/complexity';
import { getSchema } from '../../src/graphql/schema';

const NO_LIMIT = { depth: Infinity, aliases: Infinity, cost: Infinity };
/** Every operation asks for more than this of everything, even for nothing. */
const NOTHING = -1;

type Measured = 'depth' | 'aliases' | 'cost';

/** What an operation is refused with when nothing is allowed. */
function measure(
  what: Measured,
  query: string,
  variables: Record<string, unknown> = {},
  name?: string,
): number {
  const document = parse(query);
  const operation = getOperationAST(document, name)!;
  try {
    checkComplexity(getSchema(), document, operation, variables, { ...NO_LIMIT, [what]: NOTHING });
  } catch (error) {
    return (error as GraphQLError).extensions.actual as number;
  }
  throw new Error('Nothing was refused.');
}

const PAGE = 'query ($n: Int) { conversations(first: $n) { nodes { id } } }';

describe('cost', () => {
  test.each<[string, string, Record<string, unknown>, number]>([
    ['one a field', '{ me { id username } }', {}, 3],
    ['below a connection times the page', '{ conversations(first: 7) { nodes { id } } }', {}, 15],
    ['pageInfo stands below it', '{ offers(first: 7) { pageInfo { endCursor } } }', {}, 15],
    ['a page is 20 by default', '{ notifications { nodes { id } } }', {}, 41],
    ['null is the default', '{ notifications(first: null) { nodes { id } } }', {}, 41],
    ['last', '{ conversation(id: 1) { messages(last: 3) { nodes { id } } } }', {}, 8],
    ['100 events by default', '{ conversation(id: 1) { events { at } } }', {}, 102],
    ['events', '{ conversation(id: 1) { events(first: 500) { at } } }', {}, 502],
    ['another list once', '{ blockedUsers { id } }', {}, 2],
    ['a variable', PAGE, { n: 50 }, 101],
    ['a variable without a value', PAGE, {}, 41],
    ['a variable that is null', PAGE, { n: null }, 41],
    ['a page that is refused later, as the greatest', PAGE, { n: 2 ** 31 - 1 }, 201],
    ['a negative page as one entry', PAGE, { n: -5 }, 3],
    ['no introspection', '{ __typename __schema { types { name } } me { __typename id } }', {}, 2],
    ['the same field twice', '{ me { id id } }', {}, 3],
    ['what is left out', '{ me { id @skip(if: true) } }', {}, 2],
    ['inline fragments', '{ ... { me { ... on User { id } } } }', {}, 2],
    [
      'a mutation',
      'mutation { leaveConversation(input: {conversationId: 1}) { conversationId } }',
      {},
      2,
    ],
    ['one event of a subscription', 'subscription { messageAdded { id sender { id } } }', {}, 4],
  ])('%s', (_, query, variables, cost) => {
    expect(measure('cost', query, variables)).toBe(cost);
  });

  test('pages within pages are multiplied, also through fragments and variables', () => {
    const query = `
      query ($n: Int, $m: Int) { conversations(first: $n) { nodes { ...C } } }
      fragment C on Conversation { messages(last: $m) { nodes { ...M ...M } } }
      fragment M on Message { id }`;
    // 1 + 10 × (1 + 1 + 5 × (1 + 2))
    expect(measure('cost', query, { n: 10, m: 5 })).toBe(171);
    expect(measure('cost', query, { n: 100, m: 100 })).toBe(30_201);
  });

  test('of the operation that is chosen', () => {
    const query = 'query Small { me { id } } query Large { conversations { nodes { id } } }';
    expect(measure('cost', query, {}, 'Small')).toBe(2);
    expect(measure('cost', query, {}, 'Large')).toBe(41);
  });
});

describe('depth and aliases', () => {
  test.each<[Measured, string, number]>([
    ['depth', '{ me { id } }', 2],
    ['depth', '{ me { ... on User { ...U } } } fragment U on User { presence { id } }', 3],
    ['depth', '{ me { id } __schema { types { fields { type { ofType { name } } } } } }', 2],
    ['aliases', '{ a: me { b: id id } c: __typename }', 3],
    ['aliases', '{ me { ...U ...U } } fragment U on User { a: id b: username }', 4],
    ['aliases', '{ conversations { nodes { a: id } } __schema { b: types { c: name } } }', 3],
  ])('%s of %s', (what, query, value) => {
    expect(measure(what, query)).toBe(value);
  });
});

/** Each fragment spreads the next one twice. */
function doubling(opened: string, closed: string): string {
  const spread = (alias: string, at: number) => `${alias}: ${opened} { ...F${at} } ${closed}`;
  const fragments = Array.from(
    { length: 200 },
    (_, at) => `fragment F${at} on Conversation { ${spread('a', at + 1)} ${spread('b', at + 1)} }`,
  );
  return `query ($n: Int) { conversation(id: 1) { ...F0 } } ${fragments.join(' ')}
    fragment F200 on Conversation { id }`;
}

test.each([
  ['lastMessage { conversation', '}'],
  ['messages(first: $n) { nodes { conversation', '} }'],
])('fragments that double 200 times are measured in one walk: %s', (opened, closed) => {
  const query = doubling(opened, closed);
  expect(measure('cost', query, { n: 100 })).toBe(Number.MAX_SAFE_INTEGER);
  expect(measure('aliases', query)).toBe(Number.MAX_SAFE_INTEGER);
  expect(measure('depth', query)).toBeGreaterThan(400);
});

test('a document is walked once, whatever the variables', () => {
  const document = parse(PAGE);
  const operation = getOperationAST(document)!;
  const check = (n: number) =>
    checkComplexity(getSchema(), document, operation, { n }, { ...NO_LIMIT, cost: 100 });
  check(10);
  Object.defineProperty(operation, 'selectionSet', {
    get() {
      throw new Error('walked again');
    },
  });
  check(20);
  expect(() => check(50)).toThrow('cost');
});

test('the client’s documents stay below the limits, with pages of the default size', () => {
  const folder = join(__dirname, '../../client/documents');
  const source = readdirSync(folder)
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n');
  const document = parse(source);
  for (const operation of document.definitions)
    if (operation.kind === 'OperationDefinition')
      checkComplexity(
        getSchema(),
        document,
        operation,
        {},
        { depth: 12, aliases: 30, cost: 2_000 },
      );
});
