import WebSocket from 'ws';
import { MessageAddedDocument } from '../generated/graphql';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf, sendBy } from '../support/factories';
import type { Person } from '../support/person';

const QUEUE_EVENTS = 50;
/** More than the kernel's buffers and the queue can hold. */
const MESSAGES = 1_500;
const WORDS = 'x'.repeat(10_000);

/** A socket whose reader can stop, and what it got. */
class Reader {
  readonly sequences: number[] = [];
  readonly closed: Promise<number>;
  private readonly socket: WebSocket;

  constructor(person: Person, conversationId: string, after: number) {
    this.socket = new WebSocket(
      `${person.node.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    const query = `subscription { messageAdded(conversationId: "${conversationId}", after: ${after}) { sequence content } }`;
    this.socket.on('open', () =>
      this.say({ type: 'connection_init', payload: { token: person.token } }),
    );
    this.socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.type === 'connection_ack')
        this.say({ type: 'subscribe', id: '1', payload: { query } });
      if (frame.type === 'next') this.sequences.push(frame.payload.data.messageAdded.sequence);
    });
    this.closed = new Promise((resolve) => this.socket.once('close', resolve));
  }

  stopReading(): void {
    this.socket.pause();
  }

  readAgain(): void {
    this.socket.resume();
  }

  end(): void {
    this.socket.terminate();
  }

  private say(frame: object): void {
    this.socket.send(JSON.stringify(frame));
  }
}

describe('a client that stops reading', () => {
  let cluster: Cluster;

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { LIMIT_QUEUE_EVENTS: String(QUEUE_EVENTS) } });
  });
  afterAll(() => cluster.stop());

  test('is sent away with 1013, delays nobody, and has everything after it came back', async () => {
    const [alice, bob, carol] = await cluster.persons('alice', 'bob', 'carol');
    const { id } = await conversationOf([alice!, bob!, carol!]);
    const slow = new Reader(bob!, id, 0);
    const quick = carol!.subscribe(MessageAddedDocument, { conversationId: id, after: 0 });
    await sendBy(alice!, id);
    await quick.next();
    await eventually(() => expect(slow.sequences).toEqual([1]));
    const { seats } = cluster.node.services.delivery.hub.size;
    slow.stopReading();
    const delays: number[] = [];
    for (
      let sent = 1;
      sent < MESSAGES && cluster.node.services.delivery.hub.size.seats === seats;
      sent++
    ) {
      await sendBy(alice!, id, { content: WORDS });
      const begun = performance.now();
      await quick.next();
      delays.push(performance.now() - begun);
    }
    // Its seat is free although it never read on; what it gets at last is in order, and then the reason.
    expect(cluster.node.services.delivery.hub.size.seats).toBe(seats - 1);
    slow.readAgain();
    const code = await slow.closed;
    expect([1006, 1013]).toContain(code);
    const last = (await sendBy(alice!, id)).sequence;
    const again = new Reader(bob!, id, slow.sequences.at(-1)!);
    await eventually(() => expect(again.sequences.at(-1)).toBe(last));
    expect([...slow.sequences, ...again.sequences]).toEqual(
      Array.from({ length: last }, (_, index) => index + 1),
    );
    again.end();
    delays.sort((left, right) => left - right);
    const p99 = delays[Math.floor(delays.length * 0.99)]!;
    process.stdout.write(
      `slow reader: sent away with ${code} after ${delays.length} messages of 10 kB; others' p99 ${p99.toFixed(1)} ms\n`,
    );
  }, 120_000);
});
