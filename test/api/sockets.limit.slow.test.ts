import type { App } from '../../src/app/app';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import { codesOf, knock, knocks, openOf } from './knocks';
import { people } from './people';
import { WireSocket } from './wire';

const LIMIT = 5;
/** From this age on, a socket has to prove that it lives. */
const YOUNG_MS = 5_000;
const GONE_WITHIN_MS = 40_000;
const TIMEOUT_MS = 120_000;

/** Lets the sockets grow as old as they have to be. */
const grow = () => new Promise((resolve) => setTimeout(resolve, YOUNG_MS + 100));

describe.each([
  { name: 'one node, in process', nodes: 1 },
  { name: 'two nodes, Redis between them', nodes: 2 },
])(`at most ${LIMIT} sockets: $name`, ({ nodes }) => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes, env: { LIMIT_SOCKETS_PER_USER: String(LIMIT) } });
  });
  afterAll(() => cluster.stop());

  const leave = (sockets: WireSocket[]) => Promise.all(sockets.map((socket) => socket.close()));

  test('old ones that live keep their places, however many come', async () => {
    const [alice] = await people(cluster, 'alice');
    const first = openOf(await knocks(cluster.nodes, alice, LIMIT));
    await grow();
    expect(await knocks(cluster.nodes, alice, 3)).toEqual([4429, 4429, 4429]);
    await first[0]!.close();
    const again = await knocks(cluster.nodes, alice, 2);
    expect(codesOf(again)).toEqual([4429]);
    await leave([...first.slice(1), ...openOf(again)]);
  });

  test('one that does not answer gives its place to one newcomer', async () => {
    const [alice] = await people(cluster, 'alice');
    const frozen = await WireSocket.open(cluster.node, { autoPong: false });
    frozen.send({ type: 'connection_init', payload: { token: alice.token! } });
    await frozen.next();
    const others = openOf(await knocks(cluster.nodes, alice, LIMIT - 1));
    await grow();
    const all = await knocks(cluster.nodes, alice, 3);
    expect(codesOf(all)).toEqual([4429, 4429]);
    expect(await frozen.closed).toMatchObject({ code: 1006 });
    await leave([...others, ...openOf(all)]);
  });

  test('a newcomer that goes away while others are asked takes no place', async () => {
    const [alice] = await people(cluster, 'alice');
    const frozen = await WireSocket.open(cluster.node, { autoPong: false });
    frozen.send({ type: 'connection_init', payload: { token: alice.token! } });
    await frozen.next();
    const others = openOf(await knocks(cluster.nodes, alice, LIMIT - 1));
    await grow();
    const hasty = await WireSocket.init(cluster.node, { token: alice.token! });
    await frozen.pinged((payload) => payload.length > 0);
    await hasty.close();
    await frozen.closed;
    await eventually(async () => {
      const [one] = await knocks(cluster.nodes, alice, 1);
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
