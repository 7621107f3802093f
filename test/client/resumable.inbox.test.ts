import { type Resync, resumable } from '@parley/client';
import { print } from 'graphql';
import type { Client } from 'graphql-ws';
import {
  MarkNotificationsReadDocument,
  NotificationAddedDocument,
  type NotificationAddedSubscription,
  NotifyUserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { inboxOf, notificationsOf, read } from '../support/inbox';
import { tunnelled } from './tunnelled';

type Added = NotificationAddedSubscription['notificationAdded'];

const QUERY = print(NotificationAddedDocument);

describe('a resumable client of an inbox', () => {
  let cluster: Cluster;
  const clients: Client[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.dispose();
  });
  afterAll(() => cluster.stop());

  test('goes on where it stopped, over the places that notifications have left', async () => {
    const [alice, bob] = await cluster.persons('alice', 'bob');
    const { id } = await conversationOf([alice!, bob!]);
    const notify = (title: string) =>
      cluster.service().ask(NotifyUserDocument, { input: { userId: bob!.id, title } });
    const { client, away } = tunnelled(bob!, clients);
    const received: Added[] = [];
    const comes = (count: number) =>
      eventually(() => expect(received.length).toBeGreaterThanOrEqual(count));
    await notify('one');
    const after = (await inboxOf(bob!)).lastNotificationSequence;
    resumable(client).subscribe<NotificationAddedSubscription>(
      { query: QUERY, variables: { after } },
      {
        next: ({ data }) => received.push(data!.notificationAdded),
        error: () => {},
        complete: () => {},
      },
    );
    await sendBy(alice!, id);
    await comes(1);
    await away(async () => {
      await sendBy(alice!, id);
      await notify('two');
      await sendBy(alice!, id);
    });
    await comes(3);
    await away(async () => {
      await read(bob!, id, 3);
      await bob!.ask(MarkNotificationsReadDocument, { input: { throughSequence: after } });
      await notify('three');
    });
    await notify('four');
    await comes(7);
    expect(
      received.map(({ sequence, kind, count, title, readAt }) => [
        sequence,
        title ?? kind,
        count,
        readAt !== null,
      ]),
    )
      // What is left out: the second message's place (3), which the third one's has taken.
      .toEqual([
        [2, 'NEW_MESSAGE', 1, false],
        [4, 'two', 1, false],
        [5, 'NEW_MESSAGE', 3, false],
        [6, 'NEW_MESSAGE', 3, true],
        [7, 'one', 1, true],
        [8, 'three', 1, false],
        [9, 'four', 1, false],
      ]);
    const known = new Map(received.map((one) => [one.id, one.sequence]));
    expect(known).toEqual(
      new Map((await notificationsOf(bob!)).map((one) => [one.id, one.sequence])),
    );
  });

  test('is told of a position beyond the end of the inbox, and where that is', async () => {
    const bob = await cluster.person('bob-2');
    await cluster.service().ask(NotifyUserDocument, { input: { userId: bob.id, title: 'one' } });
    const resyncs: Resync[] = [];
    const { client } = tunnelled(bob, clients);
    const payload = { query: QUERY, variables: { after: 100 } };
    const stream = resumable(client, { onResync: (resync) => resyncs.push(resync) }).iterate(
      payload,
    );
    await expect(stream.next()).rejects.toMatchObject([
      { extensions: { code: 'RESYNC_REQUIRED' } },
    ]);
    expect(resyncs).toEqual([{ reason: 'RESYNC_REQUIRED', payload, lastSequence: 1 }]);
  });

  test('has to say where it begins', async () => {
    const client = resumable(tunnelled(await cluster.person('bob'), clients).client);
    const sink = { next: () => {}, error: () => {}, complete: () => {} };
    expect(() => client.subscribe({ query: QUERY, variables: {} }, sink)).toThrow(
      '$after needs a value',
    );
    const blind = 'subscription ($after: Int) { notificationAdded(after: $after) { id } }';
    expect(() => client.iterate({ query: blind, variables: { after: 0 } })).toThrow(
      'does not select sequence',
    );
  });
});
