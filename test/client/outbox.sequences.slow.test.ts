import {
  createOutbox,
  createParleyClient,
  memoryStorage,
  type Outbox,
  type OutboxStorage,
  type ParleyClient,
  ParleyError,
  type Sending,
} from '@parley/client';
import {
  BlockUserDocument,
  DeleteMessageDocument,
  EditMessageDocument,
  MessagesBeforeDocument,
  UnblockUserDocument,
} from '@parley/client/documents';
import * as fc from 'fast-check';
import WebSocket from 'ws';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';
import { type LossyProxy, startLossyProxy } from './lossy.proxy';
import { closePage, openPage, tellPage } from './page';

/** Sequences to try: 60, or as many as the setting says. */
const RUNS = Number(process.env.PARLEY_OUTBOX_RUNS ?? 60);
const SEED = Number(process.env.PARLEY_OUTBOX_SEED ?? 19);

type Step =
  | { kind: Plain }
  | { kind: 'lose'; moment: 'before' | 'after' }
  | { kind: 'pause'; ms: number }
  | { kind: 'send'; where: number }
  | { kind: 'edit'; which: number }
  | { kind: 'delete'; which: number };
type Plain = 'offline' | 'online' | 'kill' | 'reload' | 'retry' | 'drop' | 'block' | 'unblock';

const plain = (...kinds: Plain[]) => fc.constantFrom(...kinds).map((kind): Step => ({ kind }));
const steps = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.nat(1).map((where): Step => ({ kind: 'send', where })) },
    { weight: 4, arbitrary: plain('offline', 'online', 'online', 'kill', 'reload') },
    { weight: 3, arbitrary: plain('retry', 'drop', 'block', 'unblock') },
    {
      weight: 3,
      arbitrary: fc
        .constantFrom('before' as const, 'after' as const)
        .map((moment): Step => ({ kind: 'lose', moment })),
    },
    { weight: 3, arbitrary: fc.nat(15).map((ms): Step => ({ kind: 'pause', ms })) },
    {
      weight: 2,
      arbitrary: fc
        .tuple(fc.constantFrom('edit' as const, 'delete' as const), fc.nat(20))
        .map(([kind, which]): Step => ({ kind, which })),
    },
  ),
  { minLength: 4, maxLength: 24 },
);

/** One user's device through pages that come and go, and the record of what it did. */
class Device {
  outbox!: Outbox;
  client!: ParleyClient;
  /** When each was written or last retried, by its client id. */
  readonly written = new Map<string, { at: number; conversationId: string; content: string }>();
  /** The present content of what was edited or deleted; null when an answer was lost. */
  readonly changed = new Map<string, string | null>();
  readonly dropped = new Set<string>();
  readonly lost = new Set<string>();
  private readonly known = new Map<string, Sending>();
  private readonly storage = memoryStorage();
  private clock = 0;
  private isAlive = { value: true };
  private gated = this.gate();

  constructor(
    private readonly bob: Person,
    private readonly proxy: LossyProxy,
    private readonly conversations: readonly string[],
  ) {
    this.open();
  }

  open(): void {
    const url = `http://127.0.0.1:${this.proxy.port}/graphql`;
    const token = this.bob.token!;
    this.client = createParleyClient({ url, token, webSocketImpl: WebSocket });
    this.outbox = createOutbox(this.client, { storage: this.gated });
  }

  /** The storage for a page that, once it was killed, reads and writes no more. */
  private gate(): OutboxStorage {
    const isAlive = { value: true };
    this.isAlive = isAlive;
    const gate =
      <A extends unknown[], R>(run: (...values: A) => Promise<R>) =>
      (...values: A) =>
        isAlive.value ? run(...values) : new Promise<R>(() => {});
    const { load, put, remove } = this.storage;
    return { isShared: false, load: gate(load), put: gate(put), remove: gate(remove) };
  }

  /** Ends the page. What it had written and not stored yet is lost. */
  async shut(isKilled: boolean): Promise<void> {
    const unsent = this.outbox.sendings;
    if (isKilled) {
      this.isAlive.value = false;
      this.gated = this.gate();
    }
    this.outbox.close();
    this.client.dispose();
    // A page that was reloaded still writes what it had begun to write.
    if (!isKilled) await new Promise((resolve) => setTimeout(resolve, 1));
    const stored = await this.storage.load(`${this.client.url} bob`);
    const ids = stored.map(({ clientMessageId }) => clientMessageId);
    for (const { clientMessageId } of unsent)
      if (!ids.includes(clientMessageId)) this.lost.add(clientMessageId);
  }

  /** Returns what the storage holds that has not failed. */
  async unsent() {
    const stored = await this.storage.load(`${this.client.url} bob`);
    return stored.filter(({ error }) => error === null);
  }

  send(where: number): void {
    const conversationId = this.conversations[where]!;
    const content = `message ${this.clock}`;
    const sending = this.outbox.send({ conversationId, content });
    this.known.set(sending.clientMessageId, sending);
    this.written.set(sending.clientMessageId, { at: this.clock++, conversationId, content });
  }

