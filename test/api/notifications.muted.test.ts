import { Client } from 'pg';
import { MuteConversationDocument, NotificationAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { notificationsOf, open } from '../support/inbox';
import { people } from './people';

/** Longer than the seconds in which somebody may come back. */
const LATE_MS = 20_000;

test('who muted a conversation meanwhile is not notified of it late', async () => {
  const cluster = await Cluster.start();
  const database = new Client({ connectionString: cluster.databaseUrl });
  await database.connect();
  const [alice, bob] = await people(cluster, 'alice', 'bob');
  const device = cluster.device(bob);
  const muted = await conversationOf([alice, bob]);
  const other = await conversationOf([alice, bob]);
  for (const { id } of [muted, other]) {
    const stream = await open(device, id);
    const { id: messageId } = await sendBy(alice, id);
    await stream.find(({ messageAdded }) => messageAdded.id === messageId);
  }
  const until = new Date(Date.now() + 3_600_000).toISOString();
  await bob.ask(MuteConversationDocument, { input: { conversationId: muted.id, until } });
  const inbox = bob.subscribe(NotificationAddedDocument, { after: 0 });
  device.drop();
  expect((await inbox.next(LATE_MS)).notificationAdded.conversation!.id).toBe(other.id);
  const viewing = 'select from conversation_events where viewing @> array[$1]';
  await eventually(async () =>
    expect((await database.query(viewing, [bob.id])).rows).toHaveLength(0),
  );
  expect(await notificationsOf(bob)).toHaveLength(1);
  const input = { conversationId: muted.id, until: null };
  await bob.ask(MuteConversationDocument, { input });
  await sendBy(alice, muted.id);
  expect((await inbox.next()).notificationAdded).toMatchObject({ count: 1 });
  await database.end();
  await cluster.stop();
}, 60_000);
