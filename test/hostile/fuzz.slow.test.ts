import { getSchema } from '../../src/graphql/schema';
import { createMigratedDatabase, dropDatabase } from '../support/services';
import { Campaign } from './fuzz/campaign';
import type { Kind } from './fuzz/judge';
import { FuzzedNode } from './fuzz/node';
import { Scene } from './fuzz/scene';

/** `npm run test:fuzz` is the long form. */
const MINUTES = Number(process.env.PARLEY_FUZZ_MINUTES ?? 0);
const SHORT_MS = 20_000;
const SEED = Number(process.env.PARLEY_FUZZ_SEED ?? Date.now() % 2 ** 31);
/** One input alone, as a violation names it: its kind and its seed. */
const ONLY = process.env.PARLEY_FUZZ_ONLY;
/** After so many minutes caches are full, and the heap is measured for the first time. */
const WARM_MINUTES = 2;
const MAX_GROWTH = 1.1;
/** Limits of one user that would hide what stands behind them. */
const ROOMY = {
  LIMIT_SOCKETS_PER_USER: '1000',
  LIMIT_MESSAGES_PER_SECOND: '100000',
  LIMIT_MESSAGES_PER_MINUTE: '1000000',
  LIMIT_OFFERS_PER_MINUTE: '1000000',
  LIMIT_CONVERSATIONS_PER_HOUR: '1000000',
  LIMIT_WRITES_PER_MINUTE: '1000000',
};

/** An input that is not as it should be must be refused, and change nothing for anybody else. */
describe('a node that is fed with anything', () => {
  let databaseUrl: string;
  let node: FuzzedNode;
  let scene: Scene;
  let campaign: Campaign;

  beforeAll(async () => {
    process.stdout.write(`fuzz: PARLEY_FUZZ_SEED=${SEED}\n`);
    databaseUrl = await createMigratedDatabase();
    node = await FuzzedNode.start({ DATABASE_URL: databaseUrl, ...ROOMY });
    scene = await Scene.set(node.url);
    campaign = new Campaign(node, scene, getSchema(), SEED);
  });
  afterAll(async () => {
    await scene?.end();
    await node?.stop();
    await dropDatabase(databaseUrl);
  });

  async function runLong(): Promise<number> {
    const warmMs = Math.min(WARM_MINUTES, MINUTES / 2) * 60_000;
    await campaign.run(warmMs);
    const before = await node.heapBytes();
    tell(`heap after ${warmMs / 60_000} minutes: ${before} bytes`);
    if (campaign.violations.length === 0) await campaign.run(MINUTES * 60_000 - warmMs);
    const after = await node.heapBytes();
    tell(`heap after ${MINUTES} minutes: ${after} bytes, ${(after / before).toFixed(3)} times`);
    return after / before;
  }

  function tell(line: string): void {
    process.stdout.write(`fuzz: ${line}\n`);
  }

  const shown = (counts: ReadonlyMap<string, number>) =>
    [...counts]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, count]) => `${key} ${count}`)
      .join(', ');

  test(
    'lives, masks, leaks nothing, complains of nothing, and ends what it began',
    async () => {
      const [kind, seed] = ONLY?.split(':') ?? [];
      let growth = 1;
      if (ONLY) await campaign.replay(kind as Kind, Number(seed));
      else if (MINUTES > 0) growth = await runLong();
      else await campaign.run(SHORT_MS);
      tell(`tried: ${shown(campaign.judge.tried)}`);
      tell(`answers: ${shown(campaign.judge.answers)}`);
      if (node.warnings.size > 0) tell(`warnings: ${shown(node.warnings)}`);
      if (campaign.violations.length > 0)
        tell(`PARLEY_FUZZ_SEED=${SEED}\n${campaign.violations.join('\n')}`);
      expect(campaign.violations).toEqual([]);
      expect(growth).toBeLessThanOrEqual(MAX_GROWTH);
      expect(await node.stop()).toBe(0);
    },
    120_000 + MINUTES * 90_000,
  );
});
