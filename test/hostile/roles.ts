import type { App } from '../../src/app/app';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import type { Cluster } from '../support/cluster';
import { Person } from '../support/person';
import type { Column } from './table/row';
import type { Identity, PersonName } from './visibility';

/** Somebody who tries things. */
export interface Role {
  name: string;
  /** null for those who are refused as UNAUTHENTICATED. */
  identity: Identity | null;
  /** How they stand to the room; `owner` for its founder. */
  column: Column | 'owner' | null;
  token: () => string | null;
  onBehalfOf?: PersonName;
}

export const idOf = (name: PersonName) => `user:${name}`;

const tokenOf = (name: PersonName, claims = {}) =>
  signToken(DEVELOPMENT_SECRET, { sub: idOf(name), ...claims });
const serviceToken = () => signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' });
const nowS = () => Math.floor(Date.now() / 1_000);

const person = (name: PersonName, column: Role['column']): Role => ({
  name,
  identity: name,
  column,
  token: () => tokenOf(name),
});
const nobody = (name: string, token: Role['token'], onBehalfOf?: PersonName): Role => ({
  name,
  identity: null,
  column: null,
  token,
  ...(onBehalfOf && { onBehalfOf }),
});

export const ROLES: readonly Role[] = [
  person('founder', 'owner'),
  person('party', 'owner'),
  person('member', 'member'),
  person('rejoined', 'returned'),
  person('left', 'outsider'),
  person('removed', 'outsider'),
  person('blocker', 'outsider'),
  person('blocked', 'outsider'),
  person('witness', 'outsider'),
  person('stranger', 'outsider'),
  // The header means nothing with a user's token.
  { ...person('stranger', 'outsider'), name: 'stranger as the founder', onBehalfOf: 'founder' },
  // A role that is not the platform's means nothing either.
  {
    ...person('stranger', 'outsider'),
    name: 'stranger with the role admin',
    token: () => tokenOf('stranger', { role: 'admin', service: true }),
  },
  { name: 'service', identity: 'service', column: 'service', token: serviceToken },
  {
    name: 'service on behalf of the founder',
    identity: 'founder',
    column: 'owner',
    token: serviceToken,
    onBehalfOf: 'founder',
  },
  {
    name: 'service on behalf of the stranger',
    identity: 'stranger',
    column: 'outsider',
    token: serviceToken,
    onBehalfOf: 'stranger',
  },
  nobody('nobody: without a token', () => null),
  nobody('nobody: an expired token', () => tokenOf('founder', { exp: nowS() - 60 })),
  nobody('nobody: a revoked token', () => tokenOf('revoked', { iat: nowS() - 3_600 })),
  nobody('nobody: deactivated', () => tokenOf('deactivated')),
  nobody('nobody: unknown', () => tokenOf('nobody' as PersonName)),
  nobody('nobody: a forged role', () => tokenOf('founder', { role: 'service' })),
  nobody('nobody: another key', () => signToken('x'.repeat(32), { sub: idOf('founder') })),
  nobody('nobody: on behalf of the deactivated', serviceToken, 'deactivated'),
];

/** A device of the role, at the node that attempts are made at: the last one. */
export function deviceOf({ nodes }: Cluster, role: Role): Person {
  return deviceAt(nodes.at(-1)!, role);
}

function deviceAt(node: App, { identity, token, onBehalfOf }: Role): Person {
  const id = identity === null || identity === 'service' ? 'nobody' : idOf(identity);
  return new Person(node, id, token(), onBehalfOf === undefined ? null : idOf(onBehalfOf));
}

/** A device of someone's own, at the node that the data is made on: the first one. */
export function ownDevice(cluster: Cluster, name: PersonName): Person {
  const token = () => signToken(DEVELOPMENT_SECRET, { sub: idOf(name) }, 3_600);
  return deviceAt(cluster.node, { ...person(name, null), token });
}

export const TRYING = ROLES.filter(({ identity }) => identity !== null);
export const REFUSED = ROLES.filter(({ identity }) => identity === null);
