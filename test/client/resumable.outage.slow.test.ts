import { type ResumableClient, retryForever } from '@parley/client';
import type { Sink } from 'graphql-ws';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import {
  type Added,
  type Impostor,
  MESSAGES,
  startAccepter,
  startRefuser,
  type Traveller,
  travel,
} from './outage';

describe('a resumable client outlasts', () => {
  let cluster: Cluster;
  const stops: (() => Promise<void>)[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  afterAll(() => cluster.stop());

  /** A client that follows a conversation, and what has come and gone wrong. */
  async function follow(
    ...options: Parameters<typeof travel> extends [unknown, ...infer R] ? R : never
  ) {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    const traveller = await travel(bob!, ...options);
    stops.push(() => traveller.stop());
    const came: number[] = [];
    const ends: unknown[] = [];
    const end = listen(traveller.client, id, came, ends);
    const say = async (upTo: number) => {
      await sendBy(alice!, id);
      await eventually(() => expect(came.length).toBeGreaterThanOrEqual(upTo));
    };
    await say(1);
    return { ...traveller, id, came, ends, end, say, miss: () => sendBy(alice!, id) };
  }

  function listen(client: ResumableClient, id: string, came: number[], ends: unknown[]) {
    const sink: Sink<{ data?: Added | null }> = {
      next: ({ data }) => came.push(data!.messageAdded.sequence),
      error: (error) => ends.push(error),
      complete: () => ends.push('complete'),
    };
    return client.subscribe<Added>({ query: MESSAGES, variables: { id, after: 0 } }, sink);
  }

  /** Leads the client to an impostor until it asked it several times, then home. */
  async function detour({ proxy }: Traveller, impostor: Impostor, times = 3): Promise<void> {
    stops.push(() => impostor.stop());
    const home = proxy.targetPort;
    proxy.targetPort = impostor.port;
    proxy.cut();
    await eventually(() => expect(impostor.asked).toBeGreaterThanOrEqual(times));
    proxy.targetPort = home;
  }

  test.each([0, 1, 5])('refused connections, by a client of %i attempts', async (retryAttempts) => {
    const one = await follow({}, { retryAttempts, retryWait: async () => {} });
    one.proxy.refuses = true;
    one.proxy.cut();
    await one.miss();
    const before = one.proxy.connections;
    await eventually(() => expect(one.proxy.connections).toBeGreaterThan(before + 12));
    one.proxy.refuses = false;
    await one.say(3);
    expect([one.came, one.ends]).toEqual([[1, 2, 3], []]);
  });

  test.each(['429 Too Many Requests', '502 Bad Gateway', '503 Service Unavailable'])(
    'upgrades that are answered %s',
    async (status) => {
      const one = await follow();
      await detour(one, await startRefuser(status));
      await one.say(2);
      expect([one.came, one.ends]).toEqual([[1, 2], []]);
    },
  );

  test.each([1000, 1001, 1011, 1012, 1013, 4403, 4408, 4500, 4504, 4900])(
    'sockets that are closed with %i',
    async (code) => {
      const one = await follow();
      await detour(one, await startAccepter((socket) => socket.close(code, 'bye')));
      await one.say(2);
      expect([one.came, one.ends]).toEqual([[1, 2], []]);
    },
  );

  test.each([1003, 1008, 1009, 4400, 4401, 4406, 4409, 4429])(
    'not a close with %i, which is final',
    async (code) => {
      const one = await follow();
      await detour(one, await startAccepter((socket) => socket.close(code, 'bye')), 1);
      await eventually(() => expect(one.ends).toMatchObject([{ code }]));
      expect(one.came).toEqual([1]);
    },
  );

  test('a restart, and a socket that its client terminates', async () => {
    const one = await follow();
    await cluster.restart();
    await one.say(2);
    one.client.terminate();
    await one.say(3);
    expect([one.came, one.ends]).toEqual([[1, 2, 3], []]);
    expect(one.closes).toEqual(expect.arrayContaining([1001, 4499]));
  });

  test('credentials that cannot be had, and then others', async () => {
    const tokens: (() => string)[] = [];
    const [bob] = await cluster.persons('bob');
    const expired = () => signToken(DEVELOPMENT_SECRET, { sub: bob!.id }, -60);
    const connectionParams = async () => ({ token: (tokens.shift() ?? (() => bob!.token!))() });
    const one = await follow({}, { connectionParams });
    const fail = () => {
      throw new TypeError('fetch failed');
    };
    tokens.push(fail, expired, fail, expired);
    one.proxy.cut();
    await one.say(2);
    expect(tokens).toEqual([]);
    expect(one.closes.filter((code) => code === 4403)).toHaveLength(2);
    expect([one.came, one.ends]).toEqual([[1, 2], []]);
  });

  test('a server that accepts and is silent', async () => {
    const one = await follow({ silenceMs: 300 });
    await detour(one, await startAccepter(() => {}));
    await one.say(2);
    expect([one.came, one.ends]).toEqual([[1, 2], []]);
  });

  test('a connection from which nothing comes any more', async () => {
    const one = await follow({ silenceMs: 300 });
    one.proxy.stall();
    await one.say(2);
    expect([one.came, one.ends]).toEqual([[1, 2], []]);
  });

  test('and keeps a quiet connection whose server answers', async () => {
    const one = await follow({ silenceMs: 2_000 });
    let answers = 0;
    one.bare.on('pong', () => answers++);
    await eventually(() => expect(answers).toBeGreaterThan(1));
    expect(one.closes).toEqual([]);
  });

  test('is back as soon as its client is connected, however long it would wait', async () => {
    const one = await follow({ retryWaitMs: () => 1_000_000 });
    one.proxy.cut();
    await eventually(() => expect(one.closes).toHaveLength(1));
    await one.miss();
    const answer = await one.client.iterate({ query: '{ me { id } }' }).next();
    expect(answer.value!.data).toEqual({ me: { id: 'bob' } });
    await eventually(() => expect(one.came).toEqual([1, 2]));
  });

  test('asks once for all that it follows', async () => {
    const one = await follow();
    const others = [[], [], []] as number[][];
    for (const other of others) listen(one.client, one.id, other, one.ends);
    await eventually(() => expect(others).toEqual([[1], [1], [1]]));
    const impostor = await startRefuser('503 Service Unavailable');
    const before = one.proxy.connections;
    await detour(one, impostor, 5);
    await one.say(2);
    await eventually(() =>
      expect(others).toEqual([
        [1, 2],
        [1, 2],
        [1, 2],
      ]),
    );
    expect(one.proxy.connections - before).toBe(impostor.asked + 1);
    expect(one.ends).toEqual([]);
  });

  test('leaves nothing behind: the socket goes with the last subscription', async () => {
    const one = await follow();
    await detour(one, await startRefuser('503 Service Unavailable'));
    await one.say(2);
    one.closes.length = 0;
    one.end();
    await eventually(() => expect(one.closes).toEqual([1000]));
    expect(one.ends).toEqual(['complete']);
  });

  test("one listener's exception, which ends that one", async () => {
    const one = await follow();
    const ends: unknown[] = [];
    one.client.subscribe<Added>(
      { query: MESSAGES, variables: { id: one.id, after: 0 } },
      {
        next() {
          throw new Error('a mistake');
        },
        error: (error) => ends.push(error),
        complete: () => ends.push('complete'),
      },
    );
    await eventually(() => expect(ends).toEqual([new Error('a mistake')]));
    await one.say(2);
    expect([one.came, one.ends, one.closes]).toEqual([[1, 2], [], []]);
  });

  test('outages of which its client gives up none', async () => {
    const retryWait = jest.fn(async () => {});
    const one = await follow({}, { ...retryForever, retryWait });
    await detour(one, await startRefuser('502 Bad Gateway'), 8);
    await one.say(2);
    expect([one.came, one.ends]).toEqual([[1, 2], []]);
    expect(retryWait.mock.calls.length).toBeGreaterThan(7);
  });

  test('can be ended while it is away, and comes back no more', async () => {
    const one = await follow({ retryWaitMs: () => 50 });
    one.proxy.refuses = true;
    one.proxy.cut();
    const before = one.proxy.connections;
    await eventually(() => expect(one.proxy.connections).toBeGreaterThan(before));
    one.end();
    expect(one.ends).toEqual(['complete']);
    one.proxy.refuses = false;
    await one.miss();
    await one.client.iterate({ query: '{ me { id } }' }).next();
    expect([one.came, one.ends]).toEqual([[1], ['complete']]);
  });
});
