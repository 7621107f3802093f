import { type Area, TO_NOBODY, TO_PRESENT, TO_READERS, TO_SERVICE, TO_USERS } from './row';

const PARTY = 'Offers: the recipient or the proposer; checks run: access, party, version';

export const OFFERS: Area = {
  'Query.offer': {
    rule: 'Offers: who joins late sees those of their own, and those made since; a party may read an ended offer after leaving',
    ...TO_READERS,
    returned: 'FORBIDDEN',
    departed: 'ok',
  },
  'Query.offers': { rule: 'Who is asking: a service token is nobody’s', ...TO_USERS },

  'Mutation.createOffer': {
    rule: 'Offers: CREATE by any participant; Blocking: nothing goes through in a pair',
    ...TO_PRESENT,
    apart: 'FORBIDDEN',
  },
  'Mutation.counterOffer': { rule: PARTY, ...TO_NOBODY },
  'Mutation.reviseOffer': { rule: PARTY, offer: 'made', ...TO_NOBODY },
  'Mutation.acceptOffer': { rule: PARTY, ...TO_NOBODY },
  'Mutation.declineOffer': {
    rule: `${PARTY}; Blocking: declining goes on`,
    ...TO_NOBODY,
    apart: 'ok',
  },
  'Mutation.withdrawOffer': {
    rule: `${PARTY}; Blocking: withdrawing goes on`,
    offer: 'made',
    ...TO_NOBODY,
    apart: 'ok',
  },
  'Mutation.confirmCompletion': {
    rule: 'Offers: either party; a service token completes',
    offer: 'accepted',
    ...TO_SERVICE,
  },
  'Mutation.cancelOffer': {
    rule: 'Offers: either party; a service token',
    offer: 'agreed',
    ...TO_SERVICE,
  },

  'Subscription.offerUpdated': { rule: PARTY, ...TO_READERS },
  'Subscription.offerUpdated of all': { rule: 'The log: one topic a user', ...TO_USERS },
};
