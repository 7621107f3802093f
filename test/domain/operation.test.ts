import { getOperationAST, parse } from 'graphql';
import { admitOperation, Documents } from '../../src/execution/operation';
import type { Context } from '../../src/graphql/context';
import { getSchema } from '../../src/graphql/schema';

const newDocuments = () =>
  new Documents(getSchema(), {
    introspection: true,
    maxTokens: 5_000,
    maxDirectives: 50,
    maxDepth: 12,
  });

describe('what is wrong with an operation', () => {
  test('in thousands of places of its variables is told of the first one, without a look at the others', () => {
    let looks = 0;
    const wrong = {
      toJSON() {
        looks++;
        return {};
      },
    };
    const document = parse(
      'mutation ($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) { count } }',
    );
    const context = { authenticated: true } as Context;
    const variables = { input: { ids: Array.from({ length: 5_000 }, () => wrong) } };
    expect(() =>
      admitOperation(getSchema(), getOperationAST(document)!, variables, context),
    ).toThrow(/^input\.ids\.0: /);
    expect(looks).toBeLessThan(10);
  });

  test('in thousands of places of its document is told of a few', () => {
    const documents = newDocuments();
    const { errors } = documents.check(
      `{ ${Array.from({ length: 2_000 }, (_, at) => `unknown${at}`).join(' ')} }`,
    );
    expect(errors!.length).toBeLessThan(20);
  });

  test('in thousands of places of a long document is told of the first one', () => {
    const unknown = Array.from({ length: 2_000 }, (_, at) => `unknown${at}`).join(' ');
    const { errors } = newDocuments().check(`${'\n'.repeat(100_000)}{ ${unknown} }`);
    expect(errors!.map(({ message }) => message)).toEqual([
      'Cannot query field "unknown0" on type "Query".',
      expect.stringMatching(/^Too many validation errors/),
    ]);
    expect(errors![0]!.locations).toEqual([{ line: 100_001, column: 3 }]);
    expect(errors![0]!.extensions).toEqual({ code: 'GRAPHQL_VALIDATION_FAILED' });
  });
});

describe('the values of variables', () => {
  const document = parse('mutation ($input: EmitEventInput!) { emitEvent(input: $input) { ok } }');
  const admit = (data: unknown) => () =>
    admitOperation(getSchema(), getOperationAST(document)!, { input: { name: 'event', data } }, {
      authenticated: true,
    } as Context);
  const list = (length: number) => Array.from({ length }, () => 1);

  test('are refused beyond 20,000, at any depth, without a look at the others', () => {
    const refusal = expect.objectContaining({
      extensions: { code: 'QUERY_TOO_COMPLEX', limit: 20_000 },
    });
    let deep: unknown = list(25_000);
    for (let depth = 0; depth < 10_000; depth++) deep = [deep];
    const spread = list(200).map(() => ({ items: list(200) }));
    const all: unknown[] = [list(25_000), deep, spread];
    for (const data of all) {
      let error: unknown;
      try {
        admit(data)();
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toEqual(refusal);
    }
  });

  test('may be many', () => {
    expect(admit(list(19_000))).not.toThrow();
    expect(admit({ items: list(100).map(() => ({ items: list(100) })) })).not.toThrow();
  });
});

describe('fields that stand again in the same place', () => {
  const refusalOf = (source: string) => newDocuments().check(source).errors?.[0]?.message;

  test.each([
    ['in one selection set', `{ ${'me { id } '.repeat(52)} }`],
    ['below a field', `{ me { ${'id '.repeat(52)} } }`],
    ['in inline fragments', `{ ${'... { me { id } } '.repeat(52)} }`],
    ['in a fragment', `{ me { ...U } } fragment U on User { ${'id '.repeat(52)} }`],
    [
      'in an operation that is not run',
      `query A { me { id } } query B { ${'me { id } '.repeat(52)} }`,
    ],
    ['under an alias', `{ me { ${'a: id '.repeat(52)} } }`],
  ])('are refused without a look at each pair: %s', (_, source) => {
    expect(refusalOf(source)).toMatch(/^At most 50 fields/);
  });

  test.each([
    `{ me { ${'id '.repeat(51)} } }`,
    `{ ${Array.from({ length: 200 }, (_, at) => `a${at}: me { id }`).join(' ')} }`,
  ])('may be some, and any number of others', (source) => {
    expect(refusalOf(source)).toBeUndefined();
  });
});

describe('documents', () => {
  /** Nearly 1 MiB each, so that 35 are kept at once. */
  const COUNT = 50;
  const large = (name: number) =>
    `query Large${name} { ${Array.from({ length: 400 }, (_, at) => `a${at}: me { id username }`).join(' ')} }`;

  test('are kept once their operation was admitted, and not before', () => {
    const documents = newDocuments();
    const first = documents.check('{ me { id } }');
    expect(documents.check('{ me { id } }')).not.toBe(first);
    documents.keep(first);
    expect(documents.check('{ me { id } }')).toBe(first);
  });

  test('with errors are never kept', () => {
    const documents = newDocuments();
    for (const source of ['{', '{ nothing }']) {
      const first = documents.check(source);
      documents.keep(first);
      expect(documents.check(source)).not.toBe(first);
    }
  });

  test('are bounded by what they take in memory; the least used go first', () => {
    const documents = newDocuments();
    const small = documents.check('{ me { id } }');
    documents.keep(small);
    const kept = Array.from({ length: COUNT }, (_, name) => {
      const checked = documents.check(large(name));
      documents.keep(checked);
      documents.check('{ me { id } }');
      return checked;
    });
    // Compared here, since a report of two large documents that differ would not fit into memory.
    expect(documents.check('{ me { id } }') === small).toBe(true);
    expect(documents.check(large(COUNT - 1)) === kept[COUNT - 1]).toBe(true);
    expect(documents.check(large(0)) === kept[0]).toBe(false);
  });
});
