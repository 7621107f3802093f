import {
  ConversationEventsDocument,
  EditMessageDocument,
  MeDocument,
  PostSystemMessageDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Answer, Person } from '../support/person';
import { people } from './people';

const UNDER_WAY = 4;
const WAITING = 10;
const POOL = 10;

const codesOf = (answers: readonly Answer<unknown>[]) =>
  answers.map(({ errors }) => errors?.[0]?.extensions?.code ?? null);

describe('operations of one person at the same time', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({
      env: {
        LIMIT_OPERATIONS_PER_USER: String(UNDER_WAY),
        LIMIT_WAITING_OPERATIONS_PER_USER: String(WAITING),
        DATABASE_POOL_SIZE: String(POOL),
      },
    });
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  /** Holds every call of one method of the messages' service until `release`. */
  function hold(method: 'edit' | 'post') {
    const { service } = cluster.node.services.messages;
    const original = service[method].bind(service) as (...args: unknown[]) => Promise<never>;
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const calls = jest.spyOn(service, method).mockImplementation(async (...args: unknown[]) => {
      await released;
      return original(...args);
    });
    const begun = (count: number) => eventually(() => expect(calls).toHaveBeenCalledTimes(count));
    return { release, begun };
  }

  async function editsOf(author: Person, other: Person) {
    const { id } = await sendBy(author, (await conversationOf([author, other])).id);
    const variables = { input: { messageId: id, content: 'edited' } };
    return {
      overHttp: () => author.request(EditMessageDocument, variables),
      overSocket: () => author.askSocket(EditMessageDocument, variables),
    };
  }

  test('so many are under way and wait, over HTTP and sockets together; the rest is RATE_LIMITED', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { overHttp, overSocket } = await editsOf(alice, bob);
    const { begun, release } = hold('edit');
    const edits = Array.from({ length: 40 }, (_, index) =>
      index % 2 === 0 ? overHttp() : overSocket(),
    );
    await begun(UNDER_WAY);
    const refused: Answer<unknown>[] = [];
    for (const edit of edits)
      void edit.then((answer) => {
        if (answer.errors) refused.push(answer);
      });
    await eventually(() => expect(refused).toHaveLength(40 - UNDER_WAY - WAITING));
    for (const { errors } of refused)
      expect(errors![0]!.extensions).toEqual({ code: 'RATE_LIMITED', retryAfterMs: 1_000 });
    expect(await alice.refusal(MeDocument, {})).toBe('RATE_LIMITED');
    // Others are served meanwhile.
    expect(await bob.refusal(MeDocument, {})).toBeNull();
    await begun(UNDER_WAY);
    release();
    const answered = codesOf(await Promise.all(edits)).filter((code) => code === null);
    expect(answered).toHaveLength(UNDER_WAY + WAITING);
    expect(await alice.refusal(MeDocument, {})).toBeNull();
  });

  test('starts of subscriptions wait with them; running ones go on', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const { overHttp } = await editsOf(alice, bob);
    const follow = () =>
      alice.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
    const running = Array.from({ length: UNDER_WAY + 1 }, follow);
    await sendBy(bob, id);
    for (const stream of running) await stream.next();
    const { begun, release } = hold('edit');
    const edits = Array.from({ length: UNDER_WAY }, overHttp);
    await begun(UNDER_WAY);
    let hasStarted = false;
    const late = follow()
      .next()
      .then(() => {
        hasStarted = true;
      });
    await sendBy(bob, id);
    for (const stream of running) await stream.next();
    expect(hasStarted).toBe(false);
    release();
    await late;
    expect(codesOf(await Promise.all(edits))).toEqual(edits.map(() => null));
  });

  test('a start beyond the limit is refused, and the socket stays', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const { overHttp } = await editsOf(alice, bob);
    const open = alice.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
    await sendBy(bob, id);
    await open.next();
    const { begun, release } = hold('edit');
    const edits = Array.from({ length: UNDER_WAY + WAITING }, overHttp);
    await begun(UNDER_WAY);
    const refusals: unknown[] = [];
    while (refusals.length === 0)
      await Promise.race([
        alice.askSocket(MeDocument, {}).then(({ errors }) => refusals.push(...(errors ?? []))),
        sendBy(bob, id),
      ]);
    const late = alice.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
    await expect(late.next()).rejects.toThrow('RATE_LIMITED');
    release();
    await Promise.all(edits);
    await open.next();
  });

  test('a service token that acts for somebody counts as that person', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { overHttp } = await editsOf(alice, bob);
    const { begun, release } = hold('edit');
    const edits = Array.from({ length: UNDER_WAY + WAITING + 1 }, overHttp);
    await begun(UNDER_WAY);
    // The last one was refused, so all the others have come.
    await Promise.race(edits);
    const service = cluster.service();
    const headers = { 'parley-on-behalf-of': encodeURIComponent(alice.id) };
    expect(codesOf([await service.request(MeDocument, {}, headers)])).toEqual(['RATE_LIMITED']);
    release();
    await Promise.all(edits);
    expect(codesOf([await service.request(MeDocument, {}, headers)])).toEqual([null]);
  });

  test('the platform in its own name has half of the pool under way', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const { begun, release } = hold('post');
    const service = cluster.service();
    const posts = Array.from({ length: 3 * POOL }, () =>
      service.request(PostSystemMessageDocument, { input: { conversationId: id, content: 'x' } }),
    );
    await begun(POOL / 2);
    expect(await alice.refusal(MeDocument, {})).toBeNull();
    await begun(POOL / 2);
    release();
    expect(codesOf(await Promise.all(posts))).toEqual(posts.map(() => null));
  });
});
