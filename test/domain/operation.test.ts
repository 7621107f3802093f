import { getOperationAST, parse } from 'graphql';
import { admitOperation, Documents } from '../../src/execution/operation';
import type { Context } from '../../src/graphql/context';
import { getSchema } from '../../src/graphql/schema';

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
    const documents = new Documents(getSchema(), { introspection: true });
    const { errors } = documents.check(
      `{ ${Array.from({ length: 2_000 }, (_, at) => `unknown${at}`).join(' ')} }`,
    );
    expect(errors!.length).toBeLessThan(20);
  });
});
