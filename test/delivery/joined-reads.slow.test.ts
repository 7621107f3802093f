import { Client } from 'pg';
import { MemoryBus } from '../../src/bus/bus.memory';
import {
  MessageAddedDocument,
  NotificationAddedDocument,
  NotifyUserDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, sendBy } from '../support/factories';

const LOGS = 60;
/** Statements that so many reads need when they share them: the first alone, and a few more. */
const FEW = 10;

describe('reads of many logs at once', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  /** Counts the statements that contain this text from now on. */
  function counting(text: string): () => number {
    const query = jest.spyOn(Client.prototype, 'query');
    const isMeant = ([statement]: unknown[]) =>
      (statement as { text?: string }).text?.includes(text) ?? false;
    return () => (query.mock.calls as unknown[][]).filter(isMeant).length;
  }

  async function rooms(name: string) {
    const [alice, bob] = await cluster.persons(`alice-${name}`, `bob-${name}`);
    const conversations = await Promise.all(
      Array.from({ length: LOGS }, () => conversationOf([alice!, bob!])),
    );
    return { alice: alice!, bob: bob!, ids: conversations.map(({ id }) => id) };
  }

  test('share their statements when the bus had lost the newest event of each', async () => {
    const { alice, bob, ids } = await rooms('healing');
    const streams = ids.map((conversationId) =>
      bob.subscribe(MessageAddedDocument, { conversationId, after: 0 }),
    );
    await Promise.all(ids.map((id) => sendBy(alice, id)));
    await Promise.all(streams.map((stream) => stream.next()));
    const publish = jest.spyOn(MemoryBus.prototype, 'publish').mockImplementation(() => {});
    await Promise.all(ids.map((id) => sendBy(alice, id)));
    const statements = counting('from conversation_events');
    publish.mockRestore();
    const received = await Promise.all(streams.map((stream) => stream.next()));
    expect(received.map(({ messageAdded }) => messageAdded.sequence)).toEqual(ids.map(() => 2));
    expect(statements()).toBeLessThanOrEqual(FEW);
  });

  test('share their statements when many come back to one log each', async () => {
    const { alice, bob, ids } = await rooms('resuming');
    for (let count = 0; count < 2; count++) await Promise.all(ids.map((id) => sendBy(alice, id)));
    const statements = counting('from conversation_events');
    const streams = ids.map((conversationId) =>
      bob.subscribe(MessageAddedDocument, { conversationId, after: 1 }),
    );
    const received = await Promise.all(streams.map((stream) => stream.next()));
    expect(received.map(({ messageAdded }) => messageAdded.sequence)).toEqual(ids.map(() => 2));
    expect(statements()).toBeLessThanOrEqual(FEW);
  });

  test('share their statements when many come back to their inboxes', async () => {
    const ids = Array.from({ length: LOGS }, (_, index) => `notified-${index}`);
    await cluster.persons(...ids);
    const service = cluster.service();
    for (const userId of ids)
      await service.ask(NotifyUserDocument, { input: { userId, title: 'one' } });
    const { inboxLog } = cluster.node.services.delivery;
    const statements = counting('inboxes');
    expect(await Promise.all(ids.map((id) => inboxLog.head(id)))).toEqual(ids.map(() => 1));
    const pages = await Promise.all(ids.map((id) => inboxLog.source(id).read([0, 1], 200)));
    expect(pages).toMatchObject(
      ids.map((userId) => [
        { events: [{ userId, sequence: 1 }], reached: 1 },
        { events: [], reached: 1 },
      ]),
    );
    expect(statements()).toBeLessThanOrEqual(FEW);
  });

  test('of one inbox read the rows of a page together', async () => {
    const user = await cluster.person('much-notified');
    const service = cluster.service();
    const titles = Array.from({ length: 150 }, (_, index) => `${index}`);
    for (const title of titles)
      await service.ask(NotifyUserDocument, { input: { userId: user.id, title } });
    const rows = counting('from notifications n where id');
    const stream = user.subscribe(NotificationAddedDocument, { after: 0 });
    const received = await stream.take(titles.length);
    expect(received.map(({ notificationAdded }) => notificationAdded.title)).toEqual(titles);
    expect(rows()).toBe(1);
  });
});
