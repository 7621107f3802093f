import fc from 'fast-check';

/** What one run does, step by step; the same for the same seed. */
export type Step =
  | { do: 'send' | 'edit' | 'delete' | 'read' | 'offer' | 'answer'; who: number; where: number }
  | { do: 'leave' | 'add'; who: number; where: number }
  | { do: 'follow'; who: number; where: number; mode: 'resumable' | 'bare' }
  | { do: 'drop'; which: number }
  | { do: 'stall'; which: number; forMs: number }
  | { do: 'pause'; forMs: number }
  | { do: 'send through the doomed node'; who: number; where: number }
  | { do: 'kill redis clients'; type: 'pubsub' | 'normal' }
  | { do: 'restart redis'; awayMs: number }
  | { do: 'stall network' | 'half-close network' | 'cut network' | 'terminate backends' }
  | { do: 'slow network'; delayMs: number }
  | { do: 'terminate a backend' | 'terminate a busy backend' }
  | { do: 'fail over to read-only'; forMs: number }
  | { do: 'freeze a connection'; which: number }
  | { do: 'restart postgres'; awayMs: number }
  | { do: 'terminate a node'; which: number };

/** `short`: the faults that the tests cause every day. `long`: those and the rest. */
export type Form = 'short' | 'long';

export const PEOPLE = 5;
export const CONVERSATIONS = 3;

const who = fc.nat(PEOPLE - 1);
const where = fc.nat(CONVERSATIONS - 1);
const which = fc.nat(20);

const everyday: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('send' as const), who, where }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('edit' as const, 'delete' as const), who, where }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('read' as const), who, where }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('offer' as const, 'answer' as const), who, where }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'add' as const), who, where }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('follow' as const),
      who,
      where,
      mode: fc.constantFrom('resumable' as const, 'bare' as const),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drop' as const), which }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('stall' as const),
      which,
      forMs: fc.integer({ min: 10, max: 500 }),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pause' as const), forMs: fc.nat(60) }) },
);

const disaster: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('send through the doomed node' as const), who, where }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('kill redis clients' as const),
      type: fc.constantFrom('pubsub' as const, 'normal' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('restart redis' as const),
      awayMs: fc.integer({ min: 10, max: 800 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'stall network' as const,
        'half-close network' as const,
        'cut network' as const,
        'terminate backends' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('slow network' as const),
      delayMs: fc.integer({ min: 1, max: 60 }),
    }),
  },
);

const furtherDisaster: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('terminate a backend' as const, 'terminate a busy backend' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('fail over to read-only' as const),
      forMs: fc.integer({ min: 500, max: 4_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('freeze a connection' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('restart postgres' as const),
      awayMs: fc.integer({ min: 10, max: 2_000 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('terminate a node' as const), which }) },
);
const disasters: Record<Form, fc.Arbitrary<Step>> = {
  short: disaster,
  long: fc.oneof({ weight: 1, arbitrary: disaster }, { weight: 2, arbitrary: furtherDisaster }),
};

const EVERYDAY: ReadonlySet<Step['do']> = new Set([
  'send',
  'edit',
  'delete',
  'read',
  'offer',
  'answer',
  'leave',
  'add',
  'follow',
  'drop',
  'stall',
  'pause',
]);

/** The names of a script's disasters, in order. */
export function disastersOf(script: readonly Step[]): string[] {
  return script.map((step) => step.do).filter((name) => !EVERYDAY.has(name));
}

/** Everyday life with one or two disasters in it. */
export function scriptOf(seed: number, form: Form): Step[] {
  const [script] = fc.sample(
    fc
      .tuple(
        fc.array(everyday, { minLength: 40, maxLength: 70, size: 'max' }),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), disasters[form]), {
          minLength: 1,
          maxLength: 2,
        }),
      )
      .map(([steps, disasters]) => {
        const whole = [...steps];
        for (const [at, step] of disasters) whole.splice(Math.floor(at * whole.length), 0, step);
        return whole;
      }),
    { seed, numRuns: 1 },
  );
  return script!;
}
