import { randomUUID } from 'node:crypto';
import { SETTINGS } from '../../src/config';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';
import { people } from './people';

/** Every limit that can be set. */
export const LIMITS = SETTINGS.filter((name) => name.startsWith('LIMIT_'));

export type Extensions = Record<string, unknown>;
/** Asks over one transport; resolves with the extensions of its refusal, or null. */
export type Ask = (person: Person, query: string, variables?: object) => Promise<Extensions | null>;

/** A limit of operations, which is the same on every transport. */
export interface Limited {
  env: Readonly<Record<string, string>>;
  /** All that the refusal says beside `retryAfterMs`. */
  refusal: Extensions;
  /** The longest wait that it may tell; none: it tells no time. */
  waitMs?: number;
  /** Exceeds the limit; resolves with what was refused. */
  exceed(cluster: Cluster, ask: Ask): Promise<Extensions | null>;
}

const RATE_LIMITED = { code: 'RATE_LIMITED' };
/** What works together in one cluster. */
const COMPLEXITY = {
  LIMIT_DEPTH: '3',
  LIMIT_COST: '4',
  LIMIT_ALIASES: '1',
  LIMIT_TOKENS: '12',
  LIMIT_DIRECTIVES: '1',
};
const WRITES = {
  LIMIT_MESSAGES_PER_MINUTE: '2',
  LIMIT_OFFERS_PER_MINUTE: '2',
  LIMIT_CONVERSATIONS_PER_HOUR: '1',
  LIMIT_WRITES_PER_MINUTE: '2',
};
const PACE = {
  LIMIT_MESSAGES_PER_SECOND: '1',
  LIMIT_PENDING_OFFERS: '2',
  LIMIT_OPERATION_S: '1',
};
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

const mutation = (name: string, type: string) =>
  `mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`;
const SEND = mutation('sendMessage', 'SendMessageInput');
const EDIT = mutation('editMessage', 'EditMessageInput');
const DELETE = mutation('deleteMessage', 'DeleteMessageInput');
const BLOCK = mutation('blockUser', 'BlockUserInput');
const START = mutation('startConversation', 'StartConversationInput');
const OFFER =
  'mutation ($input: CreateOfferInput!) { createOffer(input: $input) { offer { id } } }';

async function room(cluster: Cluster) {
  const [alice, bob] = await people(cluster, 'alice', 'bob');
  const { id } = await conversationOf([alice, bob]);
  return { alice, bob, id };
}

function tooComplex(query: string, about: { limit: number; actual?: number }): Limited {
  return {
    env: COMPLEXITY,
    refusal: { code: 'QUERY_TOO_COMPLEX', ...about },
    async exceed(cluster, ask) {
      const [alice] = await people(cluster, 'alice');
      return ask(alice, query);
    },
  };
}

/** Sends two at a time until one is refused. */
async function sendTooMany(cluster: Cluster, ask: Ask): Promise<Extensions> {
  const { alice, id } = await room(cluster);
  const send = () => ask(alice, SEND, { input: { conversationId: id, content: 'hello' } });
  for (;;) {
    const refusals = await Promise.all([send(), send()]);
    const refused = refusals.find((one) => one !== null);
    if (refused) return refused;
  }
}

async function offerTooMany(cluster: Cluster, ask: Ask): Promise<Extensions | null> {
  const { alice, id } = await room(cluster);
  const items = [{ giverId: alice.id, kind: 'MONEY', amount: 1, currency: 'EUR' }];
  const offer = () => ask(alice, OFFER, { input: { conversationId: id, items } });
  expect([await offer(), await offer()]).toEqual([null, null]);
  return offer();
}

/** Holds every edit; begins so many, and resolves with the first refusal. */
async function editTooMany(cluster: Cluster, ask: Ask, count: number): Promise<Extensions | null> {
  const { alice, id } = await room(cluster);
  const input = { messageId: (await sendBy(alice, id)).id, content: 'edited' };
  const { service } = cluster.node.services.messages;
  const edit = service.edit.bind(service);
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const held = jest.spyOn(service, 'edit').mockImplementation(async (...args) => {
    await released;
    return edit(...args);
  });
  const edits = Array.from({ length: count }, () => ask(alice, EDIT, { input }));
  const refused = await Promise.race(edits);
  release();
  await Promise.all(edits);
  await eventually(() => Promise.all(held.mock.results.map(({ value }) => value)));
  held.mockRestore();
  return refused;
}

