import type { Bus } from '../../src/bus/bus';
import {
  LeaveConversationDocument,
  MessageAddedDocument,
  ViewersDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import { views } from '../support/inbox';
import type { Person } from '../support/person';
import { block, unblock } from './blocking';
import { people } from './people';

describe('who watches who has a conversation open, at two nodes', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  const opens = (person: Person, conversationId: string) =>
    person.subscribe(MessageAddedDocument, { conversationId });
  const watches = (person: Person, conversationId: string) =>
    person.subscribe(ViewersDocument, { conversationId });
  const seats = () => cluster.nodes[1]!.services.delivery.hub.size.seats;

  test('is told that somebody has left at a block from either side, and is there again when it is taken back', async () => {
    const [actor, witness, one, other] = await people(
      cluster,
      'actor',
      'witness',
      'blocker',
      'blocked',
    );
    const watchers = [one, other].map((person) => cluster.device(person, cluster.nodes[1]));
    const { id } = await conversationOf([witness, actor, one, other]);
    const hide = () => Promise.all([block(one, actor), block(actor, other)]);
    const show = () => Promise.all([unblock(one, actor), unblock(actor, other)]);
    const open = [opens(actor, id), opens(witness, id)] as const;
    for (const person of [actor, witness]) await views(person, id, true);
    const streams = watchers.map((watcher) => watches(watcher, id));
    const all = async (state: string, { id: userId }: Person) => {
      for (const stream of streams)
        expect((await stream.next()).viewers).toMatchObject({ state, user: { id: userId } });
    };
    for (const stream of streams) {
      const there = (await stream.take(2)).map(({ viewers }) => [viewers.state, viewers.user.id]);
      expect(there.sort()).toEqual([actor, witness].map((person) => ['JOINED', person.id]));
    }

    await hide();
    await all('LEFT', actor);
    await show();
    await all('JOINED', actor);
    await hide();
    await all('LEFT', actor);
    // What becomes of them meanwhile is not told, nor that they are there when they are not any more.
    open[0].stop();
    await views(actor, id, false);
    await show();
    await hide();
    open[1].stop();
    await all('LEFT', witness);
  });

  test('is told that somebody has left although the word of the block was lost', async () => {
    const [actor, own] = await people(cluster, 'actor', 'own');
    const { id } = await conversationOf([actor, own]);
    const open = opens(actor, id);
    await views(actor, id, true);
    const stream = watches(cluster.device(own, cluster.nodes[1]), id);
    expect((await stream.next()).viewers.state).toBe('JOINED');
    const { bus } = cluster.node.services.delivery.log as unknown as { bus: Bus };
    const muted = jest.spyOn(bus, 'publish').mockImplementation(() => {});
    await block(own, actor);
    muted.mockRestore();
    open.stop();
    expect((await stream.next()).viewers).toMatchObject({ state: 'LEFT', user: { id: actor.id } });
  });

  test('gives back all that it has taken, however it ends', async () => {
    const [own, friend] = await people(cluster, 'own', 'friend');
    const watcher = cluster.device(own, cluster.nodes[1]);
    const { id } = await conversationOf([own, friend]);
    const before = seats();
    const stopped = watches(watcher, id);
    const left = watches(watcher, id);
    await eventually(() => expect(seats()).toBe(before + 4));
    stopped.stop();
    await eventually(() => expect(seats()).toBe(before + 2));
    await own.ask(LeaveConversationDocument, { input: { conversationId: id } });
    expect(await left.refusal()).toBe('FORBIDDEN');
    await eventually(() => expect(seats()).toBe(before));
  });
});
