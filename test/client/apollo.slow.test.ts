import { ApolloClient, InMemoryCache } from '@apollo/client';
import { createParleyClient, type ParleyClient } from '@parley/client';
import { parleyLink, parleyTypePolicies } from '@parley/client/apollo';
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
  SendMessageDocument,
  StartConversationDocument,
} from '@parley/client/documents';
import WebSocket from 'ws';
import { eventually } from '../support/eventually';
import { offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { talksOnOneServer } from './talk';

const RUNS = 20;

describe('the type policies for Apollo Client', () => {
  const newTalk = talksOnOneServer();
  let alice: Person;
  let bob: Person;
  let parley: ParleyClient;
  let apollo: ApolloClient;
  let id: string;

  beforeEach(async () => {
    ({ alice, bob, id } = await newTalk());
    parley = createParleyClient({
      url: `${bob.node.url}/graphql`,
      token: bob.token!,
      webSocketImpl: WebSocket,
    });
    const cache = new InMemoryCache({ typePolicies: parleyTypePolicies() });
    apollo = new ApolloClient({ cache, link: parleyLink(parley) });
  });
  afterEach(() => {
    apollo.stop();
    parley.dispose();
  });

  async function say(amount: number, prefix = 'm') {
    const said: string[] = [];
    for (let at = 0; at < amount; at += 1) {
      said.push(`${prefix}${at}`);
      await sendBy(alice, id, { content: said.at(-1)! });
    }
    return said;
  }
  const messages = () => apollo.watchQuery({ query: MessagesDocument, variables: { id, last: 5 } });
  const read = () =>
    apollo.readQuery({ query: MessagesDocument, variables: { id, last: 5 } })!.conversation!;
  const contents = (data: MessagesQuery = { conversation: read() } as MessagesQuery) =>
    data.conversation!.messages.nodes.map(({ content }) => content);
  function follow(after: number) {
    const variables = { conversationId: id, after, viewing: false };
    return apollo.subscribe({ query: MessageAddedDocument, variables }).subscribe({});
  }

  test('page backward, and keep what was loaded when the newest page is fetched anew', async () => {
    const said = await say(12);
    const query = messages();
    const watching = query.subscribe({});
    await eventually(() => expect(contents()).toEqual(said.slice(7)));
    const before = read().messages.pageInfo.startCursor;
    await query.fetchMore({ variables: { before } });
    expect(contents()).toEqual(said.slice(2));
    expect(read().messages.pageInfo.hasPreviousPage).toBe(true);
    await query.refetch();
    expect(contents()).toEqual(said.slice(2));
    const { edges, pageInfo } = read().messages;
    expect(pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    expect(edges.at(0)!.cursor).toBe(pageInfo.startCursor);
    await query.fetchMore({ variables: { before: pageInfo.startCursor } });
    expect(contents()).toEqual(said);
    expect(read().messages.pageInfo.hasPreviousPage).toBe(false);
    watching.unsubscribe();
  });

  test('lead through a gap, and close it', async () => {
    const said = await say(5);
    const query = messages();
    const watching = query.subscribe({});
    await eventually(() => expect(contents()).toEqual(said));
    said.push(...(await say(12, 'missed')));
    await query.refetch();
    expect(contents()).toEqual(said.slice(12));
    for (const expected of [said.slice(7), said]) {
      expect(read().messages.pageInfo.hasPreviousPage).toBe(true);
      await query.fetchMore({ variables: { before: read().messages.pageInfo.startCursor } });
      expect(contents()).toEqual(expected);
    }
    watching.unsubscribe();
  });

  test(`have each message once after an outage, in order: ${RUNS} runs`, async () => {
    const said = await say(12);
    const query = messages();
    const watching = query.subscribe({});
    await eventually(() => expect(contents()).toEqual(said.slice(7)));
    await query.fetchMore({ variables: { before: read().messages.pageInfo.startCursor } });
    const loaded = said.slice(2);
    let following = follow(read().lastSequence);
    for (let run = 0; run < RUNS; run += 1) {
      const { lastSequence } = read();
      following.unsubscribe();
      loaded.push(...(await say(40, `run${run} `)));
      following = follow(lastSequence);
      await query.refetch();
      await eventually(() => expect(contents()).toEqual(loaded));
      expect(read().messages.pageInfo).toMatchObject({ hasPreviousPage: true, hasNextPage: false });
    }
    following.unsubscribe();
    watching.unsubscribe();
  }, 300_000);

  test('take live messages and the answers of mutations, each once', async () => {
    const said = await say(3);
    const query = messages();
    const watching = query.subscribe({});
    await eventually(() => expect(contents()).toEqual(said));
    const following = follow(read().lastSequence);
    const clientMessageId = 'draft-1';
    const draft = {
      __typename: 'Message' as const,
      ...read().messages.nodes[0]!,
      id: clientMessageId,
      clientMessageId,
      content: 'mine',
      version: 0,
      sequence: 2_147_483_647,
    };
    const sending = apollo.mutate({
      mutation: SendMessageDocument,
      variables: { input: { conversationId: id, content: 'mine', clientMessageId } },
      optimisticResponse: {
        __typename: 'Mutation',
        sendMessage: { __typename: 'SendMessagePayload', message: draft },
      } as never,
    });
    const optimistic = apollo.readQuery({
      query: MessagesDocument,
      variables: { id },
      optimistic: true,
    });
    expect(contents(optimistic as MessagesQuery)).toEqual([...said, 'mine']);
    await sending;
    expect(contents()).toEqual([...said, 'mine']);
    await sendBy(alice, id, { content: 'live' });
    await eventually(() => expect(contents()).toEqual([...said, 'mine', 'live']));
    expect(read().messages.pageInfo.hasNextPage).toBe(false);
    following.unsubscribe();
    watching.unsubscribe();
  });

  test('let nothing old replace what is newer', async () => {
    await say(1);
    await sendBy(bob, id, { content: 'first' });
    await apollo.query({ query: MessagesDocument, variables: { id, last: 5 } });
    const old = read();
    const input = { messageId: old.messages.nodes[1]!.id, content: 'second' };
    await apollo.mutate({ mutation: EditMessageDocument, variables: { input } });
    expect(contents()).toEqual(['m0', 'second']);
    const message = (
      await apollo.query({
        query: MessagesDocument,
        variables: { id, last: 1 },
        fetchPolicy: 'network-only',
      })
    ).data!.conversation!.messages.nodes.at(-1);
    expect(message).toMatchObject({ version: 2, content: 'second' });
    const { lastSequence } = read();
    apollo.writeQuery({
      query: MessagesDocument,
      variables: { id, last: 5 },
      data: { conversation: old },
    });
    expect(contents()).toEqual(['m0', 'second']);
    expect(read()).toMatchObject({ lastSequence });
    expect(apollo.cache.gc().filter((key) => !key.endsWith('~old'))).toEqual([]);
  });

  test('put conversations, offers and notifications into their lists', async () => {
    const listed = (archived: boolean) =>
      apollo
        .readQuery({ query: ConversationsDocument, variables: { archived, first: 5 } })
        ?.conversations.nodes.map((node) => node.id);
    await apollo.query({ query: ConversationsDocument, variables: { archived: false, first: 5 } });
    await apollo.query({ query: ConversationsDocument, variables: { archived: true, first: 5 } });
    const input = { conversationId: id, archived: true };
    await apollo.mutate({ mutation: ArchiveConversationDocument, variables: { input } });
    expect([listed(false), listed(true)]).toEqual([[], [id]]);
    const offers = { query: ConversationOffersDocument, variables: { id, first: 5 } };
    await apollo.query(offers);
    const { notifications } = (
      await apollo.query({ query: NotificationsDocument, variables: { first: 5 } })
    ).data!;
    const variables = { after: notifications.lastSequence };
    const following = apollo
      .subscribe({ query: NotificationAddedDocument, variables })
      .subscribe({});
    await offerBy(alice, id);
    await eventually(() => {
      const list = apollo.readQuery({ query: NotificationsDocument, variables: { first: 5 } })!;
      expect(list.notifications.nodes.map(({ kind }) => kind)).toContain('NEW_OFFER');
      expect(list.notifications.unreadCount).toBe(1);
    });
    following.unsubscribe();
  });

  test('show a conversation that was started, with what its list selects', async () => {
    const query = apollo.watchQuery({ query: ConversationsDocument, variables: { first: 5 } });
    let ids: string[] = [];
    const watching = query.subscribe(({ data }) => {
      ids = (data?.conversations?.nodes ?? []).map((node) => node!.id!);
    });
    await eventually(() => expect(ids).toEqual([id]));
    const { alice: carol } = await newTalk();
    const variables = { input: { participantIds: [carol.id] } };
    const { data } = await apollo.mutate({ mutation: StartConversationDocument, variables });
    await eventually(() => expect(ids).toContain(data!.startConversation.conversation.id));
    watching.unsubscribe();
  });
});
