import { Client } from 'pg';
import {
  LeaveConversationDocument,
  PostSystemMessageDocument,
  SendMessageDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { people } from './people';

describe('attacks on sending', () => {
  let cluster: Cluster;
  /** Sessions beside the node's own. */
  let one: Client;
  let other: Client;

  beforeAll(async () => {
    cluster = await Cluster.start();
    one = new Client(cluster.databaseUrl);
    other = new Client(cluster.databaseUrl);
    await Promise.all([one.connect(), other.connect()]);
  });
  afterAll(async () => {
    await Promise.all([one.end(), other.end()]);
    await cluster.stop();
  });

  /** Sends that will share one statement, once the conversation is free again: the first goes alone, and waits for it. */
  async function together<T>(
    conversationId: string,
    sends: (() => Promise<T>)[],
  ): Promise<Promise<T>[]> {
    await one.query('begin');
    await one.query('select from conversations where id = $1 for update', [conversationId]);
    const { writer } = cluster.node.services.messages.service as unknown as {
      writer: { conversations: Map<string, { waiting: unknown[] }> };
    };
    const under = sends.slice(0, 1).map((send) => send());
    await eventually(() => expect(writer.conversations.get(conversationId)?.waiting).toEqual([]));
    for (const [index, send] of sends.slice(1).entries()) {
      under.push(send());
      await eventually(() =>
        expect(writer.conversations.get(conversationId)!.waiting).toHaveLength(index + 1),
      );
    }
    return under;
  }

  /** Until somebody waits for what this session holds. */
  const untilBlockedBy = (pid: number) =>
    eventually(async () => {
      const waiting = await one.query(
        'select from pg_stat_activity where $1 = any(pg_blocking_pids(pid))',
        [pid],
      );
      expect(waiting.rowCount).toBe(1);
    });

  test('messages that share a statement hold no inbox while they wait for somebody who marks it read', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const sent = await together(id, [
      () => sendBy(alice, id),
      () => sendBy(alice, id),
      () => sendBy(bob, id),
    ]);
    await other.query('begin');
    // What mark_read does first; then it needs the inbox.
    await other.query(
      'select from participants where conversation_id = $1 and user_id = $2 for no key update',
      [id, bob.id],
    );
    const { rows } = await other.query<{ pid: number }>('select pg_backend_pid() as pid');
    await one.query('commit');
    await untilBlockedBy(rows[0]!.pid);
    await other.query('select from inboxes where user_id = $1 for update nowait', [bob.id]);
    await other.query('commit');
    const messages = await Promise.all(sent);
    expect(messages.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test('the platform may speak where everybody has left, and is heard there once', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    for (const person of [alice, bob])
      await person.ask(LeaveConversationDocument, { input: { conversationId: id } });
    const post = (content: string) => () =>
      cluster
        .service()
        .refusal(PostSystemMessageDocument, { input: { conversationId: id, content } });
    const posted = await together(id, [post('first'), post('second'), post('third')]);
    await one.query('commit');
    expect(await Promise.all(posted)).toEqual([null, null, null]);
    const { rows } = await one.query(
      'select content from messages where conversation_id = $1 order by sequence',
      [id],
    );
    expect(rows.map(({ content }) => content)).toEqual(['first', 'second', 'third']);
  });

  test.each(['40P01', '40001'])(
    'a message that the database keeps aborting (%s) may be tried again later',
    async (code) => {
      const [alice, bob] = await people(cluster, 'alice', 'bob');
      const { id } = await conversationOf([alice, bob]);
      await one.query(`create function abort_${code}() returns trigger language plpgsql as $$
      begin
        if new.content = '${code}' then raise exception 'aborted' using errcode = '${code}'; end if;
        return new;
      end $$`);
      await one.query(
        `create trigger "${code}" before insert on messages for each row execute function abort_${code}()`,
      );
      const { errors } = await alice.request(SendMessageDocument, {
        input: { conversationId: id, content: code },
      });
      expect(errors![0]!.extensions).toEqual({ code: 'UNAVAILABLE', retryAfterMs: 1_000 });
      expect((await sendBy(alice, id)).sequence).toBe(1);
    },
  );

  test('remembering when many were seen holds nobody while it waits for somebody who comes before them', async () => {
    const [zoe] = await people(cluster, 'zoe');
    const [adam] = await people(cluster, 'adam');
    await other.query('begin');
    const { rows } = await other.query<{ pid: number }>(
      'select pg_backend_pid() as pid from users where id = $1 for share',
      [adam.id],
    );
    const at = new Date();
    const remembered = cluster.node.services.people.users.recordSeen([zoe.id, adam.id], at);
    await untilBlockedBy(rows[0]!.pid);
    await other.query('select from users where id = $1 for share nowait', [zoe.id]);
    await other.query('commit');
    await remembered;
    const seen = await one.query('select from users where id = any($1) and last_seen_at = $2', [
      [zoe.id, adam.id],
      at,
    ]);
    expect(seen.rowCount).toBe(2);
  });
});
