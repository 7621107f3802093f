import { type Input, Judge } from './fuzz/judge';

/** The fuzzer finds nothing with a judge who sees nothing. */
describe('the judge of the fuzzer', () => {
  const input: Input = { kind: 'operation', seed: 1, text: '{ me { id } }', isService: false };
  const judged = (answer: string, about: Partial<Input> = {}) => {
    const judge = new Judge(['canary']);
    judge.response({ ...input, ...about }, answer);
    return judge.violations.map((violation) => violation.split(/[:\n]/)[0]);
  };
  const error = (message: string, code?: string) =>
    JSON.stringify({ errors: [{ message, extensions: { code } }] });

  test.each([
    ['', 'an answer that is no JSON'],
    ['null', 'an answer that is no response'],
    ['[]', 'an answer that is no response'],
    ['{"message":"x"}', 'an answer that is no response'],
    ['{"errors":[]}', 'errors without a form'],
    [error('Something went wrong.', 'INTERNAL_SERVER_ERROR'), 'an error that no input may cause'],
    [error('x', 'ER_BAD'), 'an error that no input may cause'],
    [error('x'), 'an error that no input may cause'],
    [error(new Error('x').stack!, 'BAD_REQUEST'), 'a stack trace in an answer'],
    [error('/app/node_modules/pg', 'BAD_REQUEST'), 'a path in an answer'],
    [error('select id from users where x', 'BAD_REQUEST'), 'SQL in an answer'],
    [error('relation "users" is none', 'BAD_REQUEST'), 'a message of the database in an answer'],
    ['{"data":{"message":{"content":"canary"}}}', 'a secret in an answer'],
  ])('blames %s', (answer, what) => {
    expect(judged(answer)).toContain(what);
  });

  test.each([
    ['{"data":{"me":{"id":"x"}}}'],
    [error('x', 'FORBIDDEN')],
    [error('At /graphql: no such field.', 'GRAPHQL_VALIDATION_FAILED')],
  ])('has nothing against %s', (answer) => {
    expect(judged(answer)).toEqual([]);
  });

  test('lets the platform see what is secret to others, and an answer quote what was sent', () => {
    expect(judged('{"data":"canary"}', { isService: true })).toEqual([]);
    const text = 'select 1 from x where';
    expect(judged(error(`Unexpected "${text}".`, 'BAD_REQUEST'), { text })).toEqual([]);
  });
});
