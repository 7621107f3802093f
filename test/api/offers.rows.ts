import type { Client } from 'pg';
import {
  AcceptOfferDocument,
  CancelOfferDocument,
  ConfirmCompletionDocument,
  CounterOfferDocument,
  DeactivateUserDocument,
  DeclineOfferDocument,
  LeaveConversationDocument,
  type NotificationKind,
  type OfferAction,
  RemoveParticipantDocument,
  ReviseOfferDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import type { Cluster } from '../support/cluster';
import { offerBy } from '../support/factories';
import type { Person } from '../support/person';
import { letExpire } from './offers.account';

/** Where a row happens: an offer by Alice to Bob in a conversation of these two, or of more. */
export interface RowScene {
  cluster: Cluster;
  database: Client;
  conversationId: string;
  alice: Person;
  bob: Person;
}

type PartyName = 'alice' | 'bob';
/** Where the offer has to be before; null: not made yet. */
type From = 'PENDING' | 'ACCEPTED' | 'CONFIRMED_BY_ALICE' | null;
type Happening = (scene: RowScene, offerId: string, version: number) => Promise<unknown>;

/** One row of the contract's table: who makes which step (null: nobody), and what the others are notified of. */
export interface OfferRow {
  name: string;
  action: OfferAction;
  actor: PartyName | null;
  kind: NotificationKind;
  from: From;
  /** Who is gone with it, and is notified of nothing, though the platform made the step. */
  gone?: PartyName;
  happen: Happening;
}

const credits = (giver: Person) => [{ giverId: giver.id, kind: 'CREDITS' as const, amount: 7 }];
const platform = ({ cluster }: RowScene) => cluster.service();

export const OFFER_ROWS: OfferRow[] = [
  row('a new one', 'CREATE', 'alice', 'NEW_OFFER', null, ({ alice, bob, conversationId }) =>
    offerBy(alice, conversationId, { recipientId: bob.id }),
  ),
  row('a counter', 'COUNTER', 'bob', 'OFFER_COUNTERED', 'PENDING', ({ bob }, offerId, version) =>
    bob.ask(CounterOfferDocument, { input: { offerId, version, items: credits(bob) } }),
  ),
  row('a revision', 'REVISE', 'alice', 'OFFER_REVISED', 'PENDING', ({ alice }, offerId, version) =>
    alice.ask(ReviseOfferDocument, { input: { offerId, version, items: credits(alice) } }),
  ),
  row('an acceptance', 'ACCEPT', 'bob', 'OFFER_ACCEPTED', 'PENDING', ({ bob }, offerId, version) =>
    bob.ask(AcceptOfferDocument, { input: { offerId, version } }),
  ),
  row('a refusal', 'DECLINE', 'bob', 'OFFER_DECLINED', 'PENDING', ({ bob }, offerId, version) =>
    bob.ask(DeclineOfferDocument, { input: { offerId, version } }),
  ),
  row(
    'a withdrawal',
    'WITHDRAW',
    'alice',
    'OFFER_WITHDRAWN',
    'PENDING',
    ({ alice }, offerId, version) =>
      alice.ask(WithdrawOfferDocument, { input: { offerId, version } }),
  ),
  row('its end in time', 'EXPIRE', null, 'OFFER_EXPIRED', 'PENDING', ({ database }, offerId) =>
    letExpire(database, [offerId], 0),
  ),
  row(
    'the first confirmation',
    'CONFIRM_COMPLETION',
    'bob',
    'OFFER_COMPLETION_CONFIRMED',
    'ACCEPTED',
    ({ bob }, offerId, version) =>
      bob.ask(ConfirmCompletionDocument, { input: { offerId, version } }),
  ),
  row(
    'the second',
    'COMPLETE',
    'bob',
    'OFFER_COMPLETED',
    'CONFIRMED_BY_ALICE',
    ({ bob }, offerId, version) =>
      bob.ask(ConfirmCompletionDocument, { input: { offerId, version } }),
  ),
  row(
    'completion by the platform',
    'COMPLETE',
    null,
    'OFFER_COMPLETED',
    'ACCEPTED',
    (scene, offerId, version) =>
      platform(scene).request(ConfirmCompletionDocument, { input: { offerId, version } }),
  ),
  row(
    'a cancellation',
    'CANCEL',
    'alice',
    'OFFER_CANCELLED',
    'ACCEPTED',
    ({ alice }, offerId, version) =>
      alice.ask(CancelOfferDocument, { input: { offerId, version } }),
  ),
  row(
    'cancellation by the platform',
    'CANCEL',
    null,
    'OFFER_CANCELLED',
    'ACCEPTED',
    (scene, offerId, version) =>
      platform(scene).request(CancelOfferDocument, { input: { offerId, version } }),
  ),
  row(
    'the proposer’s leaving',
    'WITHDRAW',
    'alice',
    'OFFER_WITHDRAWN',
    'PENDING',
    ({ alice, conversationId }) =>
      alice.ask(LeaveConversationDocument, { input: { conversationId } }),
  ),
  row(
    'the recipient’s leaving',
    'DECLINE',
    'bob',
    'OFFER_DECLINED',
    'PENDING',
    ({ bob, conversationId }) => bob.ask(LeaveConversationDocument, { input: { conversationId } }),
  ),
  {
    ...row('the proposer’s removal', 'WITHDRAW', null, 'OFFER_WITHDRAWN', 'PENDING', (scene) =>
      platform(scene).ask(RemoveParticipantDocument, {
        input: { conversationId: scene.conversationId, userId: scene.alice.id },
      }),
    ),
    gone: 'alice',
  },
  {
    ...row('the recipient’s deactivation', 'DECLINE', null, 'OFFER_DECLINED', 'PENDING', (scene) =>
      platform(scene).ask(DeactivateUserDocument, { input: { userId: scene.bob.id } }),
    ),
    gone: 'bob',
  },
];

/** Brings an offer to where the row begins; null where it begins with nothing. */
export async function offerFor(
  { from }: OfferRow,
  { alice, bob, conversationId }: RowScene,
): Promise<{ id: string; version: number } | null> {
  if (from === null) return null;
  const { id } = await offerBy(alice, conversationId, { recipientId: bob.id });
  if (from === 'PENDING') return { id, version: 1 };
  await bob.ask(AcceptOfferDocument, { input: { offerId: id, version: 1 } });
  if (from === 'ACCEPTED') return { id, version: 2 };
  await alice.ask(ConfirmCompletionDocument, { input: { offerId: id, version: 2 } });
  return { id, version: 3 };
}

function row(
  name: string,
  action: OfferAction,
  actor: PartyName | null,
  kind: NotificationKind,
  from: From,
  happen: Happening,
): OfferRow {
  return { name, action, actor, kind, from, happen };
}
