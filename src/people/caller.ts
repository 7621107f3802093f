import { ForbiddenError } from '../errors';

/** Who is asking: a person, or the host platform itself with a service token. */
export type Viewer = UserViewer | ServiceViewer;

export interface UserViewer {
  readonly kind: 'user';
  readonly userId: string;
}

/** Reads anything, may call the service operations, and is nobody's participant. */
export interface ServiceViewer {
  readonly kind: 'service';
}

/**
 * The person who is asking.
 *
 * @throws {ForbiddenError} for a service token: it takes part in nothing
 */
export function requireUser(viewer: Viewer): UserViewer {
  if (viewer.kind !== 'user') throw new ForbiddenError();
  return viewer;
}

/** @throws {ForbiddenError} for anybody but the host platform */
export function requireService(viewer: Viewer): ServiceViewer {
  if (viewer.kind !== 'service') throw new ForbiddenError();
  return viewer;
}

/** The person's id, or null for the host platform. */
export function userIdOf(viewer: Viewer): string | null {
  return viewer.kind === 'user' ? viewer.userId : null;
}
