import { KNOWN_ROWS, type LogEvent } from '../../src/events';
import { MessageResolver } from '../../src/graphql/resolvers/message.resolver';
import {
  ConversationEventsDocument,
  MessageAddedDocument,
  NotificationAddedDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';

const MASKED = { message: 'Something went wrong.', extensions: { code: 'INTERNAL_SERVER_ERROR' } };

describe('an event whose rendering always throws', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());
  afterEach(() => jest.restoreAllMocks());

  async function pair() {
    const [alice, bob] = await cluster.persons(`a-${Math.random()}`, `b-${Math.random()}`);
    return { alice: alice!, bob: bob!, id: (await conversationOf([alice!, bob!])).id };
  }

  test.each([
    ['an error', new Error('always')],
    ['no error at all', undefined],
  ])(
    'with %s is told once, live and in a replay, and the stream goes on',
    async (_name, thrown) => {
      const { alice, bob, id } = await pair();
      const original = MessageResolver.prototype.messageAdded;
      jest.spyOn(MessageResolver.prototype, 'messageAdded').mockImplementation(function (
        this: MessageResolver,
        ...args
      ) {
        if ((args[0] as LogEvent).sequence === 2) throw thrown;
        return original.apply(this, args);
      });
      const live = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      const other = bob.subscribe(ConversationEventsDocument, { conversationId: id, after: 0 });
      for (let count = 0; count < 3; count++) await sendBy(alice, id);
      const replaying = cluster
        .device(bob)
        .subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
      for (const stream of [live, replaying]) {
        const received = await stream.take(2);
        expect(received.map(({ messageAdded }) => messageAdded.sequence)).toEqual([1, 3]);
        expect(stream.eventErrors).toMatchObject([MASKED]);
      }
      expect(await other.take(3)).toHaveLength(3);
    },
  );

  test('because of rows that came along is told once', async () => {
    const { alice, bob, id } = await pair();
    const stream = bob.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    await sendBy(alice, id);
    await stream.next();
    const { log } = cluster.node.services.delivery;
    const event = {
      [KNOWN_ROWS]: { rows: { message: null, sender: null } },
      name: 'log.appended',
      conversationId: id,
      sequence: 2,
      kind: 'MESSAGE_ADDED',
    } as unknown as LogEvent;
    log.publish([event], [], []);
    await eventually(() => expect(stream.eventErrors).toMatchObject([MASKED]));
  });

  test('before its value is made is told once', async () => {
    const { alice, bob, id } = await pair();
    const stream = bob.subscribe(NotificationAddedDocument, { after: 0 });
    const { notifications } = cluster.node.services;
    await sendBy(alice, id);
    await stream.next();
    jest.spyOn(notifications, 'byIds').mockImplementationOnce(() => Promise.reject(undefined));
    await sendBy(alice, id);
    await eventually(() => expect(stream.eventErrors).toMatchObject([MASKED]));
    await sendBy(alice, id);
    expect((await stream.next()).notificationAdded.count).toBe(3);
  });
});