  retry(): void {
    const failed = this.outbox.sendings.find(({ state }) => state === 'failed');
    if (!failed) return;
    this.outbox.retry(failed);
    this.written.get(failed.clientMessageId)!.at = this.clock++;
  }

  drop(): void {
    const [first] = this.outbox.sendings;
    if (!first) return;
    this.dropped.add(first.clientMessageId);
    void this.outbox.drop(first);
  }

  /** Edits or deletes one of the messages that are sent, if there is one. */
  async change(kind: 'edit' | 'delete', which: number): Promise<void> {
    const sent = [...this.known.values()].filter(({ state }) => state === 'sent');
    const sending = sent[which % sent.length];
    if (!sending || this.changed.get(sending.clientMessageId) === '') return;
    const messageId = sending.message!.id;
    const content = kind === 'edit' ? `${sending.content} edited` : '';
    const signal = AbortSignal.timeout(5_000);
    try {
      if (kind === 'edit') {
        const input = { messageId, content };
        await this.client.request(EditMessageDocument, { input }, { signal });
      } else await this.client.request(DeleteMessageDocument, { input: { messageId } }, { signal });
      this.changed.set(sending.clientMessageId, content);
    } catch (error) {
      if (!(error instanceof ParleyError) || error.code !== 'FORBIDDEN')
        this.changed.set(sending.clientMessageId, null);
    }
  }
}

describe('an outbox', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let count = 0;

  beforeAll(async () => {
    openPage();
    cluster = await Cluster.start();
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
  });
  afterAll(async () => {
    closePage();
    await cluster.stop();
  });

  async function run(device: Device, proxy: LossyProxy, step: Step): Promise<void> {
    if (step.kind === 'offline') {
      proxy.refuses = true;
      proxy.cut();
    } else if (step.kind === 'online') {
      proxy.refuses = false;
      tellPage('online');
    } else if (step.kind === 'kill' || step.kind === 'reload') {
      await device.shut(step.kind === 'kill');
      device.open();
    } else if (step.kind === 'lose') proxy.loseNext = step.moment;
    else if (step.kind === 'pause') await new Promise((resolve) => setTimeout(resolve, step.ms));
    else if (step.kind === 'send') device.send(step.where);
    else if (step.kind === 'retry') device.retry();
    else if (step.kind === 'drop') device.drop();
    else if (step.kind === 'block' || step.kind === 'unblock') {
      const document = step.kind === 'block' ? BlockUserDocument : UnblockUserDocument;
      await alice.ask(document as typeof BlockUserDocument, { input: { userId: 'bob' } });
    } else if ('which' in step) await device.change(step.kind, step.which);
  }

  async function check(device: Device, conversationId: string): Promise<number> {
    const variables = { id: conversationId, last: 40 };
    const { conversation } = await bob.ask(MessagesBeforeDocument, variables);
    const { nodes } = conversation!.messages;
    const byId = new Map([...device.written]);
    const ids = nodes.map(({ clientMessageId }) => clientMessageId!);
    expect(new Set(ids).size).toBe(ids.length);
    const times = ids.map((id) => byId.get(id)!.at);
    expect(times).toEqual([...times].sort((one, other) => one - other));
    for (const [index, id] of ids.entries()) {
      const change = device.changed.get(id);
      if (change !== null) expect(nodes[index]!.content).toBe(change ?? byId.get(id)!.content);
    }
    const failed = device.outbox.sendings.map(({ clientMessageId }) => clientMessageId);
    for (const [id, written] of device.written) {
      const isExcused = device.dropped.has(id) || device.lost.has(id) || failed.includes(id);
      if (written.conversationId === conversationId && !isExcused) expect(ids).toContain(id);
    }
    return ids.length;
  }

  test(`keeps each accepted message once and in order, in ${RUNS} sequences`, async () => {
    let accepted = 0;
    const property = fc.asyncProperty(steps, async (sequence) => {
      const proxy = await startLossyProxy(Number(new URL(bob.node.url).port));
      const conversations = await Promise.all(
        [0, 1].map(async () => (await conversationOf([alice, bob])).id),
      );
      const device = new Device(bob, proxy, conversations);
      try {
        for (const step of sequence) await run(device, proxy, step);
        proxy.refuses = false;
        proxy.loseNext = null;
        await eventually(async () => {
          tellPage('online');
          expect((await device.unsent()).map(({ content }) => content)).toEqual([]);
          const pending = device.outbox.sendings.filter(({ state }) => state === 'pending');
          expect(pending.map(({ content }) => content)).toEqual([]);
        });
        for (const id of conversations) accepted += await check(device, id);
        count++;
      } finally {
        await device.shut(false);
        await alice.ask(UnblockUserDocument, { input: { userId: 'bob' } });
        await proxy.stop();
      }
    });
    await fc.assert(property, { numRuns: RUNS, seed: SEED, endOnFailure: true });
    expect(count).toBeGreaterThanOrEqual(RUNS);
    expect(accepted).toBeGreaterThan(RUNS);
    process.stderr.write(`${count} sequences, ${accepted} messages accepted\n`);
  }, 1_200_000);
});
