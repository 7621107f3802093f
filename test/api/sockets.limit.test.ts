import { Cluster } from '../support/cluster';
import { codesOf, knocks, openOf } from './knocks';
import { people } from './people';

const LIMIT = 5;

test.each([
  { name: 'one node, in process', nodes: 1 },
  { name: 'two nodes, Redis between them', nodes: 2 },
])(
  `of sockets that come at once, those above ${LIMIT} are refused, and no other: $name`,
  async ({ nodes }) => {
    const cluster = await Cluster.start({ nodes, env: { LIMIT_SOCKETS_PER_USER: String(LIMIT) } });
    const [alice] = await people(cluster, 'alice');
    for (const more of [1, 4, 20]) {
      const all = await knocks(cluster.nodes, alice, LIMIT + more);
      expect(codesOf(all)).toEqual(Array(more).fill(4429));
      await Promise.all(openOf(all).map((socket) => socket.close()));
    }
    await cluster.stop();
  },
);
