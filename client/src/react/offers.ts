import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { useMemo } from 'react';
import type { ParleyClient } from '../client/client.js';
import {
  AcceptOfferDocument,
  CancelOfferDocument,
  ConfirmCompletionDocument,
  CounterOfferDocument,
  type CounterOfferInput,
  CreateOfferDocument,
  type CreateOfferInput,
  DeclineOfferDocument,
  type OfferActionInput,
  type OfferPartsFragment,
  ReviseOfferDocument,
  WithdrawOfferDocument,
} from '../generated/graphql.js';
import { useStore } from './context.js';
import { useRoom } from './shared.room.js';
import type { Live } from './state.js';

/** An offer as it was seen: an action on an older version than the present one is CONFLICT. */
export type SeenOffer = Pick<OfferPartsFragment, 'id' | 'version'>;
export type NewOffer = Omit<CreateOfferInput, 'conversationId'>;
export type NewTerms = Omit<CounterOfferInput, 'offerId' | 'version'>;

type Act = (offer: SeenOffer, note?: string) => Promise<OfferPartsFragment>;
type Replace = (offer: SeenOffer, terms: NewTerms) => Promise<OfferPartsFragment>;

/** Each resolves to the offer as it is then, and rejects with the server's refusal. */
export interface OfferActions {
  makeOffer(offer: NewOffer): Promise<OfferPartsFragment>;
  counter: Replace;
  revise: Replace;
  accept: Act;
  decline: Act;
  withdraw: Act;
  confirmCompletion: Act;
  cancel: Act;
}

export interface OffersState extends Live {
  /** Newest first: the newest 20, those that are still open, and each that changed since. */
  readonly offers: readonly OfferPartsFragment[];
}

/** The answer of each mutation has one field, with an offer in it. */
type Document<Input> = TypedDocumentNode<Record<string, unknown>, { input: Input }>;

function actionsOf(client: ParleyClient, conversationId: string): OfferActions {
  async function run<Input>(document: unknown, input: Input) {
    const answer = await client.request(document as Document<Input>, { input });
    return (Object.values(answer)[0] as { offer: OfferPartsFragment }).offer;
  }
  const act =
    (document: TypedDocumentNode<unknown, { input: OfferActionInput }>): Act =>
    ({ id: offerId, version }, note) =>
      run(document, { offerId, version, ...(note !== undefined && { note }) });
  const replace =
    (document: TypedDocumentNode<unknown, { input: CounterOfferInput }>): Replace =>
    ({ id: offerId, version }, terms) =>
      run(document, { offerId, version, ...terms });
  return {
    makeOffer: (offer) => run(CreateOfferDocument, { ...offer, conversationId }),
    counter: replace(CounterOfferDocument),
    revise: replace(ReviseOfferDocument),
    accept: act(AcceptOfferDocument),
    decline: act(DeclineOfferDocument),
    withdraw: act(WithdrawOfferDocument),
    confirmCompletion: act(ConfirmCompletionDocument),
    cancel: act(CancelOfferDocument),
  };
}

/**
 * The offers of a conversation, and what can be done with them: `availableActions` of each says
 * what the user may do. It shares the subscription of `useConversation`, and alone does not count
 * as having the conversation open.
 */
export function useOffers(conversationId: string): OffersState & OfferActions {
  const { client } = useStore();
  const { status, error, offers } = useRoom(conversationId, false);
  const actions = useMemo(() => actionsOf(client, conversationId), [client, conversationId]);
  return useMemo(() => ({ status, error, offers, ...actions }), [status, error, offers, actions]);
}
