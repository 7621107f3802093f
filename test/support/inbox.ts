import {
  InboxDocument,
  type InboxPartsFragment,
  MarkReadDocument,
  MessageAddedDocument,
  type MessageAddedSubscription,
  type NotificationPartsFragment,
  NotificationsDocument,
} from '../generated/graphql';
import type { EventStream } from './event-stream';
import { eventually } from './eventually';
import type { Person } from './person';

/** All of somebody's notifications, the newest or most recently grown first. */
export async function notificationsOf(
  person: Person,
  unreadOnly = false,
): Promise<NotificationPartsFragment[]> {
  const all: NotificationPartsFragment[] = [];
  for (let after: string | null | undefined; ; ) {
    const { notifications } = await person.ask(NotificationsDocument, {
      unreadOnly,
      // With 100 the document would be over the limit of cost.
      first: 50,
      after,
    });
    all.push(...notifications.nodes);
    if (!notifications.pageInfo.hasNextPage) return all;
    after = notifications.pageInfo.endCursor;
  }
}

/** Somebody's badges. */
export async function inboxOf(person: Person): Promise<InboxPartsFragment> {
  return (await person.ask(InboxDocument, {})).inbox;
}

export async function read(
  person: Person,
  conversationId: string,
  sequence: number,
): Promise<void> {
  await person.ask(MarkReadDocument, { input: { conversationId, sequence } });
}

/** Opens a conversation on this device; resolves when they count as viewing it. */
export async function open(
  person: Person,
  conversationId: string,
): Promise<EventStream<MessageAddedSubscription>> {
  const stream = person.subscribe(MessageAddedDocument, { conversationId, after: 0 });
  await views(person, conversationId, true);
  return stream;
}

/** Resolves when they count as viewing the conversation, or do not. */
export function views(person: Person, conversationId: string, expected: boolean): Promise<void> {
  const {
    presence: { reader: presence },
  } = person.node.services;
  return eventually(async () =>
    expect((await presence.findViewing(conversationId)).includes(person.id)).toBe(expected),
  );
}
