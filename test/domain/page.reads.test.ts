import { UnavailableError } from '../../src/errors';
import { type PageQuery, PageReads } from '../../src/log/page.reads';

const MAX_EVENTS = 5_000;

/** Logs whose statements are kept, and fail for some ids. */
function logs(failures: Record<string, Error> = {}) {
  const statements: { ids: string[]; limit: number }[] = [];
  const reads = new PageReads(async (queries: readonly PageQuery[], limit) => {
    statements.push({ ids: queries.map(({ id }) => id), limit });
    for (const { id } of queries) if (failures[id]) throw failures[id];
    return queries.map(({ after }) => ({ events: [], reached: after }));
  });
  return { reads, statements };
}

describe('pages that are asked for together', () => {
  test.each([200, 100, 10_000])(
    'of %i events are read so many at once that they stay few',
    async (limit) => {
      const { reads, statements } = logs();
      const ids = Array.from({ length: 120 }, (_, index) => `log-${index}`);
      await Promise.all(ids.map((id) => reads.pagesOf(id, [1], limit)));
      expect(statements.flatMap((one) => one.ids)).toEqual(ids);
      for (const one of statements)
        expect(one.ids.length === 1 || one.ids.length * limit <= MAX_EVENTS).toBe(true);
      expect(statements).toHaveLength(Math.ceil(ids.length / Math.max(1, MAX_EVENTS / limit)));
    },
  );

  test('come in the order of the positions', async () => {
    const { reads } = logs();
    const pages = await reads.pagesOf('one', [7, 3, 5], 200);
    expect(pages.map(({ reached }) => reached)).toEqual([7, 3, 5]);
  });

  test('do not fail because of a log that cannot be read', async () => {
    const failure = new Error('a row is broken');
    const { reads } = logs({ broken: failure });
    const [first, broken, last] = await Promise.allSettled(
      ['first', 'broken', 'last'].map((id) => reads.pagesOf(id, [0], 200)),
    );
    expect([first!.status, last!.status]).toEqual(['fulfilled', 'fulfilled']);
    expect(broken).toEqual({ status: 'rejected', reason: failure });
  });

  test('fail together, after one statement, when the database is away', async () => {
    const { reads, statements } = logs({ first: new UnavailableError() });
    const asked = ['first', 'other'].map((id) => reads.pagesOf(id, [0], 200));
    for (const one of asked) await expect(one).rejects.toThrow(UnavailableError);
    expect(statements).toHaveLength(1);
  });
});
