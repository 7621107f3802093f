import {
  AcceptOfferDocument,
  ConfirmCompletionDocument,
  ConversationOfferPageDocument,
  CounterOfferDocument,
  DeclineOfferDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  MessagePageDocument,
  type OfferPartsFragment,
  PostSystemMessageDocument,
} from '../generated/graphql';
import { offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import type { Label } from './canaries';
import { idOf } from './roles';
import type { Scene } from './scene';
import type { PersonName } from './visibility';

type Stage = Pick<Scene, 'canaries' | 'people' | 'conversations'> & { service: Person };

export interface Room {
  /** Ids of messages: of those who went, from before they did, and the founder's two. */
  said: Record<'left' | 'removed' | 'rejoined' | 'early' | 'late', string>;
  offers: Record<RoomOffer, OfferPartsFragment>;
  /** Every offer in the room with the label of what is in it. */
  labels: Map<string, Label>;
  /** Cursors of the room's first and last message, and of the newest offer. */
  cursors: { firstMessage: string; lastMessage: string; firstOffer: string };
}

type RoomOffer =
  | 'left'
  | 'removed'
  | 'rejoined'
  | 'early'
  | 'earlyAccepted'
  | 'late'
  | 'lateAccepted'
  | 'lateAgreed';

/** Writes with a canary wherever a text may stand. */
export class Writer {
  readonly labels = new Map<string, Label>();

  constructor(private readonly stage: Pick<Scene, 'canaries' | 'people'>) {}

  async say(by: PersonName, conversationId: string, label: Label, replyToId?: string) {
    const { canaries, people } = this.stage;
    const secret = () => canaries.of(label);
    const { id } = await sendBy(people[by], conversationId, {
      content: secret(),
      clientMessageId: secret(),
      attachments: [
        {
          url: `https://files.example/${secret()}`,
          name: secret(),
          contentType: secret(),
          sizeBytes: 1,
        },
      ],
      replyToId,
    });
    canaries.note(label, id);
    return id;
  }

  async offer(by: PersonName, to: PersonName, conversationId: string, label: Label) {
    const { canaries, people } = this.stage;
    const offer = await offerBy(people[by], conversationId, {
      ...this.terms(by, label),
      recipientId: idOf(to),
    });
    canaries.note(label, offer.id);
    this.labels.set(offer.id, label);
    return offer;
  }

  terms(giver: PersonName, label: Label) {
    const secret = () => this.stage.canaries.of(label);
    const giverId = idOf(giver);
    return {
      note: secret(),
      items: [
        { giverId, kind: 'SERVICE' as const, description: secret(), reference: secret() },
        { giverId, kind: 'MONEY' as const, amount: 2_500, currency: 'EUR' },
      ],
    };
  }
}

/**
 * Fills the room. `go` lets people go, and returns how one of them comes back.
 */
export async function roomOf(
  stage: Stage,
  go: () => Promise<() => Promise<unknown>>,
): Promise<Room> {
  const writer = new Writer(stage);
  const { people, conversations } = stage;
  const { room } = conversations;
  const say = (by: PersonName, label: Label, replyToId?: string) =>
    writer.say(by, room, label, replyToId);
  const offer = (by: PersonName, to: PersonName, label: Label) => writer.offer(by, to, room, label);
  const accepted = async (label: Label) => {
    const { id: offerId } = await offer('founder', 'party', label);
    const { acceptOffer } = await people.party.ask(AcceptOfferDocument, {
      input: { offerId, version: 1, note: stage.canaries.of(label) },
    });
    return acceptOffer.offer;
  };

  const [rejoined, left, removed] = [
    await say('rejoined', 'room.early'),
    await say('left', 'room.early'),
    await say('removed', 'room.early'),
  ];
  const early = await say('founder', 'room.early', left);
  const doomed = await say('founder', 'room.early');
  const ofThoseWhoGo = {
    left: await offer('left', 'founder', 'offer.left'),
    removed: await offer('removed', 'founder', 'offer.removed'),
    rejoined: await offer('rejoined', 'founder', 'offer.rejoined'),
  };
  const earlyOffer = await offer('founder', 'party', 'room.early');
  const moving = await offer('founder', 'party', 'room.early');
  const earlyAccepted = await accepted('room.early');
  const comeBack = await go();
  await say('party', 'room.early');
  await comeBack();

  const content = stage.canaries.of('room.early');
  await people.founder.ask(EditMessageDocument, { input: { messageId: early, content } });
  await people.founder.ask(DeleteMessageDocument, { input: { messageId: doomed } });
  const note = stage.canaries.of('room.early');
  await people.party.ask(DeclineOfferDocument, {
    input: { offerId: moving.id, version: 1, note },
  });
  await say('member', 'room.late');
  await say('rejoined', 'room.late');
  await say('party', 'room.late', early);
  const late = await say('founder', 'room.late');
  await people.party.ask(DeleteMessageDocument, {
    input: { messageId: await say('party', 'room.late', late) },
  });
  const offers = {
    ...ofThoseWhoGo,
    early: earlyOffer,
    earlyAccepted,
    late: await offer('founder', 'party', 'room.late'),
    lateAccepted: await accepted('room.late'),
    lateAgreed: await accepted('room.late'),
  };
  await negotiate(stage, writer, await accepted('room.late'));
  const { labels } = writer;
  const said = { left, removed, rejoined, early, late };
  return { said, offers, labels, cursors: await cursorsOf(people.founder, room) };
}

/** What else there is to see of offers and of messages. */
async function negotiate(
  { people, service, canaries, conversations }: Stage,
  writer: Writer,
  { id: offerId, version }: OfferPartsFragment,
): Promise<void> {
  const { room: conversationId } = conversations;
  const note = canaries.of('room.late');
  await people.founder.ask(ConfirmCompletionDocument, { input: { offerId, version, note } });
  const offer = await writer.offer('founder', 'party', conversationId, 'room.late');
  await people.party.ask(CounterOfferDocument, {
    input: { offerId: offer.id, version: 1, ...writer.terms('party', 'room.late') },
  });
  const content = canaries.of('room.late');
  await service.ask(PostSystemMessageDocument, { input: { conversationId, content } });
  const messageId = await writer.say('founder', conversationId, 'room.late');
  await people.founder.ask(EditMessageDocument, {
    input: { messageId, content: canaries.of('room.late') },
  });
}

async function cursorsOf(founder: Person, id: string): Promise<Room['cursors']> {
  const { conversation } = await founder.ask(MessagePageDocument, { id, first: 100 });
  const offers = await founder.ask(ConversationOfferPageDocument, { id, first: 100 });
  const { startCursor, endCursor } = conversation!.page.pageInfo;
  return {
    firstMessage: startCursor!,
    lastMessage: endCursor!,
    firstOffer: offers.conversation!.page.pageInfo.startCursor!,
  };
}

export interface Pair {
  said: Record<'blocker' | 'blocked', string>;
  /** For each of the two: an offer received, one made, and one that was accepted. */
  offers: Record<'blocker' | 'blocked', Record<'received' | 'made' | 'accepted', string>>;
}

/** Fills what the two of the pair have in common, and what stands beside it. */
export async function pairOf(stage: Stage): Promise<Pair> {
  const writer = new Writer(stage);
  const { pair, circle } = stage.conversations;
  const offer = async (by: 'blocker' | 'blocked') => {
    const to = by === 'blocker' ? 'blocked' : 'blocker';
    return (await writer.offer(by, to, pair, 'pair')).id;
  };
  for (const name of ['witness', 'blocker', 'blocked'] as const)
    await writer.say(name, circle, 'circle');
  for (const name of ['stranger', 'left', 'removed'] as const)
    await writer.say('friend', stage.conversations[`with.${name}`], `with.${name}`);
  const said = {
    blocker: await writer.say('blocker', pair, 'pair'),
    blocked: await writer.say('blocked', pair, 'pair'),
  };
  const accepted = await offer('blocker');
  await stage.people.blocked.ask(AcceptOfferDocument, { input: { offerId: accepted, version: 1 } });
  const [made, received] = [await offer('blocker'), await offer('blocked')];
  const [madeByOther, receivedByOther] = [await offer('blocked'), await offer('blocker')];
  return {
    said,
    offers: {
      blocker: { received, made, accepted },
      blocked: { received: receivedByOther, made: madeByOther, accepted },
    },
  };
}
