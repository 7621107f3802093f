import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { parse } from 'graphql';
import { Client } from 'pg';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

/** The longest history that there can be: so many versions, each of so many items. */
const [VERSIONS, ITEMS, DESCRIPTION] = [20, 20, 2_000];
const CHARACTERS = VERSIONS * ITEMS * DESCRIPTION;
/** The characters that the histories in one answer may have. */
const MOST = 8_000_000;
const MORE = Math.ceil(MOST / CHARACTERS) + 1;
const HISTORY = 'history { items { description } }';

type Answer = Record<string, unknown>;
const documentOf = (text: string) => parse(text) as TypedDocumentNode<Answer, { id: string }>;
const ofOffer = (selection: string) =>
  documentOf(`query ($id: ID!) { offer(id: $id) { id ${selection} } }`);

describe('the histories of offers', () => {
  let cluster: Cluster;
  let database: Client;

  beforeAll(async () => {
    cluster = await Cluster.start();
    database = new Client(cluster.databaseUrl);
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  /** So many offers whose histories are as long as they can be. */
  async function scene(count: number) {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const offers = [];
    for (let made = 0; made < count; made++) offers.push(await offerBy(alice, id));
    await lengthen(
      offers.map((offer) => offer.id),
      alice,
    );
    return { alice, id, offers };
  }

  async function lengthen(offerIds: readonly string[], { id: giverId }: Person): Promise<void> {
    const item = { giverId, kind: 'GOODS', quantity: 1, description: 'd'.repeat(DESCRIPTION) };
    const items = JSON.stringify(Array.from({ length: ITEMS }, () => item));
    await database.query('update offer_transitions set items = $2 where offer_id = any($1)', [
      offerIds,
      items,
    ]);
    await database.query(
      `insert into offer_transitions
       select offer_id, v, 'REVISE', actor_id, status, items, note, expires_at, null, at
       from offer_transitions, generate_series(2, $2::integer) v where offer_id = any($1)`,
      [offerIds, VERSIONS],
    );
  }

  const refusal = {
    code: 'QUERY_TOO_COMPLEX',
    limit: MOST,
    actual: expect.any(Number),
  };

  test('come whole, however long one is', async () => {
    const { alice, offers } = await scene(1);
    const { data, errors } = await alice.request(ofOffer(HISTORY), { id: offers[0]!.id });
    expect(errors).toBeUndefined();
    const { history } = data!.offer as { history: { items: { description: string }[] }[] };
    expect(history).toHaveLength(VERSIONS);
    expect(history.at(-1)!.items.at(-1)!.description).toHaveLength(DESCRIPTION);
  });

  test('are refused together when they would make an answer of any size', async () => {
    const { alice, id } = await scene(MORE);
    const list = documentOf(
      `query ($id: ID!) { conversation(id: $id) { id offers(first: 100) { nodes { ${HISTORY} } } } }`,
    );
    const { data, errors } = await alice.request(list, { id });
    expect(data).toEqual({ conversation: null });
    expect(errors).toMatchObject([{ extensions: refusal }]);
    const { extensions } = errors![0]!;
    expect(extensions!.actual).toBeGreaterThan(MOST);
  });

  test('count for each event of a stream by itself', async () => {
    const { alice, id } = await scene(MORE);
    const updates = documentOf(
      `subscription ($id: ID!) {
        offerUpdated(conversationId: $id, after: 0) { offer { ${HISTORY} } }
      }`,
    );
    const stream = alice.subscribe(updates, { id });
    await stream.take(MORE);
    expect(stream.eventErrors).toEqual([]);
    stream.stop();
  });

  test('count as often as they are asked for', async () => {
    const { alice, offers } = await scene(1);
    const { id } = offers[0]!;
    const aliased = Array.from({ length: MORE }, (_, index) => `a${index}: ${HISTORY}`).join(' ');
    for (const ask of [alice.request.bind(alice), alice.askSocket.bind(alice)]) {
      const { data, errors } = await ask(ofOffer(aliased), { id });
      expect(data).toEqual({ offer: null });
      expect(errors).toMatchObject([{ extensions: refusal }]);
    }
    const few = `a: ${HISTORY} b: ${HISTORY}`;
    for (let times = 0; times < MORE; times++)
      expect((await alice.request(ofOffer(few), { id })).errors).toBeUndefined();
  });
});
