import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { Pool } from 'pg';
import { Cluster } from '../support/cluster';
import { Play, type Tally } from './offer.play';
import { OPENINGS, script } from './offer.steps';

/** A long form by the environment. */
const RUNS = Number(process.env.PARLEY_OFFER_RUNS ?? 32);
/** Scripts that are played at the same time. */
const LANES = 4;
/** Of the first lane; the others count on from it. */
const SEED = Number(process.env.PARLEY_OFFER_SEED ?? randomInt(2 ** 30));

describe('negotiations', () => {
  let cluster: Cluster;
  let database: Pool;

  beforeAll(async () => {
    cluster = await Cluster.start();
    // Offers expire when the script says so, and not before.
    jest.spyOn(cluster.node.services.offers.reader, 'due').mockResolvedValue([]);
    database = new Pool({ connectionString: cluster.databaseUrl });
  });
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  const KINDS = ['pair', 'group'] as const;
  const BEGINNINGS = OPENINGS.flatMap((opening) =>
    KINDS.flatMap((kind) =>
      [false, true].map((blocked) => ({ kind, opening, blocked, steps: [] })),
    ),
  );
  test.each(BEGINNINGS)(
    'begin, in a $kind, as the contract says: $opening, blocked: $blocked',
    (beginning) => Play.perform(cluster.node.services, database, beginning, new Map()),
  );

  test(`go as the contract says, whoever asks for whatever and whenever (${RUNS} scripts, seed ${SEED})`, async () => {
    const tally: Tally = new Map();
    const startedAt = Date.now();
    let failed = false;
    const property = fc.asyncProperty(script, async (script) => {
      if (!failed) await Play.perform(cluster.node.services, database, script, tally);
    });
    const lane = async (_: unknown, index: number) => {
      try {
        await fc.assert(property, { numRuns: Math.ceil(RUNS / LANES), seed: SEED + index });
      } catch (error) {
        failed = true;
        throw error;
      }
    };
    const lanes = await Promise.allSettled(Array.from({ length: LANES }, lane));
    for (const outcome of lanes) if (outcome.status === 'rejected') throw outcome.reason;
    const answers = [...tally].sort().map(([answer, times]) => `${answer}: ${times}`);
    process.stdout.write(
      `${RUNS} scripts in ${Date.now() - startedAt} ms; ${answers.join(', ')}\n`,
    );
  }, 3_600_000);
});
