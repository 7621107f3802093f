import fc from 'fast-check';
import {
  buildSchema,
  execute,
  type GraphQLObjectType,
  getOperationAST,
  getVariableValues,
  parse,
  responsePathAsArray,
  validate,
} from 'graphql';
import { executeOperation } from '../../src/execution/execution';
import { planOf } from '../../src/execution/operation.plan';

const schema = buildSchema(`
  enum Colour { RED GREEN }
  input Box { width: Int!, depth: Int = 3 }
  interface Named { name: String }
  type Leaf implements Named { name: String, number: Int!, colour: Colour }
  type Node {
    name: String
    count: Int!
    colour: Colour
    tags: [String!]
    grid: [[Int]!]!
    node: Node
    must: Node!
    nodes: [Node]
    all: [Node!]!
    named: Named
    area(box: Box, times: Int = 2): Int
    echo(text: String! = "said"): String!
  }
  type Query { node: Node, must: Node!, nodes: [Node!] , count: Int! }
  type Mutation { make(text: String): Node, must: Node! }
  type Subscription { node: Node!, nodes: [Node] }
`);

/** What one field of one source comes to; it is told by a number, so that both executions meet the same. */
const OUTCOMES = [
  'value',
  'value',
  'value',
  'later',
  'later',
  'null',
  'undefined',
  'throws',
  'rejects',
  'error',
  'wrong',
] as const;
type Outcome = (typeof OUTCOMES)[number];

/** A source whose every field decides by the seed and its place what it comes to. */
class Source {
  constructor(
    readonly seed: number,
    readonly mood: readonly Outcome[],
    /** Of one execution: what is left of another that has failed may still be under way. */
    readonly tally = { resolved: 0 },
  ) {}

  get name(): unknown {
    return decided('String', this, mixed(this.seed, 'name'));
  }

  count(): unknown {
    return decided('Int!', this, mixed(this.seed, 'count'));
  }
}

/** They have no resolver. */
const PROPERTIES = ['name', 'count'];

function mixed(seed: number, text: string): number {
  let hash = seed | 0;
  for (const letter of text) hash = Math.imul(hash ^ letter.charCodeAt(0), 16_777_619) >>> 0;
  return hash;
}

/** Of the field's type. */
function valueFor(type: string, source: Source, seed: number): unknown {
  if (type.endsWith('!')) return valueFor(type.slice(0, -1), source, seed);
  if (type.startsWith('['))
    return Array.from({ length: seed % 3 }, (_, index) =>
      itemFor(type.slice(1, -1), source, mixed(seed, `${index}`)),
    );
  if (type === 'String') return `text ${seed % 100}`;
  if (type === 'Int') return seed % 1_000;
  if (type === 'Colour') return seed % 2 ? 'RED' : 'GREEN';
  return new Source(seed, source.mood, source.tally);
}

/** Nothing is thrown while a list is made: what was made by then would be nobody's. */
function itemFor(type: string, source: Source, seed: number): unknown {
  try {
    return decided(type, source, seed);
  } catch (error) {
    return error;
  }
}

function decided(type: string, source: Source, seed: number): unknown {
  switch (source.mood[seed % source.mood.length]!) {
    case 'value':
      return valueFor(type, source, seed);
    case 'later':
      return new Promise(setImmediate).then(() => valueFor(type, source, seed));
    case 'null':
      return null;
    case 'undefined':
      return undefined;
    case 'throws':
      throw new Error(`thrown at ${seed}`);
    case 'rejects':
      return Promise.reject(new Error(`rejected at ${seed}`));
    case 'error':
      return new Error(`returned at ${seed}`);
    case 'wrong':
      return type.startsWith('[')
        ? 'no list'
        : type.startsWith('Int')
          ? 'no number'
          : type === 'Colour'
            ? 'BLUE'
            : 7;
  }
}

for (const name of ['Query', 'Mutation', 'Subscription', 'Node'])
  for (const [key, field] of Object.entries(
    (schema.getType(name) as GraphQLObjectType).getFields(),
  ))
    if (!PROPERTIES.includes(key))
      field.resolve = (source: Source, args, _context, { path }) => {
        source.tally.resolved++;
        return decided(
          String(field.type),
          source,
          mixed(source.seed, JSON.stringify([key, args, responsePathAsArray(path)])),
        );
      };

