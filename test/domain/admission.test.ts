import { Admission } from '../../src/execution/admission';
import { Documents } from '../../src/execution/operation';
import type { Context } from '../../src/graphql/context';
import { getSchema } from '../../src/graphql/schema';

const LIMITS = { depth: 12, aliases: 30, cost: 2_000 };

function admission() {
  const options = {
    introspection: true,
    maxTokens: 5_000,
    maxDirectives: 50,
    maxDepth: LIMITS.depth,
  };
  const documents = new Documents(getSchema(), options);
  const admit = (query: string, authenticated: boolean) => {
    const checked = documents.check(query);
    const context = { authenticated } as Context;
    new Admission(getSchema(), documents, LIMITS).admit(checked, {}, context, () => {});
    return checked;
  };
  return { documents, admit };
}

describe('a document is kept', () => {
  test('once it was admitted with a token', () => {
    const { documents, admit } = admission();
    const query = '{ me { id } }';
    expect(documents.check(query)).not.toBe(documents.check(query));
    expect(admit(query, true)).toBe(documents.check(query));
  });

  test('and not without a token', () => {
    const { documents, admit } = admission();
    const query = '{ __typename }';
    expect(admit(query, false)).not.toBe(documents.check(query));
  });

  test('nor when it is over a limit', () => {
    const { documents, admit } = admission();
    const query = '{ conversations(first: 100) { nodes { messages { nodes { id } } } } }';
    expect(() => admit(query, true)).toThrow('cost');
    expect(documents.check(query)).not.toBe(documents.check(query));
  });
});