/** The limits of operations. The others are about sockets, or about the bytes of a request. */
export const OPERATIONS: Readonly<Record<string, Limited>> = {
  LIMIT_DEPTH: tooComplex('{ conversations { nodes { viewers { id } } } }', {
    limit: 3,
    actual: 4,
  }),
  LIMIT_COST: tooComplex('{ me { id username displayName avatarUrl } }', { limit: 4, actual: 5 }),
  LIMIT_ALIASES: tooComplex('{ a: __typename b: __typename }', { limit: 1, actual: 2 }),
  LIMIT_DIRECTIVES: tooComplex('{ a @b @c }', { limit: 1, actual: 2 }),
  LIMIT_TOKENS: tooComplex(`{ me { ${'id '.repeat(9)} } }`, { limit: 12 }),
  LIMIT_MESSAGES_PER_SECOND: {
    env: PACE,
    refusal: RATE_LIMITED,
    waitMs: SECOND_MS,
    exceed: sendTooMany,
  },
  LIMIT_MESSAGES_PER_MINUTE: {
    env: WRITES,
    refusal: RATE_LIMITED,
    waitMs: MINUTE_MS,
    exceed: sendTooMany,
  },
  LIMIT_OFFERS_PER_MINUTE: {
    env: WRITES,
    refusal: RATE_LIMITED,
    waitMs: MINUTE_MS,
    exceed: offerTooMany,
  },
  LIMIT_CONVERSATIONS_PER_HOUR: {
    env: WRITES,
    refusal: RATE_LIMITED,
    waitMs: HOUR_MS,
    async exceed(cluster, ask) {
      const { alice, bob } = await room(cluster);
      const input = { participantIds: [bob.id], listingId: randomUUID() };
      return ask(alice, START, { input });
    },
  },
  LIMIT_WRITES_PER_MINUTE: {
    env: WRITES,
    refusal: RATE_LIMITED,
    waitMs: MINUTE_MS,
    async exceed(cluster, ask) {
      const { alice, bob, id } = await room(cluster);
      const { id: messageId } = await sendBy(alice, id);
      expect(await ask(alice, EDIT, { input: { messageId, content: 'edited' } })).toBeNull();
      expect(await ask(alice, DELETE, { input: { messageId } })).toBeNull();
      return ask(alice, BLOCK, { input: { userId: bob.id } });
    },
  },
  LIMIT_PENDING_OFFERS: {
    env: PACE,
    refusal: { code: 'CONFLICT' },
    exceed: offerTooMany,
  },
  LIMIT_OPERATION_S: {
    env: PACE,
    refusal: { code: 'UNAVAILABLE', outcome: 'UNKNOWN' },
    waitMs: SECOND_MS,
    exceed: (cluster, ask) => editTooMany(cluster, ask, 1),
  },
  LIMIT_OPERATIONS_PER_USER: {
    env: { LIMIT_OPERATIONS_PER_USER: '1', LIMIT_WAITING_OPERATIONS_PER_USER: '2' },
    refusal: RATE_LIMITED,
    waitMs: SECOND_MS,
    exceed: (cluster, ask) => editTooMany(cluster, ask, 4),
  },
  LIMIT_WAITING_OPERATIONS_PER_USER: {
    env: { LIMIT_OPERATIONS_PER_USER: '3', LIMIT_WAITING_OPERATIONS_PER_USER: '1' },
    refusal: RATE_LIMITED,
    waitMs: SECOND_MS,
    exceed: (cluster, ask) => editTooMany(cluster, ask, 5),
  },
};

/** Expects a refusal to say what it has to, and nothing else. */
export function expectRefusal(refused: Extensions | null, { refusal, waitMs }: Limited): void {
  if (waitMs === undefined) {
    expect(refused).toEqual(refusal);
    return;
  }
  expect(refused).toEqual({ ...refusal, retryAfterMs: expect.any(Number) });
  expect(refused!.retryAfterMs).toBeGreaterThan(0);
  expect(refused!.retryAfterMs).toBeLessThanOrEqual(waitMs);
}

/** Starts a cluster for each set of limits, once, and stops them all. */
export class LimitedClusters {
  private readonly started = new Map<object, Promise<Cluster>>();

  of(env: Limited['env']): Promise<Cluster> {
    const cluster = this.started.get(env) ?? Cluster.start({ env });
    this.started.set(env, cluster);
    return cluster;
  }

  async stop(): Promise<void> {
    for (const cluster of this.started.values()) await (await cluster).stop();
  }
}
