import {
  EditMessageDocument,
  EmitEventDocument,
  MessageAddedDocument,
  NotifyUserDocument,
  SetTypingDocument,
} from '../generated/graphql';
import type { EventStream } from '../support/event-stream';
import { offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { idOf } from './roles';
import type { Scene } from './scene';
import type { Attempt } from './targets';
import type { ConversationName, PersonName } from './visibility';

type Event = Record<string, unknown>;

/** Those who make the marks, and do not listen; and to whom they make an offer. */
const HOMES: Partial<Record<ConversationName, { by: PersonName; to: PersonName }>> = {
  room: { by: 'party', to: 'founder' },
  circle: { by: 'witness', to: 'blocker' },
  'with.stranger': { by: 'friend', to: 'stranger' },
  'with.left': { by: 'friend', to: 'left' },
  'with.removed': { by: 'friend', to: 'removed' },
};
const LISTENERS = [
  ...(['founder', 'member', 'rejoined', 'left', 'removed'] as const),
  ...(['blocker', 'blocked', 'stranger'] as const),
];

/** What everyone who listens has to hear of, each in a conversation of their own. */
export interface Mark {
  text: string;
  /** For each who marks, the sequence of their message, by conversation. */
  sequences: Map<string, number>;
  /** For each who listens, the sequence of their notification. */
  notified: Map<string, number>;
}

let marks = 0;

/** Lets something happen that is an event of every subscription, presence aside. */
export async function makeMark({ people, conversations }: Scene, service: Person): Promise<Mark> {
  const mark: Mark = { text: `mark(${++marks})`, sequences: new Map(), notified: new Map() };
  const { text } = mark;
  for (const [name, { by, to }] of Object.entries(HOMES)) {
    const conversationId = conversations[name as ConversationName];
    const partner = people[by];
    const message = await sendBy(partner, conversationId, { content: text });
    mark.sequences.set(conversationId, message.sequence);
    await partner.ask(EditMessageDocument, {
      input: { messageId: message.id, content: `${text} once more` },
    });
    await offerBy(partner, conversationId, { note: text, recipientId: idOf(to) });
    await service.ask(EmitEventDocument, { input: { conversationId, name: text } });
    // Sending has ended the typing of the mark before.
    await partner.ask(SetTypingDocument, { input: { conversationId, isTyping: true } });
    const open = partner.subscribe(MessageAddedDocument, { conversationId, after: 0 });
    await open.next();
    open.stop();
  }
  for (const name of LISTENERS) {
    const input = { userId: idOf(name), title: text };
    const { notifyUser } = await service.ask(NotifyUserDocument, { input });
    mark.notified.set(idOf(name), notifyUser.notification.sequence);
  }
  return mark;
}

/**
 * True when the mark has come, or for what has no text: something of the same kind that is no older.
 *
 * @param before the starts before the mark, see {@link startsIn}
 */
export function hasHeard(
  { operation }: Attempt,
  { received }: EventStream<Event>,
  mark: Mark,
  before: number,
): boolean {
  const events = received.map((event) => event[operation.field.name] as Event);
  switch (operation.field.name) {
    case 'userPresence':
      return events.length > 0;
    case 'typing':
    case 'viewers':
      return startsIn(received) > before;
    case 'messagesRead':
      return events.some(
        ({ conversationId, lastReadSequence }) =>
          Number(lastReadSequence) >= (mark.sequences.get(String(conversationId)) ?? Infinity),
      );
    case 'inboxUpdated':
      return events.some(
        ({ id, lastNotificationSequence }) =>
          Number(lastNotificationSequence) >= mark.notified.get(String(id))!,
      );
    default:
      // The newest come last.
      return events.reverse().some((event) => JSON.stringify(event).includes(mark.text));
  }
}

/** How often one of those who mark was told to type, or to have come. */
export function startsIn(received: readonly Event[]): number {
  const partners = Object.values(HOMES).map(({ by }) => idOf(by));
  return received
    .map((event) => (event.typing ?? event.viewers ?? {}) as Event)
    .filter(({ isTyping, state }) => isTyping === true || state === 'JOINED')
    .filter(({ user }) => partners.includes((user as { id: string }).id)).length;
}
