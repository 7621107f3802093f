import { Client } from 'pg';
import { block } from '../api/blocking';
import {
  AddParticipantDocument,
  ArchiveConversationDocument,
  DeactivateUserDocument,
  LeaveConversationDocument,
  MuteConversationDocument,
  NotificationsDocument,
  NotifyUserDocument,
  RemoveParticipantDocument,
  RevokeTokensDocument,
  UpsertUsersDocument,
} from '../generated/graphql';
import type { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { Canaries } from './canaries';
import { idOf, ownDevice } from './roles';
import { type Pair, pairOf, type Room, roomOf } from './scene.talk';
import { type ConversationName, PEOPLE, type PersonName, PRESENT } from './visibility';

/** Until then the founder has muted the room: a time of nobody else's. */
const MUTED_UNTIL = '2041-02-03T04:05:06.007Z';

/** People, conversations and secrets to be tried for. */
export interface Scene {
  canaries: Canaries;
  people: Record<PersonName, Person>;
  conversations: Record<ConversationName, string>;
  room: Room;
  pair: Pair;
  /** A notification of the founder's. */
  notification: string;
}

export async function openScene(cluster: Cluster): Promise<Scene> {
  const canaries = new Canaries();
  const service = cluster.service();
  const people = await enter(cluster, service, canaries);
  const conversations = await meet(people, canaries);
  const scene = { canaries, people, conversations, service };
  const room = await roomOf(scene, () => comeAndGo(people, service, conversations.room));
  const pair = await pairOf(scene);
  await block(people.blocker, people.blocked);
  await people.founder.ask(MuteConversationDocument, {
    input: { conversationId: conversations.room, until: MUTED_UNTIL },
  });
  canaries.note('own.founder', MUTED_UNTIL);
  await people.witness.ask(ArchiveConversationDocument, {
    input: { conversationId: conversations.circle, archived: true },
  });
  for (const name of PEOPLE.filter((one) => one !== 'hidden')) {
    const [title, body] = [canaries.of(`notify.${name}`), canaries.of(`notify.${name}`)];
    const input = { userId: idOf(name), title, body, data: { [title]: body } };
    await service.ask(NotifyUserDocument, { input });
  }
  await service.ask(DeactivateUserDocument, { input: { userId: idOf('deactivated') } });
  await service.ask(RevokeTokensDocument, { input: { userId: idOf('revoked') } });
  await setSeen(cluster, canaries);
  const { notifications } = await people.founder.ask(NotificationsDocument, {});
  return { ...scene, room, pair, notification: notifications.nodes[0]!.id };
}

async function enter(
  cluster: Cluster,
  service: Person,
  canaries: Canaries,
): Promise<Scene['people']> {
  const profiles = PEOPLE.map((name) => {
    const secret = () => canaries.of(`name.${name}`);
    canaries.note(`name.${name}`, idOf(name));
    const avatarUrl = `https://avatars.example/${secret()}`;
    return { id: idOf(name), username: secret(), displayName: secret(), avatarUrl };
  });
  await service.ask(UpsertUsersDocument, { input: profiles });
  const devices = PEOPLE.map((name) => [name, ownDevice(cluster, name)] as const);
  return Object.fromEntries(devices) as Scene['people'];
}

async function meet(
  people: Scene['people'],
  canaries: Canaries,
): Promise<Record<ConversationName, string>> {
  const begin = async (name: ConversationName, members: readonly PersonName[]) => {
    const words = { subject: canaries.of(name), listingId: canaries.of(name) };
    const { id } = await conversationOf(
      members.map((one) => people[one]),
      words,
    );
    canaries.note(name === 'room' ? 'room.id' : name, id);
    return [name, id] as const;
  };
  const begun = [
    await begin('room', [...PRESENT.room, 'left', 'removed']),
    await begin('pair', PRESENT.pair),
    await begin('circle', PRESENT.circle),
    await begin('with.stranger', PRESENT['with.stranger']),
    await begin('with.left', PRESENT['with.left']),
    await begin('with.removed', PRESENT['with.removed']),
  ];
  return Object.fromEntries(begun) as Record<ConversationName, string>;
}

/** Three go in three ways, and one of them comes back. Resolves at the middle with `between`. */
async function comeAndGo(
  people: Scene['people'],
  service: Person,
  conversationId: string,
): Promise<() => Promise<unknown>> {
  const leave = (person: Person) =>
    person.ask(LeaveConversationDocument, { input: { conversationId } });
  await leave(people.left);
  await service.ask(RemoveParticipantDocument, {
    input: { conversationId, userId: idOf('removed') },
  });
  await leave(people.rejoined);
  return () =>
    people.founder.ask(AddParticipantDocument, {
      input: { conversationId, userId: idOf('rejoined') },
    });
}

/** Times of nobody else's at which people were seen last; what comes later only moves them on. */
async function setSeen({ databaseUrl }: Cluster, canaries: Canaries): Promise<void> {
  const client = new Client(databaseUrl);
  await client.connect();
  for (const [index, name] of PEOPLE.entries()) {
    // Attempts begin conversations with the newcomer.
    if (name === 'newcomer') continue;
    const at = new Date(Date.UTC(2042, 1, 1 + index, 1, 2, 3, 456)).toISOString();
    canaries.note(`seen.${name}`, at);
    await client.query('update users set last_seen_at = $2 where id = $1', [idOf(name), at]);
  }
  await client.end();
}
