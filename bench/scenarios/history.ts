import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { connectDatabase } from '../../src/database/data-source';
import { createLogger } from '../../src/logger';
import { type Histories, populateHistories, type Size } from '../../test/support/histories';
import { historyStatements } from '../../test/support/history.statements';
import { median, rounded } from '../harness/median';
import type { Stage } from '../harness/stage';
import type { Scenario } from './scenario';

const HISTORIES: Histories = { few: 20, many: 20_000, formerFew: 20, formerMany: 5_000 };
const QUICK: Histories = { few: 20, many: 2_000, formerFew: 20, formerMany: 500 };
const SIZES: readonly Size[] = ['few', 'many'];
/** More than the five after which Postgres may take a plan that fits any value. */
const WARM_UP = 15;
const TIMES = 101;
/** A statement that takes longer is sent as often as in the warm-up. */
const SLOW_MS = 10;

const ABOUT = `Statements of one person with 20 conversations, notifications, offers and blocks, and of one with 20,000; and in a
conversation with 20 former participants, messages and offers, and in one with 5,000 former participants and 20,000 messages and
offers. They are sent by Parley's own services, one after the other, as the prepared and named statements that they are, both sizes
in turn, after ${WARM_UP} of each.`;

type Plans = 'auto' | 'force_generic_plan';
type Figures = Map<string, Record<Size, number>>;

/** How the time of each statement grows with a person's, or a conversation's, history. */
export const history: Scenario = {
  name: 'history',
  summary: 'statements of somebody with 20 conversations and of somebody with 20,000',
  async run(stage, report) {
    const histories = stage.options.quick ? QUICK : HISTORIES;
    report('writing the histories');
    const template = await stage.template((client) =>
      populateHistories(client, histories, 'vacuum analyze'),
    );
    const auto = await measure(stage, template, histories, 'auto');
    report('once more, with generic plans');
    const generic = await measure(stage, template, histories, 'force_generic_plan');
    const ratio = ({ few, many }: Record<Size, number>) => rounded(many / few);
    return {
      about: ABOUT,
      fields: Object.fromEntries([...auto].map(([name, times]) => [name, ratio(times)])),
      tables: [
        {
          title: 'The median of a statement',
          columns: ['', 'ms, few', 'ms, many', 'ratio', 'generic: ms, few', 'ms, many', 'ratio'],
          rows: [...auto].map(([name, times]) => {
            const forced = generic.get(name)!;
            return [
              name,
              times.few,
              times.many,
              ratio(times),
              forced.few,
              forced.many,
              ratio(forced),
            ];
          }),
        },
      ],
      charts: [],
    };
  },
};

function measure(
  stage: Stage,
  template: string,
  histories: Histories,
  plans: Plans,
): Promise<Figures> {
  return stage.withDatabase(template, async (url) => {
    // A setting of the database is that of each session which begins later.
    const client = new Client({ connectionString: url });
    await client.connect();
    const name = client.escapeIdentifier(client.database!);
    await client.query(`alter database ${name} set plan_cache_mode = ${plans}`);
    await client.end();
    const dataSource = await connectDatabase({
      url,
      poolSize: 1,
      entities: [],
      logger: createLogger('silent'),
    });
    try {
      return await measureAll(dataSource, histories);
    } finally {
      await dataSource.destroy();
    }
  });
}

async function measureAll(dataSource: DataSource, histories: Histories): Promise<Figures> {
  const statements = await historyStatements(dataSource, histories);
  const figures: Figures = new Map();
  for (const [name, send] of Object.entries(statements)) {
    const times: Record<Size, number[]> = { few: [], many: [] };
    const run = async (size: Size): Promise<void> => {
      const startMs = performance.now();
      await send(size);
      times[size].push(performance.now() - startMs);
    };
    for (let time = 0; time < WARM_UP; time++) for (const size of SIZES) await run(size);
    const count = median(times.many) > SLOW_MS ? WARM_UP : TIMES;
    times.few = [];
    times.many = [];
    for (let time = 0; time < count; time++) for (const size of SIZES) await run(size);
    figures.set(name, { few: median(times.few), many: median(times.many) });
  }
  return figures;
}
