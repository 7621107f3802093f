import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Session } from '../../src/auth/authenticator';
import type { HintStream } from '../../src/delivery/hint.stream';
import { Context } from '../../src/graphql/context';
import { conversationListStream } from '../../src/graphql/streams/conversation-list.stream';
import { customEventStream } from '../../src/graphql/streams/custom-event.stream';
import { inboxStream } from '../../src/graphql/streams/inbox.stream';
import { presenceStream } from '../../src/graphql/streams/presence.stream';
import { readMarkStream } from '../../src/graphql/streams/receipt.stream';
import { typingStream } from '../../src/graphql/streams/typing.stream';
import { viewersStream } from '../../src/graphql/streams/viewers.stream';
import { createLogger } from '../../src/logger';
import { people } from '../api/people';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';

const SUBSCRIPTIONS = 500;
/** Several times as much as any of them needs. */
const MOST_BYTES = 8_192;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

type Start = (context: Context, conversationId: string) => Promise<HintStream<unknown>>;

const STREAMS: [name: string, start: Start][] = [
  ['messagesRead of a conversation', (context, id) => readMarkStream(context, id)],
  ['messagesRead of all', (context) => readMarkStream(context, null)],
  ['typing', typingStream],
  ['viewers', viewersStream],
  ['userPresence', (context) => presenceStream(context, null)],
  ['inboxUpdated', inboxStream],
  ['conversationUpdated', conversationListStream],
  ['customEvent', (context, id) => customEventStream(context, id)],
];

describe('the memory of a subscription without a position', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start();
  });
  afterAll(() => cluster.stop());

  async function usedBytes(): Promise<number> {
    for (let round = 0; round < 3; round++) {
      collectGarbage();
      await new Promise(setImmediate);
    }
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  }

  test.each(STREAMS)('%s is small while nothing happens', async (_name, start) => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id } = await conversationOf([alice, bob]);
    const session = { caller: { kind: 'user', userId: alice.id }, expiresAt: null } as Session;
    const logger = createLogger('silent');
    const begin = async () => {
      const context = new Context(cluster.node.services, session, null, logger);
      const stream = await start(context, id);
      context.dropLoaders();
      stream.readBy({ isReady: true, underWay: [], push() {}, ended() {} });
      return stream;
    };
    const warm = await begin();
    const before = await usedBytes();
    // Together, since starts wait for each other to share their statements.
    const streams = await Promise.all(Array.from({ length: SUBSCRIPTIONS }, begin));
    const each = ((await usedBytes()) - before) / SUBSCRIPTIONS;
    for (const stream of [warm, ...streams]) stream.close();
    expect(each).toBeLessThan(MOST_BYTES);
  });
});
