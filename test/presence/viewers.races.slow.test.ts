import fc from 'fast-check';
import { people } from '../api/people';
import { InboxUpdatedDocument, MessageAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import type { EventStream } from '../support/event-stream';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import { Observer } from '../support/observer';

const RUNS = Number(process.env.PARLEY_VIEWER_RUNS ?? 100);
const DEVICES = 2;

/** A device opens the conversation, or closes it if it has it open; then there is a pause. */
const step = fc.record({ device: fc.nat(DEVICES - 1), pauseMs: fc.constantFrom(0, 0, 0, 1, 2, 5) });

describe('a conversation that is opened and closed on devices at two nodes, however fast', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  test('is told in turn, JOINED and LEFT, and in the end as it is', async () => {
    const [alice, witness, bob, carol] = await people(cluster, 'alice', 'witness', 'bob', 'carol');
    const { id } = await conversationOf([alice, witness, bob, carol]);
    const devices = Array.from({ length: DEVICES }, (_, at) =>
      cluster.device(alice, cluster.nodes[at % 2]),
    );
    // Keeps the socket open when nothing else does.
    for (const device of [...devices, witness]) device.subscribe(InboxUpdatedDocument, {});
    witness.subscribe(MessageAddedDocument, { conversationId: id });
    const observers = [bob, carol].map(
      (person, at) => new Observer(cluster.device(person, cluster.nodes[at]), id, [alice, witness]),
    );
    for (const observer of observers)
      await eventually(() => expect(observer.viewingOf(witness)).toEqual(['JOINED']));
    const open = new Map<number, EventStream<unknown>>();
    const seed = Number(process.env.PARLEY_SEED ?? Date.now() % 2 ** 31);
    process.stdout.write(`viewers: seed ${seed}\n`);
    let told = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 20 }), async (steps) => {
        for (const { device, pauseMs } of steps) {
          const view = open.get(device);
          if (view) {
            view.stop();
            open.delete(device);
          } else
            open.set(
              device,
              devices[device]!.subscribe(MessageAddedDocument, { conversationId: id }),
            );
          if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
        }
        const there = [witness.id, ...(open.size > 0 ? [alice.id] : [])].sort();
        for (const observer of observers) {
          await eventually(async () => expect(await observer.viewersNow()).toEqual(there));
          await eventually(() => expect(observer.viewersTold()).toEqual(there));
          const seen = observer.viewingOf(alice);
          expect(seen).toEqual(seen.map((__, index) => (index % 2 === 0 ? 'JOINED' : 'LEFT')));
          told = seen.length;
        }
      }),
      { numRuns: RUNS, seed, endOnFailure: true },
    );
    process.stdout.write(`viewers: ${told} told\n`);
  }, 600_000);
});
