import Redis from 'ioredis';
import { Client as Postgres } from 'pg';
import type { App } from '../../src/app/app';
import { people } from '../api/people';
import {
  ActiveUsersDocument,
  MessageAddedDocument,
  SetTypingDocument,
  TypingDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { NodeProcess } from '../support/node-process';
import { Observer } from '../support/observer';
import { Person } from '../support/person';

/** What is promised. */
const LOST_WITHIN_MS = 30_000;
const TIMEOUT_MS = 120_000;

/** Two nodes that live on, with an observer at each, and a process that holds somebody and does not. */
describe('a node that is no more', () => {
  let cluster: Cluster;
  let redis: Redis;
  /** Where Redis has each node's last heartbeat. */
  let heartbeats: string;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
    redis = new Redis(process.env.PARLEY_TEST_REDIS_URL!);
    const database = new Postgres(cluster.databaseUrl);
    await database.connect();
    heartbeats = `parley:${(await database.query('select id from installation')).rows[0].id}:seen`;
    await database.end();
  });
  afterAll(async () => {
    redis.disconnect();
    await cluster.stop();
  });

  async function scene() {
    const [alice, dora, erin, bob, carol] = await people(
      cluster,
      'alice',
      'dora',
      'erin',
      'bob',
      'carol',
    );
    const { id } = await conversationOf([alice, dora, erin, bob, carol]);
    await sendBy(bob, id);
    const others = await redis.hkeys(heartbeats);
    const node = new NodeProcess({
      DATABASE_URL: cluster.databaseUrl,
      REDIS_URL: process.env.PARLEY_TEST_REDIS_URL!,
      PORT: '0',
    });
    const { url } = await node.ready();
    const [holder] = (await redis.hkeys(heartbeats)).filter((key) => !others.includes(key));
    const open = async (person: Person) => {
      await person.subscribe(MessageAddedDocument, { conversationId: id, after: 0 }).next();
      return person;
    };
    const there = (person: Person) => open(new Person({ url } as App, person.id, person.token));
    // Erin has a device at a node that stays, too.
    const staying = await open(cluster.device(erin));
    await Promise.all([erin, dora].map(there));
    const observers = [bob, carol].map(
      (person, at) =>
        new Observer(cluster.device(person, cluster.nodes[at]), id, [alice, dora, erin]),
    );
    for (const observer of observers)
      for (const person of [dora, erin]) await observer.sees(person, ['JOINED'], ['online']);
    const held = await there(alice);
    for (const observer of observers) await observer.sees(alice, ['JOINED'], ['offline', 'online']);
    return {
      id,
      alice,
      held,
      node,
      observers,
      /** Dora comes back elsewhere. */
      doraReturns: () => open(cluster.device(dora)),
      /** When the node last gave a heartbeat, as far as Redis knows. */
      lastHeartbeat: async () => Number(await redis.hget(heartbeats, holder!)),
      /** Alice was told of like this, and nobody else of anything; nor is it told again. */
      async told(viewing: string[], presence: string[]) {
        for (const observer of observers)
          await observer.sees(alice, viewing, presence, LOST_WITHIN_MS);
        for (const observer of observers)
          for (const person of [dora, erin]) observer.saw(person, ['JOINED'], ['online']);
        // What comes later than this would have come before.
        staying.drop();
        for (const observer of observers)
          await observer.sees(erin, ['JOINED', 'LEFT'], ['online', 'offline'], LOST_WITHIN_MS);
        for (const observer of observers) observer.saw(alice, viewing, presence);
        for (const observer of observers) observer.saw(dora, ['JOINED'], ['online']);
        for (const observer of observers)
          expect(await observer.viewersNow()).toEqual(observer.viewersTold());
      },
      async active() {
        const { activeUsers } = await cluster.service().ask(ActiveUsersDocument, {});
        return activeUsers.map((user) => user.id);
      },
    };
  }

  test(
    'without a word: whom it alone held is gone within 30 s, once, as of its last heartbeat; typing is over before that',
    async () => {
      const { id, alice, held, doraReturns, node, observers, lastHeartbeat, told, active } =
        await scene();
      const [bob] = observers;
      const typing = cluster.device(bob!.person).subscribe(TypingDocument, { conversationId: id });
      const before = await lastHeartbeat();
      await eventually(async () => expect(await lastHeartbeat()).toBeGreaterThan(before));
      await held.ask(SetTypingDocument, { input: { conversationId: id, isTyping: true } });
      await typing.next();
      node.kill();
      const killedAt = Date.now();
      await doraReturns();
      await typing.next(LOST_WITHIN_MS);
      const typingMs = Date.now() - killedAt;
      bob!.saw(alice, ['JOINED'], ['offline', 'online']);
      const seenAt = await lastHeartbeat();
      for (const observer of observers)
        await observer.sees(
          alice,
          ['JOINED', 'LEFT'],
          ['offline', 'online', 'offline'],
          LOST_WITHIN_MS,
        );
      process.stdout.write(
        `lost node: typing is over after ${typingMs} ms, all of it after ${Date.now() - killedAt} ms\n`,
      );
      await told(['JOINED', 'LEFT'], ['offline', 'online', 'offline']);
      for (const observer of observers)
        expect(observer.lastSeenOf(alice)).toEqual(new Date(seenAt));
      expect(typing.received.map((event) => event.typing.isTyping)).toEqual([true, false]);
      expect(await active()).not.toContain(alice.id);
    },
    TIMEOUT_MS,
  );

  test(
    'in good order: whom it alone held is gone when the grace is over, once',
    async () => {
      const { node, alice, doraReturns, told, active } = await scene();
      await node.interrupt();
      await doraReturns();
      await told(['JOINED', 'LEFT'], ['offline', 'online', 'offline']);
      expect(await active()).not.toContain(alice.id);
    },
    TIMEOUT_MS,
  );
});
