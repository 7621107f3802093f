import * as documents from '@parley/client/documents';
import { command } from './command.mjs';

/**
 * @typedef {import('./command.mjs').Chat} Chat
 * @typedef {import('@parley/client/documents').OfferAction} OfferAction
 * @typedef {import('@parley/client/documents').OfferItemInput} Item
 */

/** @type {Record<string, import('./command.mjs').Command>} */
export const OFFERS = {
  offer: command(
    '[to USER] TERMS',
    'makes an offer; in a group, to one of them',
    'offer give 2500 EUR want City bicycle',
    async (chat, rest) => {
      const room = chat.opened();
      const [, to, terms = ''] = /^(?:to (\S+) )?(.*)$/s.exec(rest) ?? [];
      const recipientId = to ?? room.other();
      const items = termsOf(terms, chat.me.id, recipientId);
      const conversationId = room.id;
      const clientOfferId = crypto.randomUUID();
      const input = { conversationId, recipientId, items, clientOfferId };
      const { createOffer } = await chat.client.request(documents.CreateOfferDocument, { input });
      await room.hasOffer(createOffer.offer);
    },
  ),
  offers: command('', 'shows the offers of the open conversation', 'offers', (chat) => {
    const { offers } = chat.opened().state;
    for (const offer of offers.toReversed()) chat.screen.show({ type: 'offer', offer });
    if (offers.length === 0) chat.screen.say('no offer is here; "offer" makes one');
  }),
  counter: terms('COUNTER', documents.CounterOfferDocument, 'answers an offer with other terms'),
  revise: terms('REVISE', documents.ReviseOfferDocument, 'changes the terms of your own offer'),
  accept: step('accept', ['ACCEPT'], documents.AcceptOfferDocument, 'accepts an offer'),
  decline: step('decline', ['DECLINE'], documents.DeclineOfferDocument, 'declines an offer'),
  withdraw: step(
    'withdraw',
    ['WITHDRAW'],
    documents.WithdrawOfferDocument,
    'takes your own offer back',
  ),
  cancel: step(
    'cancel',
    ['CANCEL'],
    documents.CancelOfferDocument,
    'cancels a deal that was accepted',
  ),
  // The first of the two confirms, and the second one completes.
  complete: step(
    'complete',
    ['CONFIRM_COMPLETION', 'COMPLETE'],
    documents.ConfirmCompletionDocument,
    'confirms that a deal is done',
  ),
};

/**
 * A step of the newest offer of which the user can take it.
 *
 * @param {string} name
 * @param {readonly OfferAction[]} actions
 * @param {any} document
 * @param {string} summary
 */
function step(name, actions, document, summary) {
  return command('', summary, name, async (chat) => {
    const { id: offerId, version } = chat.opened().offerFor(actions);
    await taken(chat, document, { offerId, version });
  });
}

/**
 * A step with terms.
 *
 * @param {OfferAction} action
 * @param {any} document
 * @param {string} summary
 */
function terms(action, document, summary) {
  const example = `${action.toLowerCase()} give 2400 EUR want City bicycle`;
  return command('TERMS', summary, example, async (chat, rest) => {
    const {
      id: offerId,
      version,
      initiator,
      recipient,
      proposer,
    } = chat.opened().offerFor([action]);
    const parties = [initiator, recipient, proposer].map(({ id }) => id);
    const other = parties.find((id) => id !== chat.me.id) ?? '';
    const items = termsOf(rest, chat.me.id, other);
    await taken(chat, document, { offerId, version, items });
  });
}

/**
 * @param {Chat} chat
 * @param {any} document
 * @param {object} input
 */
async function taken(chat, document, input) {
  const room = chat.opened();
  /** @type {Record<string, { offer: import('../room.mjs').Offer }>} */
  const answer = await chat.client.request(document, { input });
  for (const { offer } of Object.values(answer)) await room.hasOffer(offer);
}

/**
 * Reads `give ONE want OTHER`, of which one may be left out, as the items of an offer.
 *
 * @param {string} text
 * @param {string} me
 * @param {string} other
 */
function termsOf(text, me, other) {
  const match = /^(?:give (?<give>.+?))?(?:(?:^|\s)want (?<want>.+))?$/.exec(text);
  const { give, want } = match?.groups ?? {};
  if (!give && !want) throw new Error('terms are: give 2500 EUR want City bicycle');
  return [...(give ? [itemOf(give, me)] : []), ...(want ? [itemOf(want, other)] : [])];
}

/**
 * @param {string} text
 * @param {string} giverId
 * @returns {Item}
 */
function itemOf(text, giverId) {
  const [, amount, currency] = /^(\d+) ([A-Z]{3})$/.exec(text) ?? [];
  if (amount && currency) return { giverId, kind: 'MONEY', amount: Number(amount), currency };
  return { giverId, kind: 'GOODS', description: text };
}
