import { join } from 'node:path';
import { Cluster } from '../support/cluster';
import { Programs, programsOf, snippetsOf } from '../support/snippets';
import { openScene, type Scene } from './scene';

/** The pages of the package for frontends. `test/client/react.docs.test.ts` runs React's. */
const PAGES = ['README.md', 'docs/apollo.md', 'docs/urql.md'].map((name) => `client/${name}`);
const EXAMPLE = 'https://chat.example.com';
const WAIT_MS = 120_000;

const found = PAGES.flatMap((page) =>
  [...programsOf(page, 'ts')].map(([section, text]) => ({
    place: `${page}#${section}`,
    text,
  })),
);

describe("the programs in the package's pages", () => {
  let cluster: Cluster;
  let scene: Scene;
  const programs = new Programs(join(__dirname, 'given.ts'));
  const paths = new Map<string, string>();

  beforeAll(async () => {
    cluster = await Cluster.start();
    scene = await openScene(cluster);
    for (const [index, { place, text }] of found.entries()) {
      const real = text.replaceAll(EXAMPLE, cluster.node.url);
      paths.set(place, programs.add(`p${index}`, real));
    }
  });
  afterAll(async () => {
    programs.remove();
    await cluster.stop();
  });

  test('are all snippets of these pages', () => {
    const others = PAGES.flatMap(snippetsOf).filter(({ language }) => language !== 'ts');
    expect(others).toEqual([]);
    expect(found.length).toBeGreaterThan(4);
  });

  test('are strictly typed', async () => expect(await programs.check()).toBe(''), WAIT_MS);

  test.each(found.map(({ place }) => place))(
    '%s runs to its end',
    async (place) => {
      const lines = await programs.run(paths.get(place)!, {
        PARLEY_URL: `${cluster.node.url}/graphql`,
        PARLEY_TOKEN: scene.alice.token!,
        PARLEY_CONVERSATION: scene.conversationId,
      });
      expect(lines).toHaveLength(1);
      expect(JSON.parse(lines[0]!)).toEqual(expect.any(Array));
    },
    WAIT_MS,
  );
});
