import { resolve } from 'node:path';
import {
  findCycle,
  type Import,
  importsOf,
  isIn,
  isOurs,
  roomOf,
  show,
  sourceFiles,
} from './support/imports';

const ROOT = resolve(__dirname, '..');
const CLIENT = resolve(ROOT, 'client/src');

/** Which room of the client may import which. The table in ARCHITECTURE.md, enforced. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  documents: [],
  generated: ['documents'],
  resumable: [],
  cache: [],
  client: ['generated', 'resumable'],
  outbox: ['client', 'generated', 'resumable'],
  follow: ['client', 'generated', 'outbox', 'resumable'],
  apollo: ['cache', 'client'],
  urql: ['cache', 'client'],
  react: ['cache', 'client', 'follow', 'generated', 'outbox', 'resumable'],
  index: ['client', 'follow', 'outbox', 'resumable'],
};

/** The room that may import each package of a frontend's; a package of any other name is refused. */
const PACKAGES: Record<string, readonly string[]> = {
  '@apollo/client': ['apollo'],
  '@urql': ['urql'],
  react: ['react'],
  graphql: ['apollo', 'client', 'documents', 'resumable'],
  'graphql-ws': ['client', 'resumable', 'urql'],
  '@graphql-typed-document-node/core': ['client', 'documents', 'generated', 'react'],
};

function isAllowed({ from, to }: Import): boolean {
  const rooms = [roomOf(from), ...(MAY_IMPORT[roomOf(from)] ?? [])];
  return isIn(to, rooms);
}

function mayImportPackage({ from, to }: Import): boolean {
  const name = to.replace('package:', '');
  const known = Object.keys(PACKAGES).find((one) => isIn(name, [one]));
  return known !== undefined && PACKAGES[known]!.includes(roomOf(from));
}

describe('@parley/client', () => {
  const files = sourceFiles(CLIENT);
  const imports = files.flatMap((file) => importsOf(CLIENT, file));
  const ours = imports.filter(isOurs);

  test('has rooms that import only what the table allows, and nothing of a server', () => {
    expect(ours.length).toBeGreaterThan(80);
    expect(ours.filter((one) => !isAllowed(one)).map(show)).toEqual([]);
  });

  test('has no import in a circle', () => {
    expect(findCycle(ours)).toBeNull();
  });

  test('knows each framework in one room, so that a frontend needs no other', () => {
    const packages = imports.filter((one) => !isOurs(one));
    expect(packages.length).toBeGreaterThan(20);
    expect(packages.filter((one) => !mayImportPackage(one)).map(show)).toEqual([]);
  });
});

describe.each(['chat', 'web'])('%s', (folder) => {
  test('uses what @parley/client exports, and nothing else of this project', () => {
    const root = resolve(ROOT, folder);
    const imports = sourceFiles(root).flatMap((file) => importsOf(root, file));
    // GraphiQL's page brings the schema with it.
    const isForeign = ({ to }: Import) => to.startsWith('..') && to !== '../schema.graphql';
    const foreign = imports.filter((one) => isOurs(one) && isForeign(one));
    expect(foreign.map(show)).toEqual([]);
    const entries = imports.filter(({ to }) => to.startsWith('package:@parley/'));
    expect(entries.length).toBeGreaterThan(0);
    const names = new Set(entries.map(({ to }) => to.replace('package:', '')));
    const exported = ['', '/documents', '/react'].map((path) => `@parley/client${path}`);
    expect([...names].filter((name) => !exported.includes(name))).toEqual([]);
  });
});
