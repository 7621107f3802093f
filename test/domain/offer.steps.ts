import fc from 'fast-check';
import { NAMES, type Name, REQUESTS, type Request } from './offer.deal';

/** Somebody, by what they are to the negotiation that a step is about. */
export type Role = 'proposer' | 'recipient' | 'bystander' | 'outsider' | 'platform';

/** What a request may say beside its action. */
export interface Words {
  note: string | null;
  amount: number;
  /** Who gives: whose offer it was, or is to be, or the other one. */
  gives: 'asker' | 'other';
  /** Null: the default. */
  hours: number | null;
}

/** One thing that happens; `deal` picks one of the negotiations there are. */
export type Step =
  | {
      do: 'create';
      by: Name | 'platform';
      to: Name | null;
      clientOfferId: string | null;
      words: Words;
    }
  | { do: 'create again'; deal: number; otherNote: boolean }
  | { do: 'ask'; deal: number; by: Role; action: Request; off: number; words: Words }
  | { do: 'ask what is possible'; deal: number; which: number; words: Words }
  | { do: 'haggle'; deal: number; times: number; words: Words }
  | {
      do: 'ask again';
      deal: number;
      which: number;
      change: 'nothing' | 'note' | 'action' | 'asker';
    }
  | { do: 'let its time pass' | 'expire'; deal: number }
  | { do: 'leave' | 'remove' | 'deactivate'; who: Name }
  | { do: 'add' | 'block' | 'unblock'; by: Name; who: Name };

export const OPENINGS = ['made', 'over', 'accepted', 'confirmed', 'long'] as const;

export interface Script {
  kind: 'pair' | 'group';
  /** How far the first negotiation is when it begins. */
  opening: (typeof OPENINGS)[number];
  /** Whether Bob has blocked Alice then. */
  blocked: boolean;
  steps: Step[];
}

const deal = fc.nat(2);
const which = fc.nat(30);
const name = fc.constantFrom(...NAMES);
const partner = fc.constantFrom<Name[]>('alice', 'bob');

const words: fc.Arbitrary<Words> = fc.record({
  note: fc.option(fc.constantFrom('', 'please', '  ünïcode 😀\n'), { freq: 1 }),
  amount: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  gives: fc.constantFrom('asker', 'other'),
  hours: fc.option(fc.integer({ min: 1, max: 24 * 29 })),
});

function role(): fc.Arbitrary<Role> {
  return fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom<Role[]>('proposer', 'recipient') },
    { weight: 1, arbitrary: fc.constantFrom<Role[]>('bystander', 'outsider') },
    { weight: 2, arbitrary: fc.constant<Role>('platform') },
  );
}

/** How far the version that is named is from the present one. */
const off = fc.oneof(
  { weight: 6, arbitrary: fc.constant(0) },
  { weight: 2, arbitrary: fc.constantFrom(-1, 1, -2, -1_000, 2_000_000_000) },
);

const always = <T extends string>(...values: T[]) => fc.constantFrom(...values);

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: always('ask'),
      deal,
      by: role(),
      action: fc.constantFrom(...REQUESTS),
      off,
      words,
    }),
  },
  { weight: 10, arbitrary: fc.record({ do: always('ask what is possible'), deal, which, words }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: always('ask again'),
      deal,
      which,
      change: fc.oneof(
        { weight: 2, arbitrary: always('nothing') },
        { weight: 1, arbitrary: always('note', 'action', 'asker') },
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: always('haggle'),
      deal,
      times: fc.integer({ min: 2, max: 20 }),
      words,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: always('create'),
      by: fc.oneof({ weight: 9, arbitrary: name }, { weight: 1, arbitrary: always('platform') }),
      to: fc.option(name, { freq: 2 }),
      clientOfferId: fc.option(fc.constantFrom('one', 'two'), { freq: 5 }),
      words,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: always('create again'), deal, otherNote: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: always('let its time pass', 'expire', 'expire'), deal }),
  },
  { weight: 1, arbitrary: fc.record({ do: always('leave', 'remove', 'deactivate'), who: name }) },
  { weight: 1, arbitrary: fc.record({ do: always('add'), by: name, who: name }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: always('block', 'unblock'), by: partner, who: partner }),
  },
);

export const script: fc.Arbitrary<Script> = fc.record({
  kind: fc.constantFrom('pair', 'group'),
  opening: fc.oneof(
    { weight: 12, arbitrary: always('made', 'over', 'accepted', 'confirmed') },
    { weight: 1, arbitrary: always('long') },
  ),
  blocked: fc.integer({ min: 0, max: 2 }).map((chance) => chance === 2),
  steps: fc.array(step, { minLength: 1, maxLength: 24, size: 'max' }),
});
