import Redis from 'ioredis';
import type { App } from '../../src/app/app';
import { people } from '../api/people';
import { MessageAddedDocument, UserPresenceDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { NodeProcess } from '../support/node-process';
import { Observer } from '../support/observer';
import { Person } from '../support/person';
import { type RedisService, startRedis } from '../support/services';

/** For so long nobody is told that a user is gone. */
const QUIET_MS = 30_000;
const TOLD_WITHIN_MS = 60_000;
const TIMEOUT_MS = 150_000;

describe('Redis forgets, and a node dies with it', () => {
  let service: RedisService;
  let redis: Redis;
  let cluster: Cluster;

  beforeAll(async () => {
    service = await startRedis();
    redis = new Redis(service.url);
    cluster = await Cluster.start({ nodes: 2, env: { REDIS_URL: service.url } });
  });
  afterAll(async () => {
    await cluster.stop();
    redis.disconnect();
    await service.stop();
  });

  async function scene() {
    const [alice, erin, bob, carol] = await people(cluster, 'alice', 'erin', 'bob', 'carol');
    const { id } = await conversationOf([alice, erin, bob, carol]);
    await sendBy(bob, id);
    const node = new NodeProcess({
      DATABASE_URL: cluster.databaseUrl,
      REDIS_URL: service.url,
      PORT: '0',
    });
    const { url } = await node.ready();
    const open = async (person: Person) => {
      await person.subscribe(MessageAddedDocument, { conversationId: id, after: 0 }).next();
    };
    const staying = cluster.device(erin);
    await open(staying);
    const observers = [bob, carol].map(
      (person, at) => new Observer(cluster.device(person, cluster.nodes[at]), id, [alice, erin]),
    );
    for (const observer of observers) await observer.sees(erin, ['JOINED'], ['online']);
    await open(new Person({ url } as App, alice.id, alice.token));
    for (const observer of observers) await observer.sees(alice, ['JOINED'], ['offline', 'online']);
    return { id, node, alice, erin, staying, observers };
  }

  test(
    'and is away meanwhile: so is a user gone who left then',
    async () => {
      const { node, alice, staying, erin, observers } = await scene();
      await service.kill();
      node.kill();
      staying.drop();
      await service.start();
      for (const observer of observers)
        for (const person of [alice, erin])
          await eventually(() => {
            expect(observer.viewingOf(person)).toEqual(['JOINED', 'LEFT']);
            expect(observer.presenceOf(person).at(-1)).toBe('offline');
            expect(observer.presenceOf(person).filter((state) => state === 'online').length).toBe(
              1,
            );
          }, TOLD_WITHIN_MS);
    },
    TIMEOUT_MS,
  );

  test(
    'whom it held is gone for everybody when the quiet time is over, and nobody else is for anyone',
    async () => {
      const { id, node, alice, erin, observers } = await scene();
      node.kill();
      await redis.flushall();
      const lostAt = Date.now();
      // Those who ask before the nodes have registered again are told wrongly, for a while.
      const late = observers.map(({ person }, at) => {
        const device = cluster.device(person, cluster.nodes[at]);
        return {
          observer: new Observer(device, id, [erin]),
          presence: device.subscribe(UserPresenceDocument, { userIds: [erin.id] }),
        };
      });
      for (const { presence } of late) await presence.next();
      for (const observer of observers)
        await observer.sees(
          alice,
          ['JOINED', 'LEFT'],
          ['offline', 'online', 'offline'],
          TOLD_WITHIN_MS,
        );
      expect(Date.now() - lostAt).toBeGreaterThanOrEqual(QUIET_MS);
      for (const observer of observers) {
        observer.saw(erin, ['JOINED'], ['online']);
        expect(await observer.viewersNow()).toEqual(observer.viewersTold());
      }
      for (const { observer, presence } of late) {
        await eventually(() => expect(observer.viewersTold()).toContain(erin.id));
        await eventually(() => expect(presence.received.at(-1)!.userPresence.online).toBe(true));
      }
    },
    TIMEOUT_MS,
  );
});
