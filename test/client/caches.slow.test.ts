import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { Pool } from 'pg';
import {
  EditMessageDocument,
  InboxUpdatedDocument,
  MarkNotificationsReadDocument,
  MarkReadDocument,
  WithdrawOfferDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { Deeds, deed, type Step, scriptOf } from '../support/deeds';
import { eventually } from '../support/eventually';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { Device } from './device';
import { snapshotOf } from './snapshot';

/** A long form by the environment. */
const ACTIONS = Number(process.env.PARLEY_CACHE_ACTIONS ?? 80);
const SEED = Number(process.env.PARLEY_SEED ?? Date.now() % 2 ** 31);

const SUBSCRIPTIONS = [
  'ConversationUpdated',
  'InboxUpdated',
  'NotificationAdded',
  'AnyMessageAdded',
  'AnyMessageUpdated',
  'AnyOfferUpdated',
  'MessagesRead',
];
const LATEST_MS = 400;
/** Two may want the same thing at once, or what the other has just ended. */
const REFUSALS = ['CONFLICT', 'FORBIDDEN', 'BAD_USER_INPUT'];

/** One answer in four takes longer than what is told meanwhile. */
function latenesses(seed: number): () => Promise<void> {
  const latest = fc.sample(
    fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: 50, max: LATEST_MS })),
    {
      seed,
      numRuns: 100,
    },
  );
  let turn = 0;
  return () => delay(latest[turn++ % latest.length]);
}

/** After each round all is looked at; some are of one thing, which then nothing else puts right. */
function roundsOf(script: readonly Step[]): Step[][] {
  const lengths = fc.sample(fc.constantFrom(1, 2, 10, 30), { seed: SEED, numRuns: script.length });
  const rounds: Step[][] = [];
  for (let from = 0; from < script.length; from += rounds.at(-1)!.length)
    rounds.push(script.slice(from, from + lengths[rounds.length]!));
  return rounds;
}

