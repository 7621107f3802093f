import { join } from 'node:path';
import { Cluster } from '../support/cluster';
import { Programs, programsOf } from '../support/snippets';
import { GUIDE } from './pages';
import { openScene, type Scene } from './scene';

const found = GUIDE.flatMap((page) =>
  [...programsOf(page, 'ts')].map(([section, text]) => ({ place: `${page}#${section}`, text })),
);
const WAIT_MS = 120_000;

describe('the programs in the guide', () => {
  let cluster: Cluster;
  let scene: Scene;
  const programs = new Programs(join(__dirname, 'given.ts'));
  const paths = new Map<string, string>();

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { FRONTEND_URL: 'http://localhost:5173' } });
    scene = await openScene(cluster);
    // The pages name the address that `npm start` prints, and each cluster has one of its own.
    const { host } = new URL(cluster.node.url);
    for (const [index, { place, text }] of found.entries())
      paths.set(place, programs.add(`p${index}`, text.replaceAll('localhost:3000', host)));
  });
  afterAll(async () => {
    programs.remove();
    await cluster.stop();
  });

  test('are strictly typed', async () => expect(await programs.check()).toBe(''), WAIT_MS);

  test(
    'would be refused if they were not',
    async () => {
      const wrong = new Programs(join(__dirname, 'given.ts'));
      wrong.add('wrong', 'const text: string = await getToken();\nconst length: number = text;\n');
      expect(await wrong.check()).toMatch(/wrong\.ts\(3,7\): error TS2322/);
      wrong.remove();
    },
    WAIT_MS,
  );

  test.each(found.map(({ place }) => place))(
    '%s shows something',
    async (place) => {
      const lines = await programs.run(paths.get(place)!, {
        PARLEY_URL: `${cluster.node.url}/graphql`,
        PARLEY_TOKEN: scene.alice.token!,
        PARLEY_SERVICE_TOKEN: scene.service.token!,
        PARLEY_CONVERSATION: scene.conversationId,
      });
      expect(lines).toHaveLength(1);
      const shown = JSON.parse(lines[0]!) as unknown[];
      expect(shown.length).toBeGreaterThan(0);
      for (const value of shown) expect(value).toEqual(expect.any(Object));
    },
    WAIT_MS,
  );
});
