import { Client } from 'pg';
import {
  AcceptOfferDocument,
  AddParticipantDocument,
  BlockUserDocument,
  CancelOfferDocument,
  CounterOfferDocument,
  DeactivateUserDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  LeaveConversationDocument,
  MarkNotificationsReadDocument,
  MarkReadDocument,
  NotifyUserDocument,
  RemoveParticipantDocument,
} from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { conversationOf, offerBy, sendBy } from '../support/factories';
import { notificationsOf } from '../support/inbox';
import type { Person } from '../support/person';
import { people } from './people';

type Callback = (error: unknown, result: unknown) => void;
type Query = (this: Client, ...args: unknown[]) => unknown;

/** Statements that a node sent on a connection whose transaction held a lock on an inbox. */
class InboxLocks {
  readonly offenders: string[] = [];
  /** Connections with a transaction: what the node does by itself meanwhile has none. */
  private readonly open = new Set<Client>();
  private readonly holding = new Set<Client>();

  constructor(private readonly probe: Client) {}

  watch(): jest.SpyInstance {
    const query = Client.prototype.query as unknown as Query;
    const watcher = this;
    return jest.spyOn(Client.prototype, 'query').mockImplementation(function (
      this: Client,
      ...args: unknown[]
    ) {
      if (this === watcher.probe) return query.apply(this, args) as never;
      watcher.sent(this, args[0]);
      const callback = args.at(-1) as Callback;
      if (typeof callback !== 'function') return query.apply(this, args) as never;
      const answered: Callback = async (error, result) => {
        if (watcher.open.has(this) && (await watcher.isHeld())) watcher.holding.add(this);
        callback(error, result);
      };
      return query.apply(this, [...args.slice(0, -1), answered]) as never;
    });
  }

  private sent(client: Client, statement: unknown): void {
    const text = textOf(statement);
    const isEnd = /^(commit|rollback)/i.test(text);
    if (/^(begin|start transaction)/i.test(text)) this.open.add(client);
    if (isEnd) this.open.delete(client);
    if (this.holding.delete(client) && !isEnd) this.offenders.push(text);
  }

  private async isHeld(): Promise<boolean> {
    const { rows } = await this.probe.query(
      `select (select count(*) from inboxes)
         > (select count(*) from (select from inboxes for update skip locked) free) as held`,
    );
    return rows[0].held;
  }
}

/** The statements of transactions: what the node does by itself meanwhile are single ones. */
function inTransactions({ mock }: jest.SpyInstance): number {
  const open = new Set<unknown>();
  let count = 0;
  for (const [index, [statement]] of mock.calls.entries()) {
    const client = mock.contexts[index];
    if (/^(begin|start transaction)/i.test(textOf(statement))) open.add(client);
    if (open.has(client)) count++;
    if (/^(commit|rollback)/i.test(textOf(statement))) open.delete(client);
  }
  return count;
}

function textOf(statement: unknown): string {
  return String((statement as { text?: string }).text ?? statement);
}

describe('a lock on an inbox', () => {
  let cluster: Cluster;
  let probe: Client;

  beforeAll(async () => {
    cluster = await Cluster.start();
    probe = new Client(cluster.databaseUrl);
    await probe.connect();
  });
  afterAll(async () => {
    await probe.end();
    await cluster.stop();
  });

  /** Offers in both directions, unread messages of others, and somebody to be notified of all. */
  async function scene() {
    const [alice, bob, carol] = await people(cluster, 'alice', 'bob', 'carol');
    const { id } = await conversationOf([alice, bob, carol]);
    const message = await sendBy(alice, id);
    const offers = [];
    for (const [from, to] of [
      [alice, bob],
      [bob, alice],
      [bob, carol],
    ] as const)
      offers.push((await offerBy(from, id, { recipientId: to.id })).id);
    await sendBy(carol, id);
    return { alice, bob, carol, id, message, offers: offers as [string, string, string] };
  }

  type Scene = Awaited<ReturnType<typeof scene>>;
  const service = () => cluster.service();
  const terms = (giver: Person) => [{ giverId: giver.id, kind: 'CREDITS' as const, amount: 1 }];
  const DEEDS: Record<string, (scene: Scene) => Promise<unknown>> = {
    send: ({ bob, id }) => sendBy(bob, id),
    edit: ({ alice, message }) =>
      alice.ask(EditMessageDocument, { input: { messageId: message.id, content: 'other' } }),
    delete: ({ alice, message }) =>
      alice.ask(DeleteMessageDocument, { input: { messageId: message.id } }),
    read: ({ bob, id }) =>
      bob.ask(MarkReadDocument, { input: { conversationId: id, sequence: 99 } }),
    offer: ({ alice, bob, id }) => offerBy(alice, id, { recipientId: bob.id }),
    counter: ({ bob, offers }) =>
      bob.ask(CounterOfferDocument, {
        input: { offerId: offers[0], version: 1, items: terms(bob) },
      }),
    'accept and cancel': async ({ bob, offers: [offerId] }) => {
      await bob.ask(AcceptOfferDocument, { input: { offerId, version: 1 } });
      await bob.ask(CancelOfferDocument, { input: { offerId, version: 2 } });
    },
    add: async ({ alice, id }) => {
      const [dave] = await people(cluster, 'dave');
      await alice.ask(AddParticipantDocument, { input: { conversationId: id, userId: dave.id } });
    },
    leave: ({ bob, id }) => bob.ask(LeaveConversationDocument, { input: { conversationId: id } }),
    remove: ({ bob, id }) =>
      service().ask(RemoveParticipantDocument, { input: { conversationId: id, userId: bob.id } }),
    deactivate: ({ bob }) => service().ask(DeactivateUserDocument, { input: { userId: bob.id } }),
    block: ({ alice, bob }) => alice.ask(BlockUserDocument, { input: { userId: bob.id } }),
    'notifications read': async ({ bob }) => {
      const { id, sequence } = (await notificationsOf(bob))[0]!;
      await bob.ask(MarkNotificationsReadDocument, { input: { ids: [id] } });
      await bob.ask(MarkNotificationsReadDocument, { input: { throughSequence: sequence } });
    },
    notify: async ({ bob }) => {
      const input = { userId: bob.id, title: 'hello', deduplicationKey: 'once' };
      for (let count = 0; count < 2; count++) await service().ask(NotifyUserDocument, { input });
    },
  };

  test.each(Object.entries(DEEDS))('outlives no statement: %s', async (_name, happen) => {
    const there = await scene();
    const locks = new InboxLocks(probe);
    const spy = locks.watch();
    try {
      await happen(there);
    } finally {
      spy.mockRestore();
    }
    expect(locks.offenders).toEqual([]);
  });

  test.each(['leave', 'remove', 'deactivate'])(
    'and %s takes as many statements for many offers as for few',
    async (name) => {
      const statements = async (offers: number) => {
        const there = await scene();
        for (let count = 0; count < offers; count++)
          await offerBy(there.bob, there.id, { recipientId: there.alice.id });
        const spy = jest.spyOn(Client.prototype, 'query');
        await DEEDS[name]!(there);
        const count = inTransactions(spy);
        spy.mockRestore();
        return count;
      };
      const few = await statements(0);
      expect(few).toBeGreaterThan(3);
      expect(await statements(12)).toBe(few);
    },
  );
});
