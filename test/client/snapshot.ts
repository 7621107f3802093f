import type { InMemoryCache } from '@apollo/client';
import {
  InboxDocument,
  InboxPageDocument,
  ListPageDocument,
  type ListPageQuery,
  PresencePartsFragmentDoc,
  TalkedConversationFragmentDoc,
} from '../generated/graphql';

type Listed = ListPageQuery['conversations']['nodes'][number];

/** The conversations of both lists, as a cache has them. */
export function conversationsIn(cache: InMemoryCache): Listed[] {
  return [false, true].flatMap((archived) => listIn(cache, archived));
}

/** Everything that a person would see on a device whose cache this is. */
export function snapshotOf(cache: InMemoryCache) {
  const { inbox } = cache.readQuery({ query: InboxDocument })!;
  const { notifications } = cache.readQuery({ query: InboxPageDocument, returnPartialData: true })!;
  const conversations = conversationsIn(cache);
  const people = new Set(
    conversations.flatMap(({ participants }) => participants.map(({ user }) => user.id)),
  );
  return {
    inbox,
    list: listIn(cache, false).map(({ id }) => id),
    archived: listIn(cache, true).map(({ id }) => id),
    conversations: Object.fromEntries(
      conversations.map((one) => [one.id, talkIn(cache, inbox.id, one)]),
    ),
    presence: Object.fromEntries([...people].sort().map((id) => [id, presenceIn(cache, id)])),
    notifications: notifications.nodes.map(({ id, sequence, kind, count, readAt }) => ({
      id,
      sequence,
      kind,
      count,
      readAt,
    })),
  };
}

function listIn(cache: InMemoryCache, archived: boolean): Listed[] {
  const list = cache.readQuery({
    query: ListPageDocument,
    variables: { archived },
    returnPartialData: true,
  });
  return list?.conversations?.nodes ?? [];
}

/** What a cache keeps from before somebody left and joined anew is not shown to them. */
function talkIn(cache: InMemoryCache, userId: string, { participants, ...conversation }: Listed) {
  const talk = cache.readFragment({
    fragment: TalkedConversationFragmentDoc,
    fragmentName: 'TalkedConversation',
    id: `Conversation:${conversation.id}`,
  });
  const parts = participants.map(({ id, joinedSequence, lastReadSequence }) => ({
    id,
    joinedSequence,
    lastReadSequence,
  }));
  const from = participants.find(({ user }) => user.id === userId)?.joinedSequence ?? 0;
  const messages = talk?.messages.nodes.filter(({ sequence }) => sequence > from);
  return { ...conversation, parts, messages, offers: talk?.offers.nodes };
}

/** When somebody who is online came last is told to nobody who knows already that they are. */
function presenceIn(cache: InMemoryCache, id: string) {
  const presence = cache.readFragment({
    fragment: PresencePartsFragmentDoc,
    fragmentName: 'PresenceParts',
    id: `Presence:${id}`,
  });
  return presence?.online
    ? { online: true }
    : { online: presence?.online, lastSeenAt: presence?.lastSeenAt };
}