const LEAVES = [
  'name',
  'count',
  'colour',
  'tags',
  'grid',
  '__typename',
  'area',
  'area(box: { width: 4 })',
  'area(box: $box, times: $times)',
  'echo',
  'echo(text: "é\\"")',
];
const OBJECTS = ['node', 'must', 'nodes', 'all'];

const { selections } = fc.letrec<{ selections: string; one: string }>((tie) => ({
  selections: fc
    .array(tie('one'), { minLength: 1, maxLength: 4 })
    .map((all) => `{ ${all.join(' ')} }`),
  one: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(fc.constantFrom('', '', 'a: ', 'b: '), fc.constantFrom(...LEAVES))
      .map(([alias, leaf]) => alias + leaf),
    fc.constant('...Some'),
    fc
      .tuple(fc.constantFrom('', '', 'c: ', 'd: '), fc.constantFrom(...OBJECTS), tie('selections'))
      .map((parts) => parts.join(' ')),
    tie('selections').map((inner) => `... on Node ${inner}`),
    fc
      .tuple(tie('selections'), fc.constantFrom('@include(if: $flag)', '@skip(if: $flag)'))
      .map(([inner, directive]) => `... ${directive} ${inner}`),
  ),
}));

const roots = fc.oneof(
  fc
    .constantFrom('query', 'subscription')
    .chain((kind) => fc.tuple(fc.constant(kind), fc.constantFrom('node', 'nodes'))),
  fc.constantFrom(['query', 'must'], ['mutation', 'make(text: "x")'], ['mutation', 'must']),
);

const VARIABLES = '($box: Box, $times: Int = 5, $flag: Boolean = false)';
const operations = fc
  .tuple(roots, selections, selections)
  .map(
    ([[kind, root], selection, fragment]) =>
      `${kind} ${VARIABLES} { root: ${root} ${selection} } fragment Some on Node ${fragment.replaceAll('...Some', '__typename')}`,
  )
  // Two of one name that differ, and what is not used, are no business of an execution.
  .filter((text) =>
    validate(schema, parse(text)).every(({ message }) => /never used/.test(message)),
  );

/**
 * graphql-js leaves promises of a list's items to nobody when another item fails; so what fails does it at once where there
 * are lists.
 */
const LISTS = /nodes|all|tags|grid/;
const AT_ONCE = OUTCOMES.filter((outcome) => outcome !== 'later' && outcome !== 'rejects');
const several = (outcomes: readonly Outcome[]) =>
  fc.array(fc.constantFrom(...outcomes), { minLength: 5, maxLength: 15 });
const cases = operations.chain((text) => {
  const good = fc.constantFrom<Outcome[]>(['value'], ['value', 'later']);
  return fc.tuple(
    fc.constant(text),
    fc.oneof(good, several(LISTS.test(text) ? AT_ONCE : OUTCOMES)),
  );
});

const debug = jest.fn();

function argsOf(text: string, variableValues: Record<string, unknown>, rootValue: unknown) {
  const document = parse(text);
  const operation = getOperationAST(document)!;
  const { coerced } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variableValues,
  );
  return {
    schema,
    document,
    operation,
    variableValues,
    coerced: coerced!,
    rootValue,
    contextValue: { log: { debug } },
  };
}

/** As a client gets it. Which of several errors of one moment comes first is nobody's promise. */
function sent({ data, errors }: Awaited<ReturnType<typeof executeOperation>>) {
  const told = (errors ?? []).map((error) => JSON.stringify(error)).sort();
  return { data: JSON.stringify(data), errors: told };
}

