import { Pool } from 'pg';
import {
  AcceptOfferDocument,
  NotificationAddedDocument,
  OfferUpdatedDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy } from '../support/factories';
import type { Person } from '../support/person';
import { accountOf, accountsOf, letExpire, type OfferAccount } from './offers.account';

const TRIOS = 50;
const OFFERS_EACH = 5;
/** Offers that are accepted at the moment of their expiry; a long form by the environment. */
const TRIES = Number(process.env.PARLEY_EXPIRY_TRIES ?? 40);
const LANES = 4;
/** How far apart the requests to accept one offer are. */
const SPREAD_MS = [-2, -1, 0, 0, 1, 2];

type Notified = OfferAccount['notified'];

const sorted = (notified: Notified): Notified =>
  [...notified].sort(([one], [other]) => (one < other ? -1 : 1));
const at = (momentMs: number) =>
  new Promise<void>((resolve) => setTimeout(resolve, momentMs - Date.now()));

describe('an offer whose time is over', () => {
  let cluster: Cluster;
  let database: Pool;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 3 });
    database = new Pool({ connectionString: cluster.databaseUrl });
  });
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  /** Alice, Bob and Carol number so and so, spread over the nodes. */
  const trio = (name: string) =>
    Promise.all(
      ['alice', 'bob', 'carol'].map((who, index) =>
        cluster.person(`${who}-${name}`, cluster.nodes[index]),
      ),
    ) as Promise<[Person, Person, Person]>;

  async function pending(ids: readonly string[]): Promise<number> {
    const { rows } = await database.query(
      `select count(*)::integer as count from offers where id = any($1) and status = 'PENDING'`,
      [ids],
    );
    return rows[0].count;
  }

  async function ended(ids: readonly string[]): Promise<OfferAccount[]> {
    await eventually(async () => expect(await pending(ids)).toBe(0), 30_000);
    return accountsOf(database, ids);
  }

  /** What the account of an offer by Alice is that expired, in the sight of these. */
  const expired = (alice: Person, everybody: readonly Person[]) => ({
    status: 'EXPIRED',
    version: 2,
    history: [
      [1, 'CREATE', alice.id, 'PENDING'],
      [2, 'EXPIRE', null, 'EXPIRED'],
    ],
    events: [
      [1, 'CREATE', alice.id],
      [2, 'EXPIRE', null],
    ],
    notified: sorted([
      ...everybody
        .filter((one) => one !== alice)
        .map(({ id }): [string, string] => [id, 'NEW_OFFER']),
      ...everybody.map(({ id }): [string, string] => [id, 'OFFER_EXPIRED']),
    ]),
  });

  test(`is expired once by three nodes, each of ${2 * TRIOS * OFFERS_EACH} of the same moment, and everybody hears of it once`, async () => {
    const scenes = await Promise.all(
      Array.from({ length: TRIOS }, async (_, index) => {
        const people = await trio(`many-${index}`);
        const [alice, bob] = people;
        const places = [];
        for (const everybody of [[alice, bob], people]) {
          const { id } = await conversationOf(everybody);
          const ids: string[] = [];
          while (ids.length < OFFERS_EACH)
            ids.push((await offerBy(alice, id, { recipientId: bob.id })).id);
          places.push({ id, ids, people, everybody });
        }
        return places;
      }),
    );
    const places = scenes.flat();
    const watched = places[0]!;
    const streams = cluster.nodes.map((node) =>
      cluster
        .device(watched.everybody[1]!, node)
        .subscribe(OfferUpdatedDocument, { conversationId: watched.id, after: OFFERS_EACH }),
    );
    const inbox = cluster
      .device(watched.everybody[1]!)
      .subscribe(NotificationAddedDocument, { after: 0 });
    await inbox.take(2 * OFFERS_EACH);

    const offerIds = places.flatMap(({ ids }) => ids);
    const moment = await letExpire(database, offerIds, 1_000);
    const accounts = await ended(offerIds);
    const last = Math.max(...accounts.map(({ lastAt }) => lastAt.getTime()));
    process.stdout.write(
      `${accounts.length} offers: the last expired after ${last - moment.getTime()} ms\n`,
    );

    expect(accounts).toEqual(
      places.flatMap(({ ids, people, everybody }) =>
        ids.map(() => expect.objectContaining(expired(people[0], everybody))),
      ),
    );
    for (const { lastAt } of accounts)
      expect(lastAt.getTime()).toBeGreaterThanOrEqual(moment.getTime());
    for (const { id } of places) {
      const { rows } = await database.query(
        'select sequence from conversation_events where conversation_id = $1 order by sequence',
        [id],
      );
      expect(rows.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 2 * OFFERS_EACH }, (_, i) => i + 1),
      );
    }

    // What comes behind all that shows that there was no more of it.
    const { id: marker } = await offerBy(watched.people[0]!, watched.id, {
      recipientId: watched.people[1]!.id,
    });
    for (const stream of streams) {
      const events = (await stream.take(OFFERS_EACH + 1)).map(({ offerUpdated }) => offerUpdated);
      const heard = events.slice(0, OFFERS_EACH);
      expect(events.map(({ sequence }) => sequence)).toEqual(
        events.map((_, index) => OFFERS_EACH + 1 + index),
      );
      for (const { action, actor, offer } of heard)
        expect({ action, actor, status: offer.status }).toEqual({
          action: 'EXPIRE',
          actor: null,
          status: 'EXPIRED',
        });
      expect(heard.map(({ offer }) => offer.id).sort()).toEqual([...watched.ids].sort());
      expect(events.at(-1)).toMatchObject({ action: 'CREATE', offer: { id: marker } });
    }
    const told = (await inbox.take(2 * OFFERS_EACH + 1)).map(
      ({ notificationAdded }) => notificationAdded,
    );
    expect(new Set(told.map(({ offer }) => offer!.id)).size).toBe(told.length);
    expect(told.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 2 * OFFERS_EACH }, () => 'OFFER_EXPIRED'),
      'NEW_OFFER',
    ]);
  }, 120_000);

  test(`is accepted or expired, never both, whoever comes at that very moment (${TRIES} tries)`, async () => {
    const outcomes = { ACCEPTED: 0, EXPIRED: 0 };
    const closestMs = { ACCEPTED: Number.POSITIVE_INFINITY, EXPIRED: Number.POSITIVE_INFINITY };
    const checks: { offerId: string; account: OfferAccount }[] = [];
    let begun = 0;
    /** How long before the moment requests go out: it follows the outcomes, to be as close to it as can be. */
    let leadMs = 50;

    const lane = async (_: unknown, index: number) => {
      const [alice, bob] = await trio(`race-${index}`);
      const devices = cluster.nodes.map((node) => cluster.device(bob, node));
      const { id } = await conversationOf([alice, bob]);
      while (begun++ < TRIES) {
        const { id: offerId } = await offerBy(alice, id);
        const moment = (await letExpire(database, [offerId], 150)).getTime();
        const [codes] = await Promise.all([
          Promise.all(
            SPREAD_MS.map(async (spread, count) => {
              await at(moment - leadMs + spread);
              const input = { offerId, version: 1, note: `try ${count}` };
              return devices[count % devices.length]!.refusal(AcceptOfferDocument, { input });
            }),
          ),
          // The nodes look by themselves, but not at this very moment.
          ...cluster.nodes.map(async ({ services }) => {
            for (const early of [20, 1, 0]) {
              await at(moment - early);
              await services.offers.service.expire(offerId, [], true);
            }
          }),
        ]);
        const [account] = await ended([offerId]);
        const { status, lastAt } = account!;
        const wasAccepted = status === 'ACCEPTED';
        expect([...codes].sort()).toEqual([
          ...SPREAD_MS.slice(1).map(() => 'CONFLICT'),
          wasAccepted ? null : 'CONFLICT',
        ]);
        expect(account).toMatchObject(
          wasAccepted ? accepted(alice, bob) : expired(alice, [alice, bob]),
        );
        const lateMs = lastAt.getTime() - moment;
        // Times are rounded to the millisecond.
        if (wasAccepted) expect(lateMs).toBeLessThanOrEqual(0);
        else expect(lateMs).toBeGreaterThanOrEqual(0);
        const outcome = wasAccepted ? 'ACCEPTED' : 'EXPIRED';
        outcomes[outcome]++;
        closestMs[outcome] = Math.min(closestMs[outcome], Math.abs(lateMs));
        leadMs += wasAccepted ? -3 : 3;
        checks.push({ offerId, account: account! });
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
    process.stdout.write(
      `${checks.length} offers: ${outcomes.ACCEPTED} accepted, the closest ${closestMs.ACCEPTED} ms before its end, ` +
        `${outcomes.EXPIRED} expired, the closest ${closestMs.EXPIRED} ms after it\n`,
    );

    // Once the nodes have ended one that was over later, they have looked at all of these again.
    const [alice, bob] = await trio('marker');
    const { id: marker } = await offerBy(alice, (await conversationOf([alice, bob])).id);
    await letExpire(database, [marker], 0);
    await ended([marker]);
    expect(
      await accountsOf(
        database,
        checks.map(({ offerId }) => offerId),
      ),
    ).toEqual(checks.map(({ account }) => account));
  }, 600_000);

  const accepted = (alice: Person, bob: Person) => ({
    status: 'ACCEPTED',
    version: 2,
    history: [
      [1, 'CREATE', alice.id, 'PENDING'],
      [2, 'ACCEPT', bob.id, 'ACCEPTED'],
    ],
    events: [
      [1, 'CREATE', alice.id],
      [2, 'ACCEPT', bob.id],
    ],
    notified: [
      [alice.id, 'OFFER_ACCEPTED'],
      [bob.id, 'NEW_OFFER'],
    ],
  });

  test('while no node ran is expired at the next start', async () => {
    const people = await trio('asleep');
    const [alice, bob] = people;
    const { id } = await conversationOf(people);
    const { id: offerId } = await offerBy(alice, id, { recipientId: bob.id });
    await Promise.all(cluster.nodes.map((node) => node.stop()));
    await letExpire(database, [offerId], -60_000);
    expect((await accountOf(database, offerId)).status).toBe('PENDING');
    await cluster.restart();
    expect((await ended([offerId]))[0]).toMatchObject(expired(alice, people));
  });
});
