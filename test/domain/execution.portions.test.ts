import { buildSchema, execute, getOperationAST, parse } from 'graphql';
import { executeOperation } from '../../src/execution/execution';
import { planOf } from '../../src/execution/operation.plan';

const schema = buildSchema(`
  type Item { number: Int! text: String items: [Item!]! }
  type Query { items: [Item!]! }
`);

/** Lists within lists, all of them complete. */
function source(width: number, depth: number): { number: number; text: string; items: object[] } {
  const items = depth === 0 ? [] : Array.from({ length: width }, () => source(width, depth - 1));
  return { number: 1, text: 'text', items };
}

const LEVELS = 'number text items { number text items { number text items { number text } } }';
const PLANNED = `{ items { ${LEVELS} } }`;
const UNPLANNED = `{ items @include(if: true) { ${LEVELS} } }`;

function argsOf(text: string, width: number) {
  const document = parse(text);
  const operation = getOperationAST(document)!;
  const contextValue = { log: { debug: () => {} } };
  const rootValue = source(width, 4);
  return { schema, document, operation, coerced: {}, contextValue, rootValue };
}

/** Counts the turns of the event loop until the operation is executed. All its data are there. */
async function turnsOf(text: string, width: number): Promise<number> {
  const args = argsOf(text, width);
  let turns = 0;
  const count = () => {
    turns++;
    counting = setImmediate(count);
  };
  let counting = setImmediate(count);
  const { data } = await executeOperation(args);
  clearImmediate(counting);
  expect(JSON.stringify(data)).toBe(JSON.stringify((await execute(args)).data));
  return turns;
}

describe('an execution', () => {
  test.each([
    ['by a plan', PLANNED],
    ['by graphql-js', UNPLANNED],
  ])('%s lets the event loop turn when its answer is large', async (_, text) => {
    const args = argsOf(text, 2);
    expect(planOf(schema, args.document, args.operation) === null).toBe(text === UNPLANNED);
    // Some 30,000 fields.
    expect(await turnsOf(text, 10)).toBeGreaterThan(3);
  });

  test.each([PLANNED, UNPLANNED])('makes an ordinary answer without a pause', async (text) => {
    expect(await turnsOf(text, 2)).toBe(0);
  });
});
