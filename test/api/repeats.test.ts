import { randomUUID } from 'node:crypto';
import {
  CreateOfferDocument,
  NotifyUserDocument,
  PostSystemMessageDocument,
  StartConversationDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf } from '../support/factories';
import type { Answer, Person } from '../support/person';
import { people } from './people';

const AT_ONCE = 12;

describe('equal requests with one key at once, on two nodes', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ nodes: 2 });
  });
  afterAll(() => cluster.stop());

  /** All answers, which have to be free of errors. */
  async function atOnce<T>(
    person: Person,
    request: (device: Person, index: number) => Promise<Answer<T>>,
  ): Promise<Answer<T>[]> {
    const elsewhere = cluster.device(person, cluster.nodes[1]);
    return Promise.all(
      Array.from({ length: AT_ONCE }, (_, index) =>
        request(index % 2 === 0 ? person : elsewhere, index),
      ),
    );
  }

  /** The one thing that all of them are answered with. */
  function theOne<T>(answers: readonly Answer<T>[]): T {
    for (const { errors } of answers) expect(errors).toBeUndefined();
    const [first, ...others] = answers.map(({ data }) => data!);
    for (const other of others) expect(other).toEqual(first);
    return first!;
  }

  test('make one offer, and one with another input is refused', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id: conversationId } = await conversationOf([alice, bob]);
    const items = [{ giverId: alice.id, kind: 'CREDITS' as const, amount: 5 }];
    const input = { conversationId, items, clientOfferId: randomUUID() };
    theOne(await atOnce(alice, (device) => device.request(CreateOfferDocument, { input })));
    expect(await alice.refusal(CreateOfferDocument, { input: { ...input, note: 'other' } })).toBe(
      'IDEMPOTENCY_MISMATCH',
    );
  });

  test('start one group', async () => {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const input = {
      participantIds: [bob.id, carol.id],
      subject: 'once',
      clientConversationId: randomUUID(),
    };
    const answers = await atOnce(alice, (device) =>
      device.request(StartConversationDocument, { input }),
    );
    const made = answers.map(({ data }) => data?.startConversation);
    expect(new Set(made.map((one) => one?.conversation.id)).size).toBe(1);
    expect(made.filter((one) => one?.created)).toHaveLength(1);
  });

  test('post one system message, and notify once', async () => {
    const [alice, bob] = await people(cluster, 'alice', 'bob');
    const { id: conversationId } = await conversationOf([alice, bob]);
    const service = cluster.service();
    const post = { conversationId, content: 'welcome', clientMessageId: randomUUID() };
    const { postSystemMessage } = theOne(
      await atOnce(service, (device) => device.request(PostSystemMessageDocument, { input: post })),
    );
    expect(postSystemMessage.message.sequence).toBe(1);
    const notice = { userId: bob.id, title: 'once', deduplicationKey: randomUUID() };
    theOne(
      await atOnce(service, (device) => device.request(NotifyUserDocument, { input: notice })),
    );
  });
});
