import { v7 as uuidv7 } from 'uuid';
import { idOf, type Role } from './roles';
import type { Scene } from './scene';
import { type Operation, operations } from './schema';
import { rowOf } from './table';
import type { Target } from './table/arguments';
import type { Column, Outcome, Row } from './table/row';
import type { PersonName } from './visibility';

/** An operation with what it is tried on, and the outcome that the table says. */
export interface Attempt {
  operation: Operation;
  column: Column;
  target: Target;
  expected: Outcome;
}

/** Every attempt that a role has to make with the operations of a kind. */
export function attemptsOf(scene: Scene, role: Role, kind: Operation['kind']): Attempt[] {
  return operations(kind).flatMap((operation) => {
    const row = rowOf(operation.name);
    return columnsOf(role, kind).map((column) => {
      const target = targetOf(scene, role, column, row);
      // The two of the pair hear of each other, and of someone else, in the group.
      if (kind === 'subscription' && column === 'apart')
        target.conversation = scene.conversations.circle;
      return { operation, column, target, expected: row[column] };
    });
  });
}

function columnsOf({ identity, column }: Role, kind: Operation['kind']): Column[] {
  if (column === null) return [];
  // The owner may write what the table is about; listening is the same for all who are present.
  if (column === 'owner') return kind === 'subscription' ? ['member'] : [];
  if (identity === 'left' || identity === 'removed') return [column, 'departed'];
  if (identity === 'blocker' || identity === 'blocked') return [column, 'apart'];
  return [column];
}

function targetOf(scene: Scene, role: Role, column: Column, row: Row): Target {
  const own = role.identity === 'service' ? 'founder' : (role.identity as PersonName);
  const other = own === 'blocker' ? 'blocked' : 'blocker';
  const user = row.user === 'other' ? (column === 'apart' ? other : 'newcomer') : row.user;
  return {
    ...thingsOf(scene, column, own, row.offer ?? 'received'),
    user: user === 'unknown' ? 'user:unknown' : idOf(user ?? 'target'),
    recipient: idOf(column === 'apart' ? other : 'party'),
    giver: idOf(own),
    notification: scene.notification,
    token: scene.people.founder.token!,
  };
}

type Things = Pick<Target, 'conversation' | 'message' | 'replyTo' | 'offer' | 'version'>;

/** The conversation, the message and the offer, as the column says. */
function thingsOf(
  { room, pair, conversations }: Scene,
  column: Column,
  own: PersonName,
  offer: NonNullable<Row['offer']>,
): Things {
  const { said, offers } = room;
  const isAccepted = offer === 'accepted' || offer === 'agreed';
  const inRoom = (
    message: string,
    replyTo: string,
    { id, version }: { id: string; version: number },
  ) => ({
    conversation: conversations.room,
    message,
    replyTo,
    offer: id,
    version,
  });
  switch (column) {
    case 'departed': {
      const name = own as 'left' | 'removed';
      return inRoom(said[name], said[name], offers[name]);
    }
    case 'returned':
      return inRoom(said.rejoined, said.early, isAccepted ? offers.earlyAccepted : offers.early);
    case 'apart': {
      const name = own as 'blocker' | 'blocked';
      const { received, made, accepted } = pair.offers[name];
      const id = isAccepted ? accepted : offer === 'made' ? made : received;
      const things = { message: pair.said[name], replyTo: pair.said[name] };
      return {
        ...things,
        conversation: conversations.pair,
        offer: id,
        version: isAccepted ? 2 : 1,
      };
    }
    default: {
      const accepted = offer === 'agreed' ? offers.lateAgreed : offers.lateAccepted;
      return inRoom(said.late, said.late, isAccepted ? accepted : offers.late);
    }
  }
}

/** The same target with ids of the same form that are nobody's, or with texts that are no ids. */
export function madeUp({ target, expected, column }: Attempt, form: 'uuid' | 'text'): Target {
  const made = () => (form === 'uuid' ? uuidv7() : `${uuidv7()}'; drop table users`);
  // A reply's target is looked for in a conversation that the caller sees.
  if (expected === 'NOT_FOUND') return { ...target, replyTo: made() };
  const names = ['conversation', 'message', 'replyTo', 'offer', 'notification'] as const;
  const ids = Object.fromEntries(names.map((name) => [name, made()]));
  // That there is no such user is no secret to those who may start a conversation.
  return { ...target, ...ids, ...(column !== 'apart' && { user: made() }) };
}
