import { fieldsWithArguments, objectFields, operations, variablesOf } from './schema';
import { OPERATIONS } from './table';
import { POSITIONS, type Target } from './table/arguments';
import { classifiedFields, FIELDS } from './table/fields';

describe('everything in the schema is classified, and nothing else', () => {
  const all = [...operations('query'), ...operations('mutation'), ...operations('subscription')];

  test('each operation has a row that says its outcomes', () => {
    expect(Object.keys(OPERATIONS).sort()).toEqual(all.map(({ name }) => name).sort());
  });

  test('each argument has a value that says what it names', () => {
    for (const operation of all) variablesOf(operation, {} as Target);
  });

  test('each field of an object has a rule that says who sees it', () => {
    const names = Object.values(FIELDS).flatMap((bySight) =>
      Object.values(bySight).flatMap((text) => text.split(' ')),
    );
    expect([...classifiedFields().keys()].sort()).toEqual(objectFields().sort());
    expect(names).toHaveLength(classifiedFields().size);
  });

  test('each field with arguments says at which positions it is tried', () => {
    expect(fieldsWithArguments().sort()).toEqual(Object.keys(POSITIONS).sort());
  });
});
