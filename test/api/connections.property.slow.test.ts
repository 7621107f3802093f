import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  EditMessageDocument,
  MarkNotificationsReadDocument,
  type MessagePartsFragment,
  NotifyUserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { CONNECTIONS, type Page, type PageArguments, pageOf, relayPage } from './connections';
import { people } from './people';

/** A long form by the environment. */
const RUNS = Number(process.env.PARLEY_CONNECTION_RUNS ?? 6);
const SEED = Number(process.env.PARLEY_CONNECTION_SEED ?? Date.now() % 2 ** 31);
const TIMEOUT_MS = 60_000 + RUNS * 5_000;
const DEFAULT_SIZE = 20;
const MOST = 100;

const { MESSAGES, CONVERSATION_OFFERS, OFFERS, CONVERSATIONS, NOTIFICATIONS } = CONNECTIONS;
const sizes = fc.integer({ min: 1, max: 7 });

describe('connections', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    process.stdout.write(
      `connections: PARLEY_CONNECTION_RUNS=${RUNS} PARLEY_CONNECTION_SEED=${SEED}\n`,
    );
    // Pages of 100 by the documents for clients are over the limit of cost.
    cluster = await Cluster.start({ env: { LIMIT_COST: '6000' } });
  });
  afterAll(() => cluster.stop());

  const hold = <T extends [unknown, ...unknown[]]>(
    property: fc.IAsyncProperty<T>,
    numRuns = RUNS,
  ) => fc.assert(property, { numRuns, seed: SEED });
  const idsOf = (page: Page) => page.nodes.map(({ id }) => id);
  const times = <T>(count: number, work: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)));

  /** Alice's, with Bob: so many conversations, whose first one has as many messages and offers; and notifications. */
  async function world(count: number) {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const ids = await times(count, async () => (await conversationOf([alice, bob])).id);
    const id = ids[0]!;
    for (let index = 0; index < count; index++) {
      await (index % 2 ? sendBy(alice, id) : offerBy(bob, id));
      await (index % 2 ? offerBy(alice, id) : sendBy(bob, id));
    }
    await Promise.all(ids.slice(1).map((other) => sendBy(bob, other)));
    return { alice, bob, ids, id };
  }

  describe.each(Object.values(CONNECTIONS))(
    'of a list that stands still: $name',
    ({ list, backward, request }) => {
      test(
        'is the page that the specification of Relay has',
        async () => {
          const { alice, id } = await world(23);
          const all = await pageOf(request(alice, id, { first: MOST }));
          expect(all.edges.length).toBeGreaterThan(DEFAULT_SIZE);
          expect(new Set(all.edges.map(({ cursor }) => cursor)).size).toBe(all.edges.length);
          const cursors = fc.option(fc.constantFrom(...all.edges.map(({ cursor }) => cursor)), {
            freq: 2,
          });
          const size = fc.integer({ min: 1, max: 30 });
          const forward = fc.record({ first: fc.option(size), after: cursors });
          const any = fc.oneof(
            fc.record({ first: fc.option(size), after: cursors, before: cursors }),
            fc.record({ last: size, after: cursors, before: cursors }),
          );
          await hold(
            fc.asyncProperty<[PageArguments]>(backward ? any : forward, async (page) => {
              expect(await pageOf(request(alice, id, page))).toEqual(
                relayPage(all.edges, page, DEFAULT_SIZE),
              );
            }),
            RUNS * 10,
          );
        },
        TIMEOUT_MS,
      );

      test(
        'is refused by bad cursors and sizes, whichever: BAD_USER_INPUT, and the argument is named',
        async () => {
          const { alice, bob, id } = await world(1);
          await sendBy(bob, id);
          const others = Object.values(CONNECTIONS).filter((other) => other.list !== list);
          const foreign = await Promise.all(
            others.map(
              async (other) =>
                (await pageOf(other.request(alice, id, { first: 1 }))).pageInfo.endCursor!,
            ),
          );
          const names = fc.constantFrom(
            ...(backward ? (['first', 'last'] as const) : (['first'] as const)),
          );
          const badSize = fc.oneof(
            fc.integer({ max: 0 }),
            fc.integer({ min: MOST + 1 }),
            fc.constantFrom(0, -1, MOST + 1),
          );
          const cursorNames = fc.constantFrom(
            ...(backward ? (['after', 'before'] as const) : (['after'] as const)),
          );
          const part = fc.oneof(
            fc.string(),
            fc.integer().map(String),
            fc.date({ noInvalidDate: true }).map(String),
          );
          const forged = fc
            .tuple(
              fc.constantFrom('messages', 'offers', 'conversations', 'notifications', ''),
              fc.array(part, { maxLength: 4 }),
            )
            .map((parts) => Buffer.from(parts.flat().join('|')).toString('base64url'))
            .filter(
              (cursor) =>
                !/^(messages|notifications)\|\d{1,9}$/.test(
                  Buffer.from(cursor, 'base64url').toString(),
                ),
            );
          const badCursor = fc.oneof(
            fc.string({ unit: 'binary' }).filter((text) => !text.includes('|')),
            forged,
            fc.constantFrom(...foreign),
          );
          const refused = async (page: PageArguments, field: string) => {
            const { errors } = await request(alice, id, page);
            expect(errors?.map(({ extensions }) => extensions)).toMatchObject([
              { code: 'BAD_USER_INPUT', field },
            ]);
          };
          await hold(
            fc.asyncProperty(
              names,
              badSize,
              cursorNames,
              badCursor,
              sizes,
              async (name, size, cursorName, cursor, good) => {
                await refused({ [name]: size }, name);
                await refused({ [cursorName]: cursor }, cursorName);
                await refused({ [name]: good, [cursorName]: cursor }, cursorName);
              },
            ),
            RUNS * 5,
          );
          if (backward) await refused({ first: 1, last: 1 }, 'last');
        },
        TIMEOUT_MS,
      );
    },
  );

  test(
    'of messages, read from both ends in any mix while there are more, have each once and in order',
    async () => {
      const moves = fc.record({
        forward: fc.boolean(),
        size: sizes,
        meanwhile: fc.array(fc.constantFrom('message', 'offer', 'edit'), { maxLength: 3 }),
      });
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const property = fc.asyncProperty(
        fc.array(moves, { minLength: 1, maxLength: 8 }),
        async (plan) => {
          const { id } = await conversationOf([alice, bob]);
          const sent: MessagePartsFragment[] = [];
          for (let index = 0; index < 12; index++)
            sent.push(await sendBy(index % 3 ? alice : bob, id));
          const read = (page: PageArguments) => pageOf(MESSAGES.request(bob, id, page));
          const more = (what: 'message' | 'offer' | 'edit') => {
            if (what === 'message') return sendBy(alice, id);
            if (what === 'offer') return offerBy(bob, id);
            const input = {
              messageId: sent.find(({ sender }) => sender!.id === bob.id)!.id,
              content: randomUUID(),
            };
            return bob.ask(EditMessageDocument, { input });
          };
          // What lies before `after` is in the front, what lies behind `before` in the back or newer than it.
          const [front, back]: [string[], string[]] = [[], []];
          let [after, before, newest]: (string | null)[] = [null, null, null];
          for (let step = 0, met = false; !met; step++) {
            const { forward, size, meanwhile } = plan[step % plan.length]!;
            const added = step < plan.length ? meanwhile.map(more) : [];
            const page = await read(
              forward ? { first: size, after, before } : { last: size, after, before },
            );
            await Promise.all(added);
            expect(page.nodes.length).toBeLessThanOrEqual(size);
            if (forward) {
              front.push(...idsOf(page));
              after = page.pageInfo.endCursor ?? after;
            } else {
              back.unshift(...idsOf(page));
              before = page.pageInfo.startCursor ?? before;
              newest ??= page.pageInfo.endCursor!;
            }
            met = !(forward ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage);
          }
          for (let cursor = newest ?? after, met = false; !met; ) {
            const page = await read({ first: 3, after: cursor });
            back.push(...idsOf(page));
            cursor = page.pageInfo.endCursor ?? cursor;
            met = !page.pageInfo.hasNextPage;
          }
          expect([...front, ...back]).toEqual(idsOf(await read({ first: MOST })));
        },
      );
      await hold(property);
    },
    TIMEOUT_MS,
  );

  /** Reads a whole list forward, something happening while each page is read. */
  async function walk(
    read: (page: PageArguments) => Promise<Page>,
    size: fc.Stream<number>,
    meanwhile: () => unknown,
  ) {
    const walked: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const [page]: [Page, unknown] = await Promise.all([
        read({ first: size.next().value, after }),
        meanwhile(),
      ]);
      walked.push(...idsOf(page));
      more = page.pageInfo.hasNextPage;
      after = page.pageInfo.endCursor ?? after;
    }
    return walked;
  }

  const happenings = fc.array(fc.array(fc.nat({ max: 999 }), { maxLength: 3 }), {
    minLength: 1,
    maxLength: 8,
  });
  type World = Awaited<ReturnType<typeof world>>;
  /** What goes on, by a number that says what and where. */
  const happen = ({ alice, bob, ids }: World, list: Page, number: number): Promise<unknown> => {
    const id = ids[number % ids.length]!;
    const acts = [
      () => sendBy(bob, id),
      () => offerBy(alice, id),
      () => conversationOf([bob, alice]),
      () =>
        cluster
          .service()
          .ask(NotifyUserDocument, { input: { userId: alice.id, title: 'one more' } }),
      () => markRead(alice, list, number),
    ];
    return acts[number % acts.length]!();
  };
  const markRead = async (alice: Person, { nodes }: Page, number: number) => {
    const page = await pageOf(NOTIFICATIONS.request(alice, '', { first: MOST }));
    const read = page.nodes[number % page.nodes.length] ?? nodes[0]!;
    return alice.ask(MarkNotificationsReadDocument, { input: { ids: [read.id] } });
  };

  test.each([CONVERSATION_OFFERS, OFFERS, CONVERSATIONS, NOTIFICATIONS])(
    'of a list that moves have each row that does not move once and in order, and none twice: $name',
    async ({ request }) => {
      const property = fc.asyncProperty(
        fc.infiniteStream(sizes),
        happenings,
        async (size, plan) => {
          const room = await world(6);
          const read = (page: PageArguments) => pageOf(request(room.alice, room.id, page));
          const before = await read({ first: MOST });
          let step = 0;
          const walked = await walk(read, size, () =>
            Promise.all((plan[step++] ?? []).map((number) => happen(room, before, number))),
          );
          // A row that has moved has another cursor.
          const after = new Set((await read({ first: MOST })).edges.map(({ cursor }) => cursor));
          const still = before.edges
            .filter(({ cursor }) => after.has(cursor))
            .map(({ node }) => node.id);
          expect(walked.filter((id) => still.includes(id))).toEqual(still);
          expect(new Set(walked).size).toBe(walked.length);
        },
      );
      await hold(property);
    },
    TIMEOUT_MS,
  );
});
