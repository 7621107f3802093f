import type { ExecutionResult } from 'graphql';
import { OperationLimit } from '../../src/execution/operation.limit';
import type { Context } from '../../src/graphql/context';

const NOBODY = { authenticated: false } as Context;

function limitOf(): OperationLimit {
  return new OperationLimit({
    operationsPerSocket: 1,
    operationsPerUser: 1,
    waitingPerUser: 1,
    operationsOfPlatform: 1,
    operationMs: 1_000,
  });
}

describe('operations without a token', () => {
  test('are done one after the other, and the event loop comes in between', async () => {
    const limit = limitOf();
    const order: string[] = [];
    const work = (name: string) => async (): Promise<ExecutionResult> => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
      setImmediate(() => order.push(`turn after ${name}`));
      return {};
    };
    await Promise.all(['a', 'b', 'c'].map((name) => limit.run(NOBODY, work(name))));
    expect(order.filter((one) => !one.startsWith('turn'))).toEqual(
      ['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]),
    );
    expect(order.indexOf('turn after a')).toBeLessThan(order.indexOf('c begins'));
  });

  test('wait, a hundred of them, and the next is told to come back', async () => {
    const limit = limitOf();
    let finish: () => void = () => undefined;
    const first = limit.run(NOBODY, () => new Promise<void>((resolve) => (finish = resolve)));
    const waiting = Array.from({ length: 100 }, (_, at) => limit.run(NOBODY, async () => at));
    await expect(limit.run(NOBODY, async () => 0)).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      extensions: { retryAfterMs: 1_000 },
    });
    await new Promise(setImmediate);
    finish();
    await first;
    expect(await Promise.all(waiting)).toHaveLength(100);
    expect(await limit.run(NOBODY, async () => 'again')).toBe('again');
  });
});
