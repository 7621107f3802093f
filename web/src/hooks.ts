import { follow, type ParleyClient, type Room, type RoomState } from '@parley/client';
import {
  ConversationsDocument,
  type ConversationsQuery,
  ConversationUpdatedDocument,
  InboxDocument,
  InboxUpdatedDocument,
  TypingDocument,
  UserPresenceDocument,
} from '@parley/client/documents';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Link } from './person';

export type Conversation = ConversationsQuery['conversations']['nodes'][number];

/** The conversations of the client's user, newest first; null until they have come. */
export function useConversations(client: ParleyClient): readonly Conversation[] | null {
  const [list, setList] = useState<readonly Conversation[] | null>(null);
  useEffect(() => {
    let isWanted = true;
    let reads = 0;
    const read = () => {
      const number = ++reads;
      client.request(ConversationsDocument, { first: 30 }).then(
        ({ conversations }) => isWanted && number === reads && setList(conversations.nodes),
        () => {},
      );
    };
    read();
    const stop = client.subscribe(ConversationUpdatedDocument, {}, { next: read });
    const stopSession = client.onSession((session) => session && read());
    return () => {
      isWanted = false;
      stop();
      stopSession();
    };
  }, [client]);
  return list;
}

/** A conversation that is followed while the component is mounted; null before it begins. */
export function useConversation(client: ParleyClient, id: string) {
  const [room, setRoom] = useState<Room | null>(null);
  useEffect(() => {
    const followed = follow(client, id);
    setRoom(followed);
    return () => followed.close();
  }, [client, id]);
  const state = useSyncExternalStore<RoomState | null>(
    (listener) => room?.subscribe(listener) ?? (() => {}),
    () => room?.state ?? null,
  );
  return { room, state };
}

/** The names of the others who are typing in a conversation. */
export function useTyping(client: ParleyClient, conversationId: string): readonly string[] {
  const [names, setNames] = useState<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    setNames(new Map());
    return client.subscribe(
      TypingDocument,
      { conversationId },
      {
        next: ({ typing: { user, isTyping } }) =>
          setNames((before) => {
            const after = new Map(before);
            if (isTyping) after.set(user.id, user.displayName ?? user.username);
            else after.delete(user.id);
            return after;
          }),
      },
    );
  }, [client, conversationId]);
  return [...names.values()];
}

/** The ids of the users of the caller's conversations who are online. */
export function usePresence(client: ParleyClient): ReadonlySet<string> {
  const [online, setOnline] = useState<ReadonlySet<string>>(new Set());
  useEffect(
    () =>
      client.subscribe(
        UserPresenceDocument,
        {},
        {
          next: ({ userPresence }) =>
            setOnline((before) => {
              const after = new Set(before);
              if (userPresence.online) after.add(userPresence.user.id);
              else after.delete(userPresence.user.id);
              return after;
            }),
        },
      ),
    [client],
  );
  return online;
}

/** The number of unread notifications. */
export function useUnreadNotifications(client: ParleyClient): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    let isWanted = true;
    const put = (inbox: { unreadNotificationCount: number }) =>
      isWanted && setCount(inbox.unreadNotificationCount);
    client.request(InboxDocument, {}).then(
      ({ inbox }) => put(inbox),
      () => {},
    );
    const stop = client.subscribe(
      InboxUpdatedDocument,
      {},
      { next: ({ inboxUpdated }) => put(inboxUpdated) },
    );
    return () => {
      isWanted = false;
      stop();
    };
  }, [client]);
  return count;
}

/** The newest operations and frames of a person's connection. */
export function useFrames(link: Link) {
  return useSyncExternalStore(link.subscribe, () => link.frames);
}

export function useIsCut(link: Link): boolean {
  return useSyncExternalStore(link.subscribe, () => link.isCut);
}
