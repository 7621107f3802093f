import { idOf } from './roles';
import type { Scene } from './scene';
import { type Operation, operations, type Variables } from './schema';
import { rowOf } from './table';
import { type Identity, maySee, PEOPLE, PRESENT, share } from './visibility';

/** One thing to be read, and for whom it is: everybody else is an outsider to it. */
export interface Reading {
  operation: Operation;
  /** The name that it has in the scene. */
  what: string;
  variables: Variables;
  isFor: (identity: Identity) => boolean;
}

type Thing = Pick<Reading, 'what' | 'isFor'> & { id?: string };

/** Everything that a query can name, and the lists of the caller's own. */
export function readingsOf(scene: Scene): Reading[] {
  return operations('query').flatMap((operation) =>
    thingsOf(scene, operation).map(({ id, what, isFor }) => ({
      operation,
      what,
      isFor,
      variables: { ...scene.room.cursors, ...(id !== undefined && { id }) },
    })),
  );
}

function thingsOf({ conversations, room, pair }: Scene, { name }: Operation): Thing[] {
  switch (name) {
    case 'Query.conversation':
      return Object.entries(conversations).map(([what, id]) => {
        const present: readonly Identity[] = PRESENT[what as keyof typeof PRESENT];
        return {
          what,
          id,
          isFor: (identity) => identity === 'service' || present.includes(identity),
        };
      });
    case 'Query.offer': {
      const ofPair = Object.values(pair.offers).flatMap((offers) => Object.values(offers));
      const all = [...room.labels, ...ofPair.map((id) => [id, 'pair'] as const)];
      return all.map(([id, what]) => ({ what, id, isFor: (identity) => maySee(identity, what) }));
    }
    case 'Query.user':
      return PEOPLE.map((what) => ({
        what,
        id: idOf(what),
        isFor: (identity) => identity === 'service' || share(identity, what),
      }));
    default: {
      const row = rowOf(name);
      const isFor = (identity: Identity) =>
        row[identity === 'service' ? identity : 'member'] === 'ok';
      return [{ what: 'own', isFor }];
    }
  }
}
