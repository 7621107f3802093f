import { randomInt } from 'node:crypto';
import { Arena } from './arena';
import { describeClose } from './closes';
import { disastersOf, type Form, scriptOf } from './script';
import { Totals } from './tally';
import { World } from './world';

/** How long to go on; the short form is a few runs. */
const MINUTES = Number(process.env.PARLEY_FAULT_MINUTES ?? 0);
const SHORT_RUNS = 5;
/**
 * `long` (`npm run faults`): all faults, and a socket that a node closes without a reason that the
 * contract knows is a violation. `short`: the former faults, and such closes are only counted. To
 * have the tests be as strict, make `long` the default here.
 */
const FORM: Form = process.env.PARLEY_FAULT_FORM === 'long' ? 'long' : 'short';
/** Goes on after a violation, and fails at the end with all of them. */
const KEEPS_GOING = process.env.PARLEY_FAULT_KEEP_GOING === 'true';
/** The first run's seed; the following ones count on from it. */
const FIRST_SEED = Number(process.env.PARLEY_FAULT_SEED ?? randomInt(2 ** 30));
const NODES = 2;
const MOST_ROUNDS = 10;

/** A line on the terminal itself: jest would keep it to the end. */
function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

describe('faults', () => {
  let arena: Arena;

  beforeAll(async () => {
    arena = await Arena.start(NODES, { behindProxy: true });
  }, 120_000);
  afterAll(() => arena.stop(), 60_000);

  /** Returns the complaints of one run, with what is needed to see them again. */
  async function run(seed: number, totals: Totals): Promise<string[]> {
    const script = scriptOf(seed, FORM);
    const world = await World.create(arena, seed);
    try {
      for (const step of script) await world.take(step);
      const complaints = await world.verdict();
      totals.runs++;
      totals.reconnections += world.reconnections;
      totals.events += world.followers.reduce((sum, follower) => sum + follower.received.length, 0);
      for (const disaster of disastersOf(script)) totals.disasters.add(disaster);
      for (const code of world.codes) totals.answers.add(code);
      const closes = world.closes();
      for (const [cause, all] of closes) totals.closes.add(cause, all.length);
      if (FORM === 'long') complaints.push(...(closes.get('none') ?? []).map(describeClose));
      if (complaints.length === 0) return [];
      return [
        `after ${disastersOf(script).join(' and ')}, again with PARLEY_FAULT_SEED=${seed}:`,
        ...complaints,
      ];
    } finally {
      await world.stop();
    }
  }

  /**
   * What every session has to have met is not left to chance: a death between commit and publication, a gap, a client
   * that comes back. Bounded, so that a node which never heals a gap is found out.
   */
  async function meetEverything(totals: Totals): Promise<void> {
    const world = await World.create(arena, FIRST_SEED);
    try {
      const met = () => world.reconnections > 0 && arena.healedGaps > 0 && arena.doomed.kills > 0;
      for (let round = 0; round === 0 || (!met() && round < MOST_ROUNDS); round++) {
        await arena.doomedUp();
        await world.take({ do: 'send through the doomed node', who: 0, where: round % 2 });
        await world.take({ do: 'kill redis clients', type: 'pubsub' });
        for (let sent = 0; sent < 5; sent++)
          await world.take({ do: 'send', who: 0, where: round % 2 });
        await world.take({ do: 'drop', which: round });
        expect(await world.verdict()).toEqual([]);
      }
      totals.reconnections += world.reconnections;
    } finally {
      await world.stop();
    }
  }

  test(
    'whatever fails, every client gets every event that is theirs, in order, once',
    async () => {
      const totals = new Totals();
      const violations: string[] = [];
      const until = Date.now() + MINUTES * 60_000;
      for (let seed = FIRST_SEED; totals.runs < SHORT_RUNS || Date.now() < until; seed++) {
        const complaints = await run(seed, totals);
        violations.push(...complaints);
        if (KEEPS_GOING) for (const complaint of complaints) say(complaint);
        else if (complaints.length > 0) throw new Error(complaints.join('\n'));
        if (totals.runs % 10 === 0) say(summary(totals));
      }
      await meetEverything(totals);
      say(summary(totals));
      for (const count of [
        totals.events,
        totals.reconnections,
        arena.healedGaps,
        arena.doomed.kills,
      ])
        expect(count).toBeGreaterThan(0);
      expect(violations).toEqual([]);
    },
    (MINUTES + 5) * 60_000,
  );

  function summary({ runs, events, reconnections, disasters, closes, answers }: Totals): string {
    const { healedGaps } = arena;
    const { kills } = arena.doomed;
    return [
      `faults: ${runs} runs from seed ${FIRST_SEED}: ${events} events received, ${reconnections} reconnections, ${healedGaps} gaps healed, ${kills} kills at the failpoint`,
      `  disasters: ${disasters}`,
      `  sockets closed: ${closes}`,
      `  errors answered: ${answers}`,
    ].join('\n');
  }
});
