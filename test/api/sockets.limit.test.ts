import type { App } from '../../src/app/app';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import type { Person } from '../support/person';
import { people } from './people';
import { WireSocket } from './wire';

const LIMIT = 5;
/** From this age on, a socket has to prove that it lives. */
const YOUNG_MS = 5_000;
const GONE_WITHIN_MS = 40_000;
const TIMEOUT_MS = 120_000;

/** Opens a socket and says who it is; resolves with the code of its end, or with itself. */
async function knock(node: App, { token }: Person): Promise<WireSocket | number> {
  const socket = await WireSocket.init(node, { token: token! });
  const closed = socket.closed.then(({ code }) => code);
  return Promise.race([socket.next().then(() => socket), closed]).catch(() => closed);
}

/** Lets the sockets grow as old as they have to be. */
const grow = () => new Promise((resolve) => setTimeout(resolve, YOUNG_MS + 100));
const codesOf = (knocks: (WireSocket | number)[]) =>
  knocks.filter((one) => typeof one === 'number').sort();
const openOf = (knocks: (WireSocket | number)[]) => knocks.filter((one) => typeof one !== 'number');

describe.each([
  { name: 'one node, in process', nodes: 1 },
  { name: 'two nodes, Redis between them', nodes: 2 },
])(`at most ${LIMIT} sockets: $name`, ({ nodes }) => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes, env: { LIMIT_SOCKETS_PER_USER: String(LIMIT) } });
  });
  afterAll(() => cluster.stop());

  const knocks = (person: Person, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, at) => knock(cluster.nodes[at % nodes]!, person)),
    );
  const leave = (sockets: WireSocket[]) => Promise.all(sockets.map((socket) => socket.close()));

  test.each([1, 4, 20])(
    'of so many at once, %i too many are refused, and no other',
    async (more) => {
      const [alice] = await people(cluster, 'alice');
      const all = await knocks(alice, LIMIT + more);
      expect(codesOf(all)).toEqual(Array(more).fill(4429));
      await leave(openOf(all));
    },
  );

  test('old ones that live keep their places, however many come', async () => {
    const [alice] = await people(cluster, 'alice');
    const first = openOf(await knocks(alice, LIMIT));
    await grow();
    expect(await knocks(alice, 3)).toEqual([4429, 4429, 4429]);
    await first[0]!.close();
    const again = await knocks(alice, 2);
    expect(codesOf(again)).toEqual([4429]);
    await leave([...first.slice(1), ...openOf(again)]);
  });

  test('one that does not answer gives its place to one newcomer', async () => {
    const [alice] = await people(cluster, 'alice');
    const frozen = await WireSocket.open(cluster.node, { autoPong: false });
    frozen.send({ type: 'connection_init', payload: { token: alice.token! } });
    await frozen.next();
    const others = openOf(await knocks(alice, LIMIT - 1));
    await grow();
    const all = await knocks(alice, 3);
    expect(codesOf(all)).toEqual([4429, 4429]);
    expect(await frozen.closed).toMatchObject({ code: 1006 });
    await leave([...others, ...openOf(all)]);
  });

  test('a newcomer that goes away while others are asked takes no place', async () => {
    const [alice] = await people(cluster, 'alice');
    const frozen = await WireSocket.open(cluster.node, { autoPong: false });
    frozen.send({ type: 'connection_init', payload: { token: alice.token! } });
    await frozen.next();
    const others = openOf(await knocks(alice, LIMIT - 1));
    await grow();
    const hasty = await WireSocket.init(cluster.node, { token: alice.token! });
    await frozen.pinged((payload) => payload.length > 0);
    await hasty.close();
    await frozen.closed;
    await eventually(async () => {
      const [one] = await knocks(alice, 1);
      expect(one).toBeInstanceOf(WireSocket);
      await leave([one as WireSocket]);
    });
    await leave(others);
  });
});

test(
  'sockets of a node that died are not counted as alive: 1013, until they are gone',
  async () => {
    const env = { LIMIT_SOCKETS_PER_USER: String(LIMIT) };
    const cluster = await Cluster.start({ redis: true, env });
    const [alice] = await people(cluster, 'alice');
    const node = new NodeProcess({
      ...env,
      DATABASE_URL: cluster.databaseUrl,
      REDIS_URL: process.env.PARLEY_TEST_REDIS_URL!,
      PORT: '0',
    });
    const dying = (await node.ready()) as unknown as App;
    const here = openOf([await knock(cluster.node, alice), await knock(cluster.node, alice)]);
    const there = await Promise.all(
      Array.from({ length: LIMIT - here.length }, () => knock(dying, alice)),
    );
    expect(codesOf(there)).toEqual([]);
    node.kill();
    await Promise.all(openOf(there).map((socket) => socket.closed));
    const refused = new Set<number>();
    const back: WireSocket[] = [];
    await eventually(async () => {
      const missing = LIMIT - here.length - back.length;
      const knocks = Array.from({ length: missing }, () => knock(cluster.node, alice));
      const all = await Promise.all(knocks);
      for (const code of codesOf(all)) refused.add(code);
      back.push(...openOf(all));
      expect(back.length).toBe(LIMIT - here.length);
    }, GONE_WITHIN_MS);
    expect([...refused]).toEqual([1013]);
    // Now all of them live again.
    expect(await knock(cluster.node, alice)).toBe(4429);
    await Promise.all([...here, ...back].map((socket) => socket.close()));
    await cluster.stop();
  },
  TIMEOUT_MS,
);
