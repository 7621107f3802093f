import * as documents from '@parley/client/documents';

export const HELP = `list                      your newest 15 conversations, with their unread counts
open NUMBER, close        opens one of the list; closes it
history                   the newest messages and offers of the open one
send TEXT                 sends a message
type, type off            tells the others that you type, or do not
read                      marks the open one read
offer TERMS               makes an offer: give 2500 EUR want City bicycle
counter TERMS             answers the newest offer with other terms
accept, decline, withdraw, complete, cancel   a step of the newest offer
block [USER], unblock [USER]
wait SECONDS              for scripts
quit                      also Ctrl-D and Ctrl-C
Amounts are in the currency's smallest unit.`;

/** The document of each step that an offer can take. */
export const OFFER_STEPS = {
  __proto__: null,
  counter: documents.CounterOfferDocument,
  accept: documents.AcceptOfferDocument,
  decline: documents.DeclineOfferDocument,
  withdraw: documents.WithdrawOfferDocument,
  complete: documents.ConfirmCompletionDocument,
  cancel: documents.CancelOfferDocument,
};

/** Reads `give ONE want OTHER`, of which one may be left out, as the items of an offer. */
export function termsOf(text, me, other) {
  const match = /^(?:give (?<give>.+?))?(?:(?:^|\s)want (?<want>.+))?$/.exec(text);
  const { give, want } = match?.groups ?? {};
  if (!give && !want) throw new Error('terms are: give 2500 EUR want City bicycle');
  return [...(give ? [itemOf(give, me)] : []), ...(want ? [itemOf(want, other)] : [])];
}

function itemOf(text, giverId) {
  const money = /^(\d+) ([A-Z]{3})$/.exec(text);
  if (money) return { giverId, kind: 'MONEY', amount: Number(money[1]), currency: money[2] };
  return { giverId, kind: 'GOODS', description: text };
}
