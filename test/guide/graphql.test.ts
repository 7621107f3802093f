import { buildSchema, getOperationAST, parse, printSchema, validate } from 'graphql';
import { getSchema } from '../../src/graphql/schema';
import { Cluster } from '../support/cluster';
import { EventStream } from '../support/event-stream';
import { type Snippet, snippetsOf } from '../support/snippets';
import { GUIDE } from './pages';
import { openScene, type Scene, stir } from './scene';

const snippets = GUIDE.flatMap((page) =>
  snippetsOf(page).filter(({ language }) => language === 'graphql'),
);
const placeOf = ({ file, line }: Snippet) => `${file}:${line}`;
const kindOf = ({ text }: Snippet) => getOperationAST(parse(text))?.operation;

const EVENT_MS = 15_000;
const SUBSCRIPTIONS = Object.keys(getSchema().getSubscriptionType()!.getFields());

describe('the GraphQL in the guide', () => {
  let cluster: Cluster;
  let scene: Scene;

  beforeAll(async () => {
    cluster = await Cluster.start();
    scene = await openScene(cluster);
  });
  afterAll(() => cluster.stop());

  test('is valid, one operation a snippet', () => {
    const schema = buildSchema(printSchema(getSchema()));
    expect(snippets.length).toBeGreaterThan(20);
    for (const snippet of snippets)
      expect([placeOf(snippet), validate(schema, parse(snippet.text))]).toEqual([
        placeOf(snippet),
        [],
      ]);
  });

  test.each(
    snippets.filter((one) => kindOf(one) !== 'subscription').map((one) => [placeOf(one), one]),
  )('%s is answered', async (_place, snippet) => {
    const isBackend = (snippet as Snippet).file.endsWith('backend.md');
    const person = isBackend ? scene.service : scene.alice;
    const known = await scene.variables();
    // Some of the platform's operations end a user's use, which must not be that of the others.
    const variables = isBackend ? { ...known, userId: 'ann-1' } : known;
    const { data, errors } = await person.request(parse((snippet as Snippet).text), variables);
    expect(errors).toBeUndefined();
    expect(Object.values(data ?? {})).not.toContain(null);
  });

  test.each(
    snippets.filter((one) => kindOf(one) === 'subscription').map((one) => [placeOf(one), one]),
  )('%s brings an event', async (_place, snippet) => {
    const { text } = snippet as Snippet;
    const variables = await scene.variables();
    const stream = new EventStream<Record<string, unknown>>((sink) =>
      scene.alice.socket().subscribe({ query: text, variables }, sink),
    );
    const field = /\{\s*(\w+)/.exec(text.slice(text.indexOf('{')))![1]!;
    const stop = stir(scene, field);
    const event = await stream.next(EVENT_MS).finally(() => stop().finally(() => stream.stop()));
    expect(stream.eventErrors).toEqual([]);
    expect(event[field]).toEqual(expect.any(Object));
  });

  test('has a section for each subscription, whose snippet asks for it', () => {
    const page = snippetsOf('docs/guide/subscriptions.md');
    const asked = page.map(({ section, text }) => [
      section,
      new RegExp(`\\b${section}\\b`).test(text),
    ]);
    expect(asked.sort()).toEqual(SUBSCRIPTIONS.map((name) => [name, true]).sort());
  });
});
