import { randomUUID } from 'node:crypto';
import { Client as Postgres } from 'pg';
import {
  BlockedUsersDocument,
  ConversationDocument,
  ConversationOffersDocument,
  ConversationsDocument,
  EventsDocument,
  InboxDocument,
  InboxUpdatedDocument,
  MeDocument,
  MessageAddedDocument,
  MessagesDocument,
  NotificationAddedDocument,
  NotificationsDocument,
  OfferDocument,
  OffersDocument,
  SendMessageDocument,
  UserDocument,
  UserPresenceDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';

const UNAVAILABLE = { code: 'UNAVAILABLE', retryAfterMs: expect.any(Number) };

describe('a database that is read-only', () => {
  let cluster: Cluster;
  let operator: Postgres;

  beforeAll(async () => {
    cluster = await Cluster.start();
    operator = new Postgres(cluster.databaseUrl);
    await operator.connect();
    await operator.query('set default_transaction_read_only = off');
  });
  afterAll(async () => {
    await operator.end();
    await cluster.stop();
  });

  /** Concerns new sessions only, so the node's are ended. */
  async function setReadOnly(value: 'on' | 'default'): Promise<void> {
    const { rows } = await operator.query('select current_database() as name');
    await operator.query(
      `alter database ${rows[0].name} set default_transaction_read_only = ${value}`,
    );
  }

  const readiness = async () => {
    const response = await fetch(`${cluster.node.url}/readyz`);
    return { status: response.status, ...((await response.json()) as object) };
  };

  test('is named, refuses what is sent, shows and delivers everything, and is written to once it may be', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    const offer = await offerBy(alice!, id);
    await sendBy(alice!, id, { content: 'before' });
    const live = bob!.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    expect((await live.next()).messageAdded.content).toBe('before');
    expect(await readiness()).toEqual({ status: 200, ready: true, degraded: [], failing: [] });

    await setReadOnly('on');
    await operator.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity
        where datname = current_database() and application_name = 'parley'`,
    );
    expect(await readiness()).toEqual({
      status: 200,
      ready: true,
      degraded: ['database: read-only'],
      failing: [],
    });
    const input = { conversationId: id, content: 'refused' };
    const { errors } = await alice!.request(SendMessageDocument, { input });
    expect(errors?.[0]?.extensions).toEqual(UNAVAILABLE);

    // Each read is one for the server, too.
    await bob!.ask(MeDocument, {});
    await bob!.ask(UserDocument, { id: 'alice' });
    await bob!.ask(BlockedUsersDocument, {});
    await bob!.ask(ConversationsDocument, { first: 10 });
    await bob!.ask(ConversationDocument, { id });
    await bob!.ask(ConversationOffersDocument, { id });
    await bob!.ask(MessagesDocument, { id, first: 10 });
    await bob!.ask(EventsDocument, { id, after: 0, first: 10 });
    await bob!.ask(InboxDocument, {});
    await bob!.ask(NotificationsDocument, {});
    await bob!.ask(OfferDocument, { id: offer.id });
    await bob!.ask(OffersDocument, {});
    const device = cluster.device(bob!);
    const replay = device.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    expect((await replay.next()).messageAdded.content).toBe('before');
    const inbox = device.subscribe(NotificationAddedDocument, { after: 0 });
    expect((await inbox.next()).notificationAdded.sequence).toBeGreaterThan(0);
    device.subscribe(InboxUpdatedDocument, {});
    device.subscribe(UserPresenceDocument, {});

    // A message that is written somewhere else reaches the subscribers all the same.
    const message = { id: randomUUID(), senderId: 'alice', content: 'elsewhere', attachments: [] };
    await operator.query('select send_messages($1, $2, $3)', [
      id,
      [],
      JSON.stringify([{ ...message, replyToId: null, clientMessageId: null, inputHash: null }]),
    ]);
    for (const stream of [live, replay])
      expect((await stream.next()).messageAdded.content).toBe('elsewhere');

    await setReadOnly('default');
    await sendBy(alice!, id, { content: 'after' });
    for (const stream of [live, replay])
      expect((await stream.next()).messageAdded.content).toBe('after');
    await eventually(async () =>
      expect(await readiness()).toEqual({ status: 200, ready: true, degraded: [], failing: [] }),
    );
  });
});
