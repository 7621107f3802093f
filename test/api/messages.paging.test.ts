import fc from 'fast-check';
import {
  type MessagePartsFragment,
  MessagesDocument,
  type MessagesQueryVariables,
  OffersDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

type Page = Omit<MessagesQueryVariables, 'id'>;

describe('pages of messages', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    // Pages of 100 by the documents for clients are over the limit of cost.
    cluster = await Cluster.start({ env: { LIMIT_COST: '6000' } });
    [alice, bob] = await people(cluster, 'alice', 'bob');
  });
  afterAll(() => cluster.stop());

  /** A conversation with this many messages, in their order. */
  async function conversationWith(
    count: number,
  ): Promise<{ id: string; messages: MessagePartsFragment[] }> {
    const { id } = await conversationOf([alice, bob]);
    const messages: MessagePartsFragment[] = [];
    for (let index = 0; index < count; index++)
      messages.push(await sendBy(index % 3 ? alice : bob, id));
    return { id, messages };
  }

  const pageOf = async (id: string, page: Page) =>
    (await bob.ask(MessagesDocument, { id, ...page })).conversation!.messages;
  const sequences = ({ nodes }: { nodes: { sequence: number }[] }) =>
    nodes.map(({ sequence }) => sequence);

  async function refusal(id: string, page: Page) {
    const { data, errors } = await bob.request(MessagesDocument, { id, ...page });
    expect(data?.conversation ?? null).toBeNull();
    return errors?.[0]?.extensions;
  }

  test('are the connection that Relay wants: the oldest first, edges and nodes alike', async () => {
    const { id, messages } = await conversationWith(3);
    const page = await pageOf(id, { first: 10 });
    expect(page.nodes).toEqual(messages);
    expect(page.edges.map(({ node }) => node)).toEqual(messages);
    expect(page.pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: page.edges[0]!.cursor,
      endCursor: page.edges[2]!.cursor,
    });
    expect(new Set(page.edges.map(({ cursor }) => cursor)).size).toBe(3);
  });

  test('of nothing are empty', async () => {
    const { id } = await conversationWith(0);
    const empty = {
      edges: [],
      nodes: [],
      pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
    };
    for (const page of [{}, { first: 5 }, { last: 5 }])
      expect(await pageOf(id, page)).toEqual(empty);
  });

  test('lead forward with first and after', async () => {
    const { id } = await conversationWith(5);
    const first = await pageOf(id, { first: 2 });
    expect(sequences(first)).toEqual([1, 2]);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = await pageOf(id, { first: 2, after: first.pageInfo.endCursor });
    expect(sequences(second)).toEqual([3, 4]);
    expect(second.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const third = await pageOf(id, { first: 2, after: second.pageInfo.endCursor });
    expect(sequences(third)).toEqual([5]);
    expect(third.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
  });

  test('lead backward with last and before', async () => {
    const { id } = await conversationWith(5);
    const newest = await pageOf(id, { last: 2 });
    expect(sequences(newest)).toEqual([4, 5]);
    expect(newest.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true });
    const older = await pageOf(id, { last: 2, before: newest.pageInfo.startCursor });
    expect(sequences(older)).toEqual([2, 3]);
    expect(older.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: true });
    const oldest = await pageOf(id, { last: 2, before: older.pageInfo.startCursor });
    expect(sequences(oldest)).toEqual([1]);
    expect(oldest.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
  });

  test('lie between two cursors, from either end', async () => {
    const { id } = await conversationWith(6);
    const { edges } = await pageOf(id, { first: 6 });
    const between = { after: edges[0]!.cursor, before: edges[5]!.cursor };
    const forward = await pageOf(id, { ...between, first: 3 });
    expect([sequences(forward), forward.pageInfo.hasNextPage]).toEqual([[2, 3, 4], true]);
    const backward = await pageOf(id, { ...between, last: 3 });
    expect([sequences(backward), backward.pageInfo.hasPreviousPage]).toEqual([[3, 4, 5], true]);
    const all = await pageOf(id, { ...between, first: 4 });
    expect([sequences(all), all.pageInfo.hasNextPage]).toEqual([[2, 3, 4, 5], false]);
    const crossed = await pageOf(id, { after: between.before, before: between.after, first: 3 });
    expect(crossed.nodes).toEqual([]);
  });

  test('have 1 to 100 messages, 20 where nothing is said', async () => {
    const { id } = await conversationWith(0);
    await Promise.all(Array.from({ length: 101 }, () => sendBy(alice, id)));
    for (const [page, length] of [
      [{}, 20],
      [{ first: 1 }, 1],
      [{ last: 1 }, 1],
      [{ first: 100 }, 100],
      [{ last: 100 }, 100],
    ] as const)
      expect((await pageOf(id, page)).nodes).toHaveLength(length);
    expect(sequences(await pageOf(id, {}))[0]).toBe(1);
    for (const size of [0, -1, 101, 2 ** 31 - 1]) {
      expect(await refusal(id, { first: size })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'first',
      });
      expect(await refusal(id, { last: size })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'last',
      });
    }
  });

  test('are refused with first and last together', async () => {
    const { id } = await conversationWith(1);
    expect(await refusal(id, { first: 1, last: 1 })).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  test('are refused with a cursor that is none of theirs', async () => {
    const { id } = await conversationWith(1);
    await offerBy(alice, id);
    const { offers } = await alice.ask(OffersDocument, { first: 1 });
    const encode = (text: string) => Buffer.from(text).toString('base64url');
    const cursors = [
      'nonsense',
      '\0',
      '💥',
      '%',
      'x'.repeat(10_000),
      offers.pageInfo.endCursor!,
      ...[
        'messages',
        'messages|',
        'messages|x',
        'messages|-1',
        'messages|1.5',
        'messages|1|2',
        `messages|${10 ** 12}`,
        'messages|NaN',
      ].map(encode),
    ];
    for (const cursor of cursors) {
      expect(await refusal(id, { first: 1, after: cursor })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'after',
      });
      expect(await refusal(id, { last: 1, before: cursor })).toMatchObject({
        code: 'BAD_USER_INPUT',
        field: 'before',
      });
    }
  });

  test('cover every message exactly once, whatever their sizes, while more are being sent', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 });
    const additions = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.boolean(), sizes, additions, async (forward, sizes, additions) => {
        const { id, messages } = await conversationWith(12);
        const walked: number[] = [];
        const sent: Promise<MessagePartsFragment>[] = [];
        let cursor: string | null | undefined = null;
        for (let step = 0; ; step++) {
          const size = sizes[step % sizes.length]!;
          // Under way while the page is read; they end, so that a walk forward does.
          const more = step < additions.length ? additions[step]! : 0;
          for (let index = 0; index < more; index++) sent.push(sendBy(alice, id));
          const page = await pageOf(
            id,
            forward ? { first: size, after: cursor } : { last: size, before: cursor },
          );
          expect(page.nodes.length).toBeLessThanOrEqual(size);
          if (forward) walked.push(...sequences(page));
          else walked.unshift(...sequences(page));
          cursor = forward ? page.pageInfo.endCursor : page.pageInfo.startCursor;
          if (!(forward ? page.pageInfo.hasNextPage : page.pageInfo.hasPreviousPage)) break;
          if (forward && step >= additions.length) await Promise.all(sent);
        }
        await Promise.all(sent);
        // A gapless run from the first message on: nothing twice, nothing left out, nothing out of order.
        expect(walked).toEqual(walked.map((_, index) => index + 1));
        expect(walked.length).toBeGreaterThanOrEqual(messages.length);
      }),
      { numRuns: 25 },
    );
  }, 60_000);
});