describe('an operation executed by its plan', () => {
  it('answers what graphql-js answers, to the byte, whatever its fields come to', async () => {
    let planned = 0;
    let good = 0;
    await fc.assert(
      fc.asyncProperty(
        cases,
        fc.integer(),
        fc.option(fc.constantFrom({ width: 2 }, { width: 1, depth: 9 })),
        async ([text, mood], seed, box) => {
          const [theirs, ours] = [new Source(seed, mood), new Source(seed, mood)];
          const args = argsOf(text, box ? { box, times: 3 } : {}, theirs);
          const expected = await execute(args);
          expect(sent(await executeOperation({ ...args, rootValue: ours }))).toEqual(
            sent(expected),
          );
          if (!planOf(schema, args.document, args.operation)) return;
          planned++;
          if (expected.errors) return;
          // Otherwise graphql-js would have been asked again, and compared with itself.
          expect(ours.tally).toEqual(theirs.tally);
          good++;
        },
      ),
      { numRuns: 500 },
    );
    expect(planned).toBeGreaterThan(150);
    expect(good).toBeGreaterThan(50);
  });
});

describe('a list one item of which fails', () => {
  it('leaves no other to nobody', async () => {
    const unhandled: unknown[] = [];
    const keep = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', keep);
    const field = schema.getSubscriptionType()!.getFields().nodes!;
    const { resolve } = field;
    field.resolve = () => [new Error('at once'), Promise.reject(new Error('later'))];
    try {
      const { data, errors } = await executeOperation(
        argsOf('subscription { nodes { name } }', {}, null),
      );
      expect(data).toEqual({ nodes: [null, null] });
      expect(errors).toHaveLength(2);
      // What the plan met is said, though graphql-js answers: it may have been the plan's own fault.
      expect(debug).toHaveBeenLastCalledWith({ err: new Error('at once') }, 'plan not completed');
      // Node tells of them at the end of the turn.
      await new Promise(setImmediate);
      expect(unhandled).toEqual([]);
    } finally {
      field.resolve = resolve;
      process.off('unhandledRejection', keep);
    }
  });
});

describe('a plan', () => {
  const planned = (text: string) => {
    const document = parse(text);
    return planOf(schema, document, getOperationAST(document)!);
  };

  it.each([
    ['a directive', 'query ($on: Boolean!) { node { name @skip(if: $on) } }'],
    ['a directive on a fragment', 'query ($on: Boolean!) { ... @include(if: $on) { count } }'],
    ['an abstract type', '{ node { named { name } } }'],
    ['introspection', '{ __schema { description } }'],
    ['two fields of a mutation', 'mutation { make { name } must { name } }'],
    ['a key that no object can have', '{ __proto__: count }'],
  ])('is not made of %s', (_what, text) => {
    expect(planned(text)).toBeNull();
  });

  it('is not made of a short document that comes to very many fields', () => {
    const levels = Array.from(
      { length: 20 },
      (_, at) => `fragment F${at} on Node { a: node { ...F${at + 1} } b: node { ...F${at + 1} } }`,
    );
    expect(
      planned(`{ node { ...F0 } } ${levels.join(' ')} fragment F20 on Node { name }`),
    ).toBeNull();
  });

  it('is not made of more fields than its text could name, nor of one selected so often', () => {
    const levels = Array.from(
      { length: 5 },
      (_, at) => `fragment F${at} on Node { a: node { ...F${at + 1} } b: node { ...F${at + 1} } }`,
    );
    const tree = `{ node { ...F0 } } ${levels.join(' ')} fragment F5 on Node { name }`;
    expect(planned(tree)).toBeNull();
    expect(planned(`{ node { ${'name '.repeat(300)} } }`)).toBeNull();
    expect(
      planned(
        `{ node { ${Array.from({ length: 300 }, (_, at) => `alias${at}: name`).join(' ')} } }`,
      ),
    ).not.toBeNull();
  });

  it('is made of a few of many operations that share a large fragment', () => {
    const names = Array.from({ length: 100 }, (_, at) => `name${at}: name`).join(' ');
    const queries = Array.from({ length: 50 }, (_, at) => `query Q${at} { node { ...F } }`).join(
      ' ',
    );
    const document = parse(`fragment F on Node { ${names} } ${queries}`);
    const plans = Array.from({ length: 50 }, (_, at) =>
      planOf(schema, document, getOperationAST(document, `Q${at}`)!),
    );
    expect(plans.filter((plan) => plan !== null).length).toBeLessThan(6);
    expect(plans[0]).not.toBeNull();
  });

  it('is made once', () => {
    const document = parse('{ node { name } }');
    const operation = getOperationAST(document)!;
    expect(planOf(schema, document, operation)).toBe(planOf(schema, document, operation));
  });
});
