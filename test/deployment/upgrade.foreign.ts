import { randomUUID } from 'node:crypto';
import { resumable } from '@parley/client';
import { type Client, createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { KeptHttp } from '../faults/kept-http';
import { Place } from '../faults/place';
import { eventually } from '../support/eventually';
import {
  createDatabase,
  type PostgresService,
  type RedisService,
  startPostgres,
  startRedis,
} from '../support/services';

/** The program of an earlier commit, which `npm run test:upgrade` has built. */
const EARLIER = process.env.PARLEY_UPGRADE_FROM!;
/** What both versions have to understand. */
const UPSERT = `mutation ($input: [UpsertUserInput!]!) { upsertUsers(input: $input) { users { id } } }`;
const START = `mutation ($input: StartConversationInput!) { startConversation(input: $input) { conversation { id } } }`;
const SEND = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }`;
const EDIT = `mutation ($input: EditMessageInput!) { editMessage(input: $input) { message { id } } }`;
const READ = `mutation ($input: MarkReadInput!) { markRead(input: $input) { conversation { id } } }`;
const OFFER = `mutation ($input: CreateOfferInput!) { createOffer(input: $input) { offer { id version } } }`;
const COUNTER = `mutation ($input: CounterOfferInput!) { counterOffer(input: $input) { offer { id version } } }`;
const ACCEPT = `mutation ($input: OfferActionInput!) { acceptOffer(input: $input) { offer { status } } }`;
const LIST = `{ conversations { nodes { id lastSequence unreadCount } } }`;
const EVENTS = `subscription ($conversationId: ID!, $after: Int!) {
  conversationEvents(conversationId: $conversationId, after: $after) {
    sequence kind offerAction actor { id } message { id content } offer { id status }
  }
}`;
const INBOX = `subscription { notificationAdded(after: 0) { id kind } }`;

const PEOPLE = ['alice', 'bob'] as const;
type Person = (typeof PEOPLE)[number];
const tokenOf = (person: Person) => signToken(DEVELOPMENT_SECRET, { sub: person });

interface LogEvent {
  sequence: number;
  kind: string;
  offerAction: string | null;
}

/** A subscription that resumes, at one node. */
class Follower<T> {
  readonly received: T[] = [];
  readonly ends: unknown[] = [];
  private readonly client: Client;

  constructor(url: string, person: Person, query: string, variables: Record<string, unknown> = {}) {
    this.client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { token: tokenOf(person) },
      retryAttempts: Number.POSITIVE_INFINITY,
      retryWait: () => new Promise((resolve) => setTimeout(resolve, 100)),
      shouldRetry: () => true,
    });
    resumable(this.client).subscribe<Record<string, T>>(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (data) this.received.push(...Object.values(data));
          else this.ends.push(errors);
        },
        error: (error) => this.ends.push(error),
        complete: () => {},
      },
    );
  }

  async stop(): Promise<void> {
    await this.client.dispose();
  }
}

test('a node of an earlier commit and a present one serve together on the new schema', async () => {
  const services: (PostgresService | RedisService)[] = [await startPostgres(), await startRedis()];
  const [postgres, redis] = services as [PostgresService, RedisService];
  const env = { DATABASE_URL: await createDatabase(postgres.url), REDIS_URL: redis.url };
  const earlier = new Place('the earlier node', env, EARLIER);
  const present = new Place('the present node', env);
  const followers: Follower<unknown>[] = [];
  const follow = <T>(...args: ConstructorParameters<typeof Follower<T>>) => {
    const follower = new Follower<T>(...args);
    followers.push(follower as Follower<unknown>);
    return follower;
  };
  try {
    // The earlier version alone has made the schema, and history in it.
    await earlier.start();
    const service = signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' });
    const ofEarlier = new KeptHttp(earlier.url);
    await ofEarlier.ask(service, UPSERT, {
      input: PEOPLE.map((id) => ({ id, username: id })),
    });
    const input = { participantIds: ['bob'] };
    const { startConversation } = await ofEarlier.ask<{
      startConversation: { conversation: { id: string } };
    }>(tokenOf('alice'), START, { input });
    const { id } = startConversation.conversation;
    await script(ofEarlier, ofEarlier, id);
    const before = follow<LogEvent>(earlier.url, 'bob', EVENTS, { conversationId: id, after: 0 });
    await eventually(() => expect(before.received.length).toBeGreaterThan(5));

    // The present version migrates, and both serve.
    await present.start();
    const ofPresent = new KeptHttp(present.url);
    const places = [earlier, present];
    const logs = places.map((place) =>
      follow<LogEvent>(place.url, 'alice', EVENTS, { conversationId: id, after: 0 }),
    );
    const inboxes = places.map((place) => follow<{ id: string }>(place.url, 'bob', INBOX));
    for (const [one, other] of [
      [ofEarlier, ofPresent],
      [ofPresent, ofEarlier],
      [ofPresent, ofPresent],
    ] as const)
      await script(one, other, id);

    // The earlier version starts on the new schema, as when a node of it is replaced meanwhile.
    await earlier.terminate();
    await eventually(() => expect(earlier.lives.at(-1)!.readyAt).not.toBeNull(), 60_000);
    await script(ofEarlier, ofPresent, id);
    await agree([before, ...logs], [...inboxes]);
    const sequences = before.received.map(({ sequence }) => sequence);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    const lists = await Promise.all(
      [ofEarlier, ofPresent].map((http) => http.ask(tokenOf('bob'), LIST, {})),
    );
    expect(lists[0]).toEqual(lists[1]);

    expect(followers.flatMap(({ ends }) => ends)).toEqual([]);

    // Back to the earlier version: it goes on alone.
    for (const atPresent of [logs[1]!, inboxes[1]!]) await atPresent.stop();
    await present.stop();
    await script(ofEarlier, ofEarlier, id);
    await agree([before, logs[0]!], [inboxes[0]!]);
    expect([before, logs[0]!, inboxes[0]!].flatMap(({ ends }) => ends)).toEqual([]);
    const counts = `${before.received.length} events, ${inboxes[0]!.received.length} notifications`;
    process.stdout.write(`${counts}; the earlier node said: ${warningsOf(earlier)}\n`);
    ofEarlier.close();
    ofPresent.close();
  } finally {
    for (const follower of followers) await follower.stop();
    await Promise.all([earlier, present].map((place) => place.stop().catch(() => {})));
    for (const one of services) await one.stop();
  }
}, 300_000);

interface OfferAnswer {
  offer: { id: string; version: number };
}

const referenceTo = ({ offer: { id, version } }: OfferAnswer) => ({ offerId: id, version });

/** The main job: Alice writes at one node, Bob answers at the other. */
async function script(one: KeptHttp, other: KeptHttp, conversationId: string): Promise<void> {
  const alice = <T>(query: string, input: object) => one.ask<T>(tokenOf('alice'), query, { input });
  const bob = <T>(query: string, input: object) => other.ask<T>(tokenOf('bob'), query, { input });
  const content = `words ${randomUUID()}`;
  const message = { conversationId, content, clientMessageId: content };
  const { sendMessage } = await alice<{ sendMessage: { message: { id: string } } }>(SEND, message);
  // The same again, at the other node: it is the same message.
  const repeated = await other.ask<{ sendMessage: typeof sendMessage }>(tokenOf('alice'), SEND, {
    input: message,
  });
  expect(repeated.sendMessage).toEqual(sendMessage);
  const { id: messageId } = sendMessage.message;
  await alice(EDIT, { messageId, content: `${content}, edited` });
  await bob(READ, { conversationId, sequence: 1_000_000 });
  await bob(SEND, { conversationId, content: 'an answer', replyToId: messageId });
  const items = [{ giverId: 'alice', kind: 'MONEY', amount: 2_500, currency: 'EUR' }];
  const { createOffer } = await alice<{ createOffer: OfferAnswer }>(OFFER, {
    conversationId,
    items,
  });
  const { counterOffer } = await bob<{ counterOffer: OfferAnswer }>(COUNTER, {
    ...referenceTo(createOffer),
    items: [{ ...items[0], amount: 3_000 }],
  });
  const { acceptOffer } = await alice<{ acceptOffer: { offer: { status: string } } }>(
    ACCEPT,
    referenceTo(counterOffer),
  );
  expect(acceptOffer.offer.status).toBe('ACCEPTED');
}

/** Waits until all have the same log, and all the same notifications. */
async function agree(
  logs: readonly Follower<LogEvent>[],
  inboxes: readonly Follower<{ id: string }>[],
): Promise<void> {
  const keysOf = ({ received }: Follower<LogEvent>) =>
    received.map(({ sequence, kind, offerAction }) => [sequence, kind, offerAction]);
  const longest = () => Math.max(...logs.map(({ received }) => received.length));
  await eventually(() => {
    for (const log of logs) expect(log.received).toHaveLength(longest());
  }, 30_000);
  for (const log of logs) expect(keysOf(log)).toEqual(keysOf(logs[0]!));
  await eventually(() => {
    const [first, ...others] = inboxes.map(({ received }) => new Set(received.map(({ id }) => id)));
    for (const other of others) expect(other).toEqual(first);
  }, 30_000);
}

function warningsOf(place: Place): string {
  const said = place.warnings(0, Date.now());
  return said.length === 0 ? 'nothing' : [...new Set(said)].join('; ');
}
