import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { RESOLVERS } from '../../src/graphql/resolvers';

const FOLDER = resolve(__dirname, '../../src/graphql/resolvers');

test('every resolver of the folder is in the list of which the schema is built', () => {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.resolver.ts'));
  const exported = files.flatMap((name) =>
    Object.keys(require(`${FOLDER}/${name}`)).filter((one) => one.endsWith('Resolver')),
  );
  expect(exported.length).toBeGreaterThan(15);
  expect(RESOLVERS.map(({ name }) => name).sort()).toEqual(exported.sort());
});
