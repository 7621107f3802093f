import { Client } from 'pg';
import { InboxDocument, NotificationsDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';

test('badges count to 999, then say 1000', async () => {
  const cluster = await Cluster.start();
  const database = new Client({ connectionString: cluster.databaseUrl });
  await database.connect();
  const [alice, bob] = await cluster.persons('alice', 'bob');
  const { id } = await conversationOf([alice!, bob!]);
  await sendBy(alice!, id);
  /** Conversations like the first, each with an unread message and its notification. */
  const copy = (count: number) =>
    database.query(
      `with made as (
         insert into conversations (id, kind, creator_id, last_sequence)
         select gen_random_uuid(), 'GROUP', 'alice', 1 from generate_series(1, $1::integer)
         returning id
       ), joined as (
         insert into participants (conversation_id, user_id)
         select id, unnest(array['alice', 'bob']) from made
       ), sent as (
         insert into messages (id, conversation_id, sequence, sender_id, content, created_at)
         select gen_random_uuid(), id, 1, 'alice', 'Hello', now() from made
         returning conversation_id, id
       ), head as (
         update inboxes set last_sequence = last_sequence + $1 where user_id = 'bob'
         returning last_sequence - $1 as base
       )
       insert into notifications (id, user_id, sequence, added_sequence, kind, actor_id,
         conversation_id, message_id, event_sequence, created_at)
       select gen_random_uuid(), 'bob', base + place, base + place, 'NEW_MESSAGE', 'alice',
         conversation_id, id, 1, now()
       from head, (select *, row_number() over () as place from sent) sent`,
      [count],
    );
  const counts = async () => {
    const { inbox } = await bob!.ask(InboxDocument, {});
    const { notifications } = await bob!.ask(NotificationsDocument, {});
    expect(notifications.unreadCount).toBe(inbox.unreadNotificationCount);
    return [inbox.unreadNotificationCount, inbox.unreadConversationCount];
  };

  await copy(998);
  expect(await counts()).toEqual([999, 999]);
  await copy(1);
  expect(await counts()).toEqual([1000, 1000]);
  await copy(500);
  expect(await counts()).toEqual([1000, 1000]);

  // Most of what was unread is read, and not yet settled: the count goes through all of it.
  await database.query(
    `update participants set last_read_sequence = 1 where user_id = 'bob' and conversation_id in
       (select conversation_id from participants where user_id = 'bob' order by 1 limit 1480)`,
  );
  expect((await counts())[1]).toBe(20);
  await database.end();
  await cluster.stop();
}, 60_000);
