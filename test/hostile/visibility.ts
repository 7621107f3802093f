import type { Label } from './canaries';

/** The people of the scene, by what became of them. */
export const PEOPLE = [
  'founder',
  'party',
  'member',
  'left',
  'removed',
  'rejoined',
  'deactivated',
  'revoked',
  'blocker',
  'blocked',
  'witness',
  'stranger',
  'friend',
  'newcomer',
  'target',
  'hidden',
] as const;

export type PersonName = (typeof PEOPLE)[number];
/** Somebody as the server sees them: `service` is the platform in its own name. */
export type Identity = PersonName | 'service';

/** Those who are present in each conversation of the scene. */
export const PRESENT = {
  room: ['founder', 'party', 'member', 'deactivated', 'revoked', 'rejoined'],
  pair: ['blocker', 'blocked'],
  circle: ['witness', 'blocker', 'blocked'],
  'with.stranger': ['friend', 'stranger'],
  'with.left': ['friend', 'left'],
  'with.removed': ['friend', 'removed'],
} as const satisfies Record<string, readonly PersonName[]>;

export type ConversationName = keyof typeof PRESENT;

/** Those who were in the room from its beginning, and still are. */
const FOUNDERS: readonly Identity[] = ['founder', 'party', 'member', 'deactivated', 'revoked'];
/** Those who were in it at the beginning, and then left. What reached them then stays theirs. */
const EARLY: readonly Identity[] = ['left', 'removed', 'rejoined'];
/** Those whose deeds of that time were told to everyone in the room. */
const EARLY_ACTORS: readonly Identity[] = ['founder', 'party', ...EARLY];

/** Who may see what is said and offered; the platform may see all of it. */
const CONTENT: Readonly<Record<Label, readonly Identity[]>> = {
  'room.early': FOUNDERS,
  'room.late': PRESENT.room,
  // A party may read an ended offer after leaving; it names its conversation.
  'room.id': [...PRESENT.room, ...EARLY],
  'offer.left': [...FOUNDERS, 'left'],
  'offer.removed': [...FOUNDERS, 'removed'],
  'offer.rejoined': [...FOUNDERS, 'rejoined'],
};

/** True when the two are present in one conversation. */
export function share(one: Identity, other: Identity): boolean {
  const both = [one, other];
  return one === other || Object.values(PRESENT).some((present) => both.every(isIn(present)));
}

const isIn = (people: readonly Identity[]) => (identity: Identity) => people.includes(identity);

function isBetween(one: Identity, other: Identity): boolean {
  return one !== other && [one, other].every(isIn(['blocker', 'blocked']));
}

/** True when SEMANTICS.md lets somebody see what has this label. */
export function maySee(identity: Identity, label: Label): boolean {
  const [kind, name] = label.split('.') as [string, Identity];
  switch (kind) {
    // The caller's own: nobody else's, not even the platform's.
    case 'notify':
    case 'own':
      return identity === name;
    case 'blocks':
      // The attempts of all let them block the target.
      return name === 'target' || (identity === 'blocker' && name === 'blocked');
  }
  if (identity === 'service') return true;
  switch (kind) {
    case 'name':
      // These are named by the attempts to reach them.
      if (name === 'newcomer' || name === 'target') return true;
      if (FOUNDERS.includes(identity) && EARLY.includes(name)) return true;
      return share(identity, name) || [identity, name].every(isIn(EARLY_ACTORS));
    case 'seen':
    case 'online':
    case 'read':
    case 'typing':
    case 'viewing':
      return share(identity, name) && !isBetween(identity, name);
  }
  const people = CONTENT[label] ?? (PRESENT as Record<Label, readonly Identity[]>)[label];
  if (!people) throw new Error(`nobody said who may see ${label}`);
  return people.includes(identity);
}
