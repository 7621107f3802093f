import { people } from '../api/people';
import { MessageAddedDocument, ViewersDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import { Observer } from '../support/observer';
import type { Person } from '../support/person';

const TABS = 10;
/** More than the grace of 5 s, on a machine that is busy. */
const TIMEOUT_MS = 60_000;

/**
 * Two nodes, and somebody with devices at both. Observers at both nodes are told of them; and of a witness, who goes
 * without a word at the moment in question: once the witness is told to be gone, the grace of 5 s is over, and whatever
 * else would have been told after it was told.
 */
describe('somebody with many devices', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  async function scene() {
    const [alice, witness, bob, carol] = await people(cluster, 'alice', 'witness', 'bob', 'carol');
    const { id } = await conversationOf([alice, witness, bob, carol]);
    await sendBy(bob, id);
    /** A device at one of the nodes that has the conversation open, in force. */
    const open = async (person: Person, at: number) => {
      const device = cluster.device(person, cluster.nodes[at]);
      const view = device.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      await view.next();
      return { device, view };
    };
    const witnessing = await open(witness, 1);
    const observers = [bob, carol].map(
      (person, at) => new Observer(cluster.device(person, cluster.nodes[at]), id, [alice, witness]),
    );
    for (const observer of observers) await observer.sees(witness, ['JOINED'], ['online']);
    return {
      id,
      alice,
      witness,
      observers,
      open,
      /** Resolves when somebody who goes now without a word was told to be gone: 5 s later. */
      async graceIsOver() {
        witnessing.device.drop();
        for (const observer of observers)
          await observer.sees(witness, ['JOINED', 'LEFT'], ['online', 'offline'], TIMEOUT_MS);
      },
      /** All observers are told this of alice, and nothing else. */
      async told(viewing: string[], presence: string[]) {
        for (const observer of observers) await observer.sees(alice, viewing, presence, TIMEOUT_MS);
        for (const observer of observers)
          expect(await observer.viewersNow()).toEqual(observer.viewersTold());
      },
    };
  }

  test(
    'comes once with the first and goes once with the last, wherever they are',
    async () => {
      const { alice, observers, open, graceIsOver, told } = await scene();
      const phone = await open(alice, 0);
      await told(['JOINED'], ['offline', 'online']);
      const laptop = await open(alice, 1);
      await phone.device.disconnect();
      await graceIsOver();
      await told(['JOINED'], ['offline', 'online']);
      const leavesAt = Date.now();
      await laptop.device.disconnect();
      await told(['JOINED', 'LEFT'], ['offline', 'online', 'offline']);
      for (const observer of observers)
        expect(observer.lastSeenOf(alice).getTime()).toBeGreaterThanOrEqual(leavesAt);
    },
    TIMEOUT_MS,
  );

  test.each([
    ['at the same node', 0],
    ['at another node', 1],
  ])(
    'who is back within the grace, %s, was never gone',
    async (_, at) => {
      const { alice, open, graceIsOver, told } = await scene();
      const before = await open(alice, 0);
      await told(['JOINED'], ['offline', 'online']);
      before.device.drop();
      await open(alice, at);
      await graceIsOver();
      await told(['JOINED'], ['offline', 'online']);
    },
    TIMEOUT_MS,
  );

  test(
    'who completes has left at once, before one who went without a word earlier',
    async () => {
      const { alice, witness, observers, open, graceIsOver, told } = await scene();
      const { view } = await open(alice, 0);
      await told(['JOINED'], ['offline', 'online']);
      const witnessIsGone = graceIsOver();
      view.stop();
      for (const observer of observers)
        await eventually(() => expect(observer.viewingOf(alice)).toEqual(['JOINED', 'LEFT']));
      for (const observer of observers) observer.saw(witness, ['JOINED'], ['online']);
      await witnessIsGone;
    },
    TIMEOUT_MS,
  );

  test(
    'is told of others, never of themselves',
    async () => {
      const { id, alice, witness, open, graceIsOver } = await scene();
      const own = cluster
        .device(alice, cluster.nodes[1])
        .subscribe(ViewersDocument, { conversationId: id });
      await own.next();
      const phone = await open(alice, 0);
      await open(alice, 1);
      await phone.device.disconnect();
      await graceIsOver();
      await eventually(() => expect(own.received).toHaveLength(2));
      expect(own.received.map(({ viewers }) => [viewers.user.id, viewers.state])).toEqual([
        [witness.id, 'JOINED'],
        [witness.id, 'LEFT'],
      ]);
    },
    TIMEOUT_MS,
  );

  test(
    `comes and goes once with ${TABS} tabs that are opened at once and closed at once`,
    async () => {
      const { alice, open, graceIsOver, told } = await scene();
      const tabs = await Promise.all(
        Array.from({ length: TABS }, (_, index) => open(alice, index % 2)),
      );
      await told(['JOINED'], ['offline', 'online']);
      await Promise.all(tabs.map(({ device }) => device.disconnect()));
      await graceIsOver();
      await told(['JOINED', 'LEFT'], ['offline', 'online', 'offline']);
    },
    TIMEOUT_MS,
  );
});
