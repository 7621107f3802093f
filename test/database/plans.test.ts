import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { connectDatabase, migrate } from '../../src/database/data-source';
import { createLogger } from '../../src/logger';
import { eventually } from '../support/eventually';
import { type Histories, populateHistories, type Size } from '../support/histories';
import { type HistoryStatements, historyStatements } from '../support/history.statements';
import { statementsOf, type Touched, touchedBy } from '../support/plans';
import { createDatabase, dropDatabase } from '../support/services';

const HISTORIES: Histories = { few: 20, many: 3_000, formerFew: 20, formerMany: 1_500 };

/** They count up to 1,000 unread conversations, each of which is looked at in four tables. */
const COUNTING = 'badges, all unread';

/**
 * A page of a longer list has one row more, which says that there is a next page. The first hundred
 * conversations are counted to find who has fewer. A larger index may be deeper.
 */
function hasGrown(few: Touched, many: Touched): boolean {
  return (
    many.rows > Math.min(few.rows * 1.3 + 100, 150) ||
    many.pages > Math.min(few.pages * 1.3 + 20, 300)
  );
}

describe.each(['vacuum analyze', 'analyze'] as const)(
  'a statement touches as much of a long history as of a short one, after %s',
  (upkeep) => {
    let url: string;
    let dataSource: DataSource;
    let session: Client;
    let statements: HistoryStatements;

    beforeAll(async () => {
      url = await createDatabase(process.env.PARLEY_TEST_POSTGRES_URL!);
      const logger = createLogger('silent');
      dataSource = await connectDatabase({ url, poolSize: 2, entities: [], logger });
      await migrate(dataSource);
      session = new Client({ connectionString: url });
      await session.connect();
      await populateHistories(session, HISTORIES, upkeep);
      statements = await historyStatements(dataSource, HISTORIES);
    }, 120_000);
    afterAll(async () => {
      await session.end();
      await dataSource.destroy();
      await dropDatabase(url);
    });

    async function touched(name: string, size: Size): Promise<Touched> {
      const sum: Touched = { rows: 0, pages: 0 };
      for (const sent of await statementsOf(() => statements[name]!(size))) {
        const { rows, pages } = await touchedBy(session, sent);
        sum.rows += rows;
        sum.pages += pages;
      }
      return sum;
    }

    test('whichever it is, also by a plan that fits any value', async () => {
      const grown: Record<string, { few: Touched; many: Touched }> = {};
      for (const name of Object.keys(statements).filter((one) => one !== COUNTING)) {
        // The first call reads the catalogues as well, and a count may settle entries after it.
        await touched(name, 'few');
        await touched(name, 'many');
        // A count settles entries after it, which may still be under way.
        await eventually(async () => {
          const few = await touched(name, 'few');
          const many = await touched(name, 'many');
          if (!hasGrown(few, many)) delete grown[name];
          else grown[name] = { few, many };
          expect(grown[name]).toBeUndefined();
        }).catch(() => {});
      }
      expect(grown).toEqual({});
    }, 120_000);

    test('up to what a badge counts', async () => {
      const { rows } = await touched(COUNTING, 'many');
      expect(rows).toBeLessThan(1_100 * 5);
      expect(rows).toBeGreaterThan(1_000);
    });
  },
);
