import { createParleyClient, type ParleyClient } from '@parley/client';
import {
  ArchiveConversationDocument,
  ConversationOffersDocument,
  ConversationsDocument,
  EditMessageDocument,
  MessageAddedDocument,
  MessagesDocument,
  type MessagesQuery,
  NotificationAddedDocument,
  NotificationsDocument,
  OfferUpdatedDocument,
  SendMessageDocument,
  type SendMessageInput,
} from '@parley/client/documents';
import { parleyCache, parleyExchange } from '@parley/client/urql';
import { Client } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import WebSocket from 'ws';
import { eventually } from '../support/eventually';
import { offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { talksOnOneServer } from './talk';

const RUNS = 20;

describe('the configuration of Graphcache', () => {
  const newTalk = talksOnOneServer();
  let alice: Person;
  let bob: Person;
  let parley: ParleyClient;
  let urql: Client;
  let id: string;
  let shown: MessagesQuery['conversation'];
  const stops: (() => void)[] = [];

  beforeEach(async () => {
    ({ alice, bob, id } = await newTalk());
    const url = `${bob.node.url}/graphql`;
    parley = createParleyClient({ url, token: bob.token!, webSocketImpl: WebSocket });
    urql = new Client({
      url,
      preferGetMethod: false,
      exchanges: [
        cacheExchange({ ...parleyCache(), optimistic: { sendMessage } }),
        parleyExchange(parley),
      ],
    });
    shown = null;
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
    parley.dispose();
  });

  /** An optimistic answer. */
  function sendMessage({ input }: { input?: SendMessageInput }) {
    const { content, clientMessageId, conversationId } = input!;
    const sequence = 2_147_483_647;
    const first = shown!.messages.nodes[0]!;
    const sender = { ...first.sender!, __typename: 'User' };
    const message = { ...first, sender, content, clientMessageId, conversationId };
    return {
      __typename: 'SendMessagePayload',
      message: { ...message, __typename: 'Message', id: clientMessageId, version: 0, sequence },
    };
  }

  async function say(amount: number, prefix = 'm') {
    const said: string[] = [];
    for (let at = 0; at < amount; at += 1) {
      said.push(`${prefix}${at}`);
      await sendBy(alice, id, { content: said.at(-1)! });
    }
    return said;
  }
  function watch() {
    const { unsubscribe } = urql.query(MessagesDocument, { id, last: 5 }).subscribe(({ data }) => {
      if (data) shown = data.conversation;
    });
    stops.push(unsubscribe);
  }
  const contents = () => shown?.messages.nodes.map(({ content }) => content);
  const earlier = () =>
    urql.query(MessagesDocument, { id, last: 5, before: shown!.messages.pageInfo.startCursor });
  const refetch = () =>
    urql.query(MessagesDocument, { id, last: 5 }, { requestPolicy: 'network-only' }).toPromise();
  function follow(after: number) {
    const variables = { conversationId: id, after, viewing: false };
    const { unsubscribe } = urql.subscription(MessageAddedDocument, variables).subscribe(() => {});
    stops.push(unsubscribe);
    return unsubscribe;
  }

  test('page backward, and keep what was loaded when the newest page is fetched anew', async () => {
    const said = await say(12);
    watch();
    await eventually(() => expect(contents()).toEqual(said.slice(7)));
    await earlier().toPromise();
    await eventually(() => expect(contents()).toEqual(said.slice(2)));
    await refetch();
    expect(contents()).toEqual(said.slice(2));
    expect(shown!.messages.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    expect(shown!.messages.edges[0]!.cursor).toBe(shown!.messages.pageInfo.startCursor);
    await earlier().toPromise();
    await eventually(() => expect(contents()).toEqual(said));
    expect(shown!.messages.pageInfo.hasPreviousPage).toBe(false);
  });

  test('lead through a gap, and close it', async () => {
    const said = await say(5);
    watch();
    await eventually(() => expect(contents()).toEqual(said));
    said.push(...(await say(12, 'missed')));
    await refetch();
    await eventually(() => expect(contents()).toEqual(said.slice(12)));
    for (const expected of [said.slice(7), said]) {
      expect(shown!.messages.pageInfo.hasPreviousPage).toBe(true);
      await earlier().toPromise();
      await eventually(() => expect(contents()).toEqual(expected));
    }
  });

  test(`have each message once after an outage, in order: ${RUNS} runs`, async () => {
    const said = await say(12);
    watch();
    await eventually(() => expect(contents()).toEqual(said.slice(7)));
    await earlier().toPromise();
    const loaded = said.slice(2);
    let stop = follow(shown!.lastSequence);
    for (let run = 0; run < RUNS; run += 1) {
      const { lastSequence } = shown!;
      stop();
      loaded.push(...(await say(40, `run${run} `)));
      stop = follow(lastSequence);
      await refetch();
      await eventually(() => expect(contents()).toEqual(loaded));
      expect(shown!.messages.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    }
  }, 300_000);

  test('take live messages and the answers of mutations, each once', async () => {
    const said = await say(3);
    watch();
    await eventually(() => expect(contents()).toEqual(said));
    follow(shown!.lastSequence);
    const seen: (string[] | undefined)[] = [];
    const { unsubscribe } = urql
      .query(MessagesDocument, { id, last: 5 })
      .subscribe(() => seen.push(contents()));
    stops.push(unsubscribe);
    const input = { conversationId: id, content: 'mine', clientMessageId: 'draft-1' };
    const sending = urql.mutation(SendMessageDocument, { input }).toPromise();
    await eventually(() => expect(contents()).toEqual([...said, 'mine']));
    expect((await sending).error).toBeUndefined();
    await eventually(() => expect(shown!.messages.nodes.at(-1)!.version).toBe(1));
    await sendBy(alice, id, { content: 'live' });
    await eventually(() => expect(contents()).toEqual([...said, 'mine', 'live']));
    expect(seen.filter((one) => one!.filter((text) => text === 'mine').length > 1)).toEqual([]);
    expect(shown!.messages.pageInfo.hasNextPage).toBe(false);
  });

  test('let nothing old replace what is newer', async () => {
    await sendBy(bob, id, { content: 'first' });
    watch();
    await eventually(() => expect(contents()).toEqual(['first']));
    const { request } = parley;
    let old: unknown;
    parley.request = async (...asked: unknown[]) => {
      old ??= await (request as (...all: unknown[]) => Promise<never>).apply(parley, asked);
      return structuredClone(old) as never;
    };
    await refetch();
    parley.request = request;
    const read = await bob.ask(MessagesDocument, { id, last: 5 });
    const messageId = read.conversation!.messages.nodes[0]!.id;
    const edited = { input: { messageId, content: 'second' } };
    await urql.mutation(EditMessageDocument, edited).toPromise();
    await eventually(() => expect(contents()).toEqual(['second']));
    parley.request = async () => structuredClone(old) as never;
    await refetch();
    await new Promise((resolve) => setImmediate(resolve));
    expect(contents()).toEqual(['second']);
    expect(shown!.messages.nodes[0]!.version).toBe(2);
  });

  test('put conversations, offers and notifications into their lists', async () => {
    const lists: Record<string, string[]> = {};
    const badges: number[] = [];
    for (const archived of [true, false])
      stops.push(
        urql.query(ConversationsDocument, { archived, first: 5 }).subscribe(({ data }) => {
          if (data) lists[`${archived}`] = data.conversations.nodes.map((node) => node.id);
        }).unsubscribe,
      );
    stops.push(
      urql.query(ConversationOffersDocument, { id, first: 5 }).subscribe(({ data }) => {
        if (data) lists.offers = data.conversation!.offers.nodes.map((offer) => offer.id);
      }).unsubscribe,
      urql.query(NotificationsDocument, { first: 5 }).subscribe(({ data }) => {
        if (data) lists.notifications = data.notifications.nodes.map(({ kind }) => kind);
        if (data) badges.push(data.notifications.unreadCount);
      }).unsubscribe,
    );
    const nothing = { true: [], offers: [], notifications: [] };
    await eventually(() => expect(lists).toEqual({ ...nothing, false: [id] }));
    const input = { conversationId: id, archived: true };
    await urql.mutation(ArchiveConversationDocument, { input }).toPromise();
    await eventually(() => expect(lists).toEqual({ ...nothing, true: [id], false: [] }));
    stops.push(
      urql.subscription(NotificationAddedDocument, { after: 0 }).subscribe(() => {}).unsubscribe,
      urql.subscription(OfferUpdatedDocument, { conversationId: id, after: 0 }).subscribe(() => {})
        .unsubscribe,
    );
    const offer = await offerBy(alice, id);
    await eventually(() => {
      expect(lists.offers).toEqual([offer.id]);
      expect(lists.notifications).toEqual(['NEW_OFFER']);
    });
  });
});