describe('devices that only listen', () => {
  let cluster: Cluster;
  let database: Pool;
  let devices: Device[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
    database = new Pool({ connectionString: cluster.databaseUrl });
  });
  afterEach(() => Promise.all(devices.map((device) => device.stop())));
  afterAll(async () => {
    await database.end();
    await cluster.stop();
  });

  test(`know what a fresh look would show: ${ACTIONS} actions of seed ${SEED}`, async () => {
    const [ana, bob, carol] = (await cluster.persons('ana', 'bob', 'carol')) as [
      Person,
      Person,
      Person,
    ];
    const talks = [
      [ana, bob],
      [ana, carol],
      [bob, carol],
      [ana, bob, carol],
    ];
    const [pair, muted] = await Promise.all(talks.map((people) => conversationOf(people)));
    // What is said there changes badges and notifies nobody.
    await database.query(
      `update participants set muted_until = '2100-01-01' where conversation_id = $1`,
      [muted!.id],
    );
    devices = cluster.nodes.map(
      (node, index) => new Device(cluster.device(ana, node), latenesses(SEED + index)),
    );
    await listen(bob, pair!.id);

    const others = [bob, carol].map(
      (person, index) => new Other(cluster.device(person, cluster.nodes[index])),
    );
    const deeds = new Deeds(database, [ana.id, bob.id, carol.id]);
    const done: Record<string, number> = {};
    for (const round of roundsOf(scriptOf(SEED, ACTIONS, 4))) {
      await Promise.all(
        [...devices, ...others].map((actor, index) => live(actor, index, round, deeds, done)),
      );
      await eventually(() => expectFresh(), 30_000);
    }
    process.stdout.write(`${ACTIONS} actions of seed ${SEED}: ${JSON.stringify(done)}\n`);
    expect(Object.values(done).reduce((sum, one) => sum + one, 0)).toBeGreaterThan(ACTIONS / 3);

    for (const isConnected of [true, false]) {
      for (const other of others) await other.be(isConnected);
      await eventually(() => expectFresh([isConnected, isConnected]), 30_000);
    }
    for (const device of devices) expect(device.complaints).toEqual([]);
  }, 1_800_000);

  /** Does their part of a round, one thing after the other; notes what was answered. */
  async function live(
    actor: Device | Other,
    index: number,
    round: Step[],
    deeds: Deeds,
    done: Record<string, number>,
  ) {
    for (const step of round.filter(({ who }) => who === index)) {
      const refusal = await act(actor, { ...step, who: Math.max(0, index - 1) }, deeds);
      if (refusal === null) done[step.do] = (done[step.do] ?? 0) + 1;
      else if (refusal !== 'nothing') expect(REFUSALS).toContain(refusal);
    }
  }

  test('are not set back by an answer that comes late', async () => {
    const [dora, emil] = (await cluster.persons('dora', 'emil')) as [Person, Person];
    const { id } = await conversationOf([dora, emil]);
    const { id: messageId } = await sendBy(dora, id);
    let late: Promise<void> | undefined;
    const phone = new Device(cluster.device(dora, cluster.nodes[0]), async () => late);
    const laptop = new Device(cluster.device(dora, cluster.nodes[1]));
    devices = [phone, laptop];
    await listen(emil, id);
    let arrive = () => {};
    late = new Promise((resolve) => {
      arrive = resolve;
    });
    const answers = [
      phone.do(deed(EditMessageDocument, { messageId, content: 'first' })),
      phone.do(deed(MarkReadDocument, { conversationId: id, sequence: 1_000 })),
      phone.do(deed(MarkNotificationsReadDocument, { throughSequence: 1_000 })),
    ];
    const messageIn = () =>
      snapshotOf(phone.cache).conversations[id]!.messages!.find((one) => one.id === messageId);
    await eventually(() => expect(messageIn()).toMatchObject({ version: 2, content: 'first' }));
    await eventually(() =>
      expect(snapshotOf(phone.cache).inbox).toMatchObject({
        unreadNotificationCount: 0,
        unreadConversationCount: 0,
      }),
    );
    await laptop.do(deed(EditMessageDocument, { messageId, content: 'second' }));
    await sendBy(emil, id);
    await eventually(() => expectFresh());
    arrive();
    expect(await Promise.all(answers)).toEqual([null, null, null]);
    await expectFresh();
    expect(messageIn()).toMatchObject({ version: 3, content: 'second' });
  }, 120_000);

  /** Their subscriptions are in force, then they ask for everything once. */
  async function listen(bob: Person, conversationId: string): Promise<void> {
    for (const device of devices) device.listen();
    // Live hints begin when the subscription is in force, which nothing announces: so something happens until they come.
    await eventually(async () => {
      const message = await sendBy(bob, conversationId);
      await bob.ask(EditMessageDocument, {
        input: { messageId: message.id, content: 'other words' },
      });
      const offer = await offerBy(bob, conversationId);
      await bob.ask(WithdrawOfferDocument, { input: { offerId: offer.id, version: 1 } });
      for (const device of devices)
        expect([...device.heard.keys()].sort()).toEqual([...SUBSCRIPTIONS].sort());
    }, 30_000);
    for (const device of devices) await device.start();
  }

  async function act(actor: Device | Other, step: Step, deeds: Deeds): Promise<string | null> {
    if (step.do === 'come') return actor instanceof Other ? actor.comeOrGo() : 'nothing';
    const deed = await deeds.choose(step);
    return deed ? actor.do(deed) : 'nothing';
  }

  /** What the devices know is what one that asks now is told; and who of the others is online, if that is given. */
  async function expectFresh(online: boolean[] = []): Promise<void> {
    const fresh = new Device(devices[0]!.person);
    await fresh.fetch();
    const now = snapshotOf(fresh.cache);
    await fresh.stop();
    for (const [index, expected] of online.entries()) {
      const presence = now.presence[['bob', 'carol'][index]!];
      if (presence) expect(presence.online).toBe(expected);
    }
    for (const device of devices) expect(snapshotOf(device.cache)).toEqual(now);
  }
});

/** One of the others: asks over HTTP, and is there or not by a socket. */
class Other {
  private isConnected = false;

  constructor(private readonly person: Person) {}

  async do({ document, input }: Parameters<Device['do']>[0]): Promise<string | null> {
    return this.person.refusal(document, { input });
  }

  async comeOrGo(): Promise<null> {
    await this.be(!this.isConnected);
    return null;
  }

  async be(isConnected: boolean): Promise<void> {
    if (isConnected === this.isConnected) return;
    if (isConnected) this.person.subscribe(InboxUpdatedDocument, {});
    else await this.person.disconnect();
    this.isConnected = isConnected;
  }
}
