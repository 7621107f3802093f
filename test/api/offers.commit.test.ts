import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { AcceptOfferDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy } from '../support/factories';
import { accountOf, letExpire } from './offers.account';
import { OFFER_ROWS, offerFor, type RowScene } from './offers.rows';
import { people } from './people';

describe('a step of an offer', () => {
  let cluster: Cluster;
  let database: Client;

  beforeAll(async () => {
    cluster = await Cluster.start();
    database = new Client(cluster.databaseUrl);
    await database.connect();
  });
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  async function sceneOf(): Promise<RowScene> {
    const everybody = await people(cluster, 'alice', 'bob', 'carol');
    const [alice, bob] = everybody;
    const { id: conversationId } = await conversationOf(everybody);
    return { cluster, database, conversationId, alice, bob };
  }

  /** The transaction that wrote each row which is about the conversation's newest step, by table. */
  async function writersOf(conversationId: string): Promise<Record<string, string[]>> {
    const { rows } = await database.query(
      `with step as (
         select * from conversation_events where conversation_id = $1 and kind = 'OFFER_UPDATED' order by sequence desc limit 1
       ), told as (
         select n.* from notifications n join step s on n.offer_id = s.offer_id and n.event_sequence = s.sequence
       )
       select 'events' as name, (select array_agg(s.xmin::text) from conversation_events s
           where (conversation_id, sequence) = (select conversation_id, sequence from step)) as writers
       union all select 'offer', array_agg(o.xmin::text) from offers o where id = (select offer_id from step)
       union all select 'transition', array_agg(t.xmin::text) from offer_transitions t
         where (offer_id, version) = (select offer_id, offer_version from step)
       union all select 'notifications', array_agg(n.xmin::text) from notifications n where id in (select id from told)
       union all select 'inboxes', array_agg(i.xmin::text) from inboxes i where user_id in (select user_id from told)`,
      [conversationId],
    );
    return Object.fromEntries(rows.map(({ name, writers }) => [name, writers]));
  }

  test.each(OFFER_ROWS)(
    '($name: $action) is written by one transaction, with its event and all notifications',
    async (row) => {
      const scene = await sceneOf();
      const offer = await offerFor(row, scene);
      await row.happen(scene, offer?.id ?? '', offer?.version ?? 0);
      const told = row.actor === null && !row.gone ? 3 : 2;
      await eventually(async () => {
        const { rows } = await database.query(
          'select count(*)::integer as count from notifications where conversation_id = $1 and kind = $2',
          [scene.conversationId, row.kind],
        );
        expect(rows[0].count).toBe(told);
      });
      const writers = await writersOf(scene.conversationId);
      const [writer] = writers.offer!;
      const all = (count: number) => Array.from({ length: count }, () => writer);
      expect(writers).toEqual({
        offer: all(1),
        transition: all(1),
        events: all(1),
        notifications: all(told),
        inboxes: all(told),
      });
    },
  );

  /** Makes every write of a row about this offer fail: at once, or when it is committed. */
  async function breakWrites(
    table: string,
    offerId: string,
    atCommit: boolean,
  ): Promise<() => Promise<unknown>> {
    const name = `broken_${randomUUID().replaceAll('-', '')}`;
    await database.query(`create function ${name}() returns trigger language plpgsql as $$
      begin
        if new.offer_id = '${offerId}' then raise exception 'broken on purpose'; end if;
        return new;
      end $$`);
    await database.query(
      atCommit
        ? `create constraint trigger ${name} after insert on ${table} deferrable initially deferred
             for each row execute function ${name}()`
        : `create trigger ${name} before insert on ${table} for each row execute function ${name}()`,
    );
    return () => database.query(`drop trigger ${name} on ${table}`);
  }

  const BROKEN = ['offer_transitions', 'conversation_events', 'notifications'].flatMap((table) => [
    [table, 'at once', false] as const,
    [table, 'at the commit', true] as const,
  ]);

  describe.each(BROKEN)(
    'whose row of %s cannot be written, as turns out %s,',
    (table, _when, atCommit) => {
      test('is not made, and nothing of it is left', async () => {
        const { alice, bob, conversationId } = await sceneOf();
        const { id: offerId } = await offerBy(alice, conversationId, { recipientId: bob.id });
        const before = await accountOf(database, offerId);
        const mend = await breakWrites(table, offerId, atCommit);
        const input = { offerId, version: 1 };
        expect(await bob.refusal(AcceptOfferDocument, { input })).toBe('INTERNAL_SERVER_ERROR');
        expect(await accountOf(database, offerId)).toEqual(before);
        const { rows } = await database.query(
          'select last_sequence as last from conversations where id = $1',
          [conversationId],
        );
        expect(rows[0].last).toBe(1);
        await mend();
        expect(await bob.refusal(AcceptOfferDocument, { input })).toBeNull();
        expect((await accountOf(database, offerId)).events).toHaveLength(2);
      });

      test('is made later, where it is its end in time', async () => {
        const { alice, bob, conversationId } = await sceneOf();
        const { id: offerId } = await offerBy(alice, conversationId, { recipientId: bob.id });
        const mend = await breakWrites(table, offerId, atCommit);
        await letExpire(database, [offerId], 0);
        // One that is over later has ended: the node has tried this one by then.
        const { id: marker } = await offerBy(alice, (await conversationOf([alice, bob])).id);
        await letExpire(database, [marker], 0);
        await eventually(async () =>
          expect((await accountOf(database, marker)).status).toBe('EXPIRED'),
        );
        const { status, version, events, notified } = await accountOf(database, offerId);
        expect({ status, version, events: events.length, notified: notified.length }).toEqual({
          status: 'PENDING',
          version: 1,
          events: 1,
          notified: 2,
        });
        await mend();
        await eventually(async () =>
          expect((await accountOf(database, offerId)).status).toBe('EXPIRED'),
        );
        const ended = await accountOf(database, offerId);
        expect(ended.events.map(([, action]) => action)).toEqual(['CREATE', 'EXPIRE']);
        expect(ended.notified.filter(([, kind]) => kind === 'OFFER_EXPIRED')).toHaveLength(3);
      });
    },
  );
});
