import type { OfferAction, OfferStatus } from '../generated/graphql';

/** One negotiation and its rules, as the contract has them: SEMANTICS.md, the table in "Offers". */

export const NAMES = ['alice', 'bob', 'carol', 'dave'] as const;
export type Name = (typeof NAMES)[number];
export type Asker = Name | 'platform';
export type Request = Exclude<OfferAction, 'CREATE' | 'EXPIRE' | 'COMPLETE'>;

export const REQUESTS: readonly Request[] = [
  'COUNTER',
  'REVISE',
  'ACCEPT',
  'DECLINE',
  'WITHDRAW',
  'CONFIRM_COMPLETION',
  'CANCEL',
];

const LAST_VERSION_FOR_TERMS = 20;

export interface Terms {
  giver: Name;
  amount: number;
  note: string | null;
  /** Null: the default. Set to what was answered as soon as that is known. */
  expiresAt: string | null;
}

export interface Ask {
  action: Request;
  version: number;
  note: string | null;
  /** For COUNTER and REVISE; the note is theirs. */
  terms: Omit<Terms, 'note'> | null;
}

export interface Creation {
  recipient: Name | null;
  terms: Terms;
  clientOfferId: string | null;
}

export interface Transition extends Terms {
  version: number;
  action: OfferAction;
  actor: Name | null;
  status: OfferStatus;
}

/** A request that was followed. */
export interface Asked {
  by: Asker;
  ask: Ask;
}

export interface Deal {
  /** Empty until the service has said. */
  id: string;
  initiator: Name;
  proposer: Name;
  recipient: Name;
  status: OfferStatus;
  version: number;
  terms: Terms;
  /** `expiresAt` has passed. */
  over: boolean;
  confirmedBy: Name[];
  history: Transition[];
  creation: Creation;
  /** What was asked by whom at versions that have passed. */
  asked: Map<number, Asked>;
}

/** Null: it succeeds. Two codes with a bar between them: the contract leaves open which. */
export type Outcome = string | null;

const NEEDS: Record<Request, 'proposer' | 'recipient' | 'party'> = {
  COUNTER: 'recipient',
  REVISE: 'proposer',
  ACCEPT: 'recipient',
  DECLINE: 'recipient',
  WITHDRAW: 'proposer',
  CONFIRM_COMPLETION: 'party',
  CANCEL: 'party',
};
/** Where an action leads, unless it leaves the status as it is or confirms. */
export const LEADS_TO: Partial<Record<Request, OfferStatus>> = {
  ACCEPT: 'ACCEPTED',
  DECLINE: 'DECLINED',
  WITHDRAW: 'WITHDRAWN',
  CANCEL: 'CANCELLED',
};
const FOR_THE_PLATFORM: readonly Request[] = ['CONFIRM_COMPLETION', 'CANCEL'];

export const isSame = (one: Asked | undefined, other: Asked) =>
  JSON.stringify(one) === JSON.stringify(other);
export const isParty = (who: Asker, deal: Deal) => who === deal.proposer || who === deal.recipient;

/** Whoever asks for whatever at the present version: the state first, then the role. */
export function judge(by: Asker, deal: Deal, action: Request): Outcome {
  const isPlatforms = FOR_THE_PLATFORM.includes(action);
  if (!stateAllows(by, deal, action))
    return by === 'platform' && !isPlatforms ? 'CONFLICT|FORBIDDEN' : 'CONFLICT';
  const needed = NEEDS[action];
  const fits = by === 'platform' ? isPlatforms : needed === 'party' || deal[needed] === by;
  return fits ? null : 'FORBIDDEN';
}

function stateAllows(
  by: Asker,
  { status, over, version, confirmedBy }: Deal,
  action: Request,
): boolean {
  const othersConfirmed = confirmedBy.some((one) => one !== by);
  switch (action) {
    case 'COUNTER':
    case 'REVISE':
      return status === 'PENDING' && !over && version < LAST_VERSION_FOR_TERMS;
    case 'ACCEPT':
      return status === 'PENDING' && !over;
    case 'DECLINE':
    case 'WITHDRAW':
      return status === 'PENDING';
    case 'CONFIRM_COMPLETION':
      return status === 'ACCEPTED' && (by === 'platform' || !confirmedBy.includes(by));
    case 'CANCEL':
      return status === 'ACCEPTED' && (by === 'platform' || !othersConfirmed);
  }
}

export function openedDeal(by: Name, recipient: Name, creation: Creation): Deal {
  return {
    id: '',
    initiator: by,
    proposer: by,
    recipient,
    status: 'PENDING',
    version: 0,
    terms: { ...creation.terms },
    over: false,
    confirmedBy: [],
    history: [],
    creation,
    asked: new Map(),
  };
}
