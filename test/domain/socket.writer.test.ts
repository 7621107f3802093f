import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import WebSocket, { WebSocketServer } from 'ws';
import { Payload } from '../../src/execution/subscription.sink';
import { WebSocketWriter } from '../../src/server/socket.writer';

/** More than the system keeps of one connection. */
const PAYLOADS = 200;
const PAYLOAD_BYTES = 100_000;

/** A server's end of a WebSocket and its client's. */
interface Pair {
  outlet: WebSocketWriter;
  stream: Duplex;
  client: WebSocket;
  heard: string[];
}

describe('an outlet', () => {
  const http = createServer();
  const server = new WebSocketServer({ noServer: true });

  beforeAll(async () => {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  afterAll(async () => {
    for (const socket of server.clients) socket.terminate();
    http.close();
    await once(http, 'close');
  });

  async function connect(): Promise<Pair> {
    const upgraded = once(http, 'upgrade');
    const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const heard: string[] = [];
    client.on('message', (data) => heard.push(String(data)));
    const [request, stream, head] = await upgraded;
    const [socket] = await new Promise<WebSocket[]>((resolve) =>
      server.handleUpgrade(request, stream, head, (made) => resolve([made])),
    );
    await once(client, 'open');
    return { outlet: new WebSocketWriter(socket!, stream), stream, client, heard };
  }

  const payloadNumber = (index: number) =>
    new Payload(Buffer.from(`${JSON.stringify({ index, text: 'é'.repeat(PAYLOAD_BYTES / 2) })}}`));

  test('gives each reader of one payload the message with its own id, also who reads it much later', async () => {
    const pairs = [await connect(), await connect(), await connect(), await connect()];
    // One id is longer than the others, and one has to be escaped.
    const ids = ['one', 'two', 'another', 'é'];
    const replies = pairs.map(({ outlet }, index) => outlet.sinkFor(ids[index]!));
    const slow = pairs[1]!;
    slow.client.pause();
    for (let index = 0; index < PAYLOADS; index++) {
      const payload = payloadNumber(index);
      // Whoever follows in the same turn is corked.
      for (const { writer, messageStart: start } of replies)
        writer.write(start, payload, index % 3 === 0);
    }
    expect(slow.stream.writableLength).toBeGreaterThan(PAYLOAD_BYTES);
    slow.client.resume();
    for (const { client, heard } of pairs)
      while (heard.length < PAYLOADS) await once(client, 'message');
    for (const [index, { heard }] of pairs.entries()) {
      const messages = heard.map((text) => JSON.parse(text));
      expect(new Set(messages.map(({ id }) => id))).toEqual(new Set([ids[index]]));
      expect(messages.map(({ payload }) => payload.index)).toEqual(
        Array.from({ length: PAYLOADS }, (_, i) => i),
      );
    }
  });

  test('writes one payload to all of them from one place in memory, as long as they keep up', async () => {
    const pairs = [await connect(), await connect(), await connect()];
    const written = new Set<Buffer>();
    for (const { stream } of pairs) {
      const write = stream.write.bind(stream);
      jest.spyOn(stream, 'write').mockImplementation((chunk) => {
        written.add(chunk);
        return write(chunk);
      });
    }
    const payload = new Payload(Buffer.from('"small"}'));
    for (const [index, { outlet }] of pairs.entries()) {
      outlet.write(outlet.sinkFor(`id-${index}`).messageStart, payload, false);
    }
    expect(written.size).toBe(1);
    for (const [index, { client, heard }] of pairs.entries()) {
      while (heard.length < 1) await once(client, 'message');
      expect(JSON.parse(heard[0]!)).toEqual({ id: `id-${index}`, type: 'next', payload: 'small' });
    }
  });

  /** What each write to the system was made of, in order. */
  function writesOf({ stream }: Pair): number[] {
    const writes: number[] = [];
    const { _write, _writev } = stream;
    jest.spyOn(stream, '_write').mockImplementation((...args) => {
      writes.push(1);
      _write.apply(stream, args);
    });
    jest.spyOn(stream, '_writev' as never).mockImplementation(((
      chunks: unknown[],
      done: () => void,
    ) => {
      writes.push(chunks.length);
      (_writev as (chunks: unknown[], done: () => void) => void).call(stream, chunks, done);
    }) as never);
    return writes;
  }

  const small = (text: string) => new Payload(Buffer.from(`${JSON.stringify(text)}}`));

  test('writes the first event of a turn at once, and all that follow in it together', async () => {
    const pair = await connect();
    const writes = writesOf(pair);
    const { writer, messageStart: start } = pair.outlet.sinkFor('id');
    for (const turn of [1, 2])
      await new Promise<void>((resolve) => {
        setImmediate(() => {
          for (const index of [1, 2, 3, 4]) {
            writer.write(start, small(`${turn}.${index}`), false);
            if (index === 1) expect(writes).toHaveLength(2 * turn - 1);
          }
          resolve();
        });
      });
    while (pair.heard.length < 8) await once(pair.client, 'message');
    expect(pair.heard.map((text) => JSON.parse(text).payload)).toEqual(
      [1, 2].flatMap((turn) => [1, 2, 3, 4].map((index) => `${turn}.${index}`)),
    );
    expect(writes).toEqual([1, 3, 1, 3]);
  });

  test('writes an event together with the answer that is about to follow it', async () => {
    const pair = await connect();
    const writes = writesOf(pair);
    const { writer, messageStart: start } = pair.outlet.sinkFor('id');
    const answered = pair.outlet
      .answering(Promise.resolve('answer'))
      .then((answer) => pair.outlet.send(`"${answer}"`));
    writer.write(start, small('event'), false);
    await answered;
    while (pair.heard.length < 2) await once(pair.client, 'message');
    expect(pair.heard[1]).toBe('"answer"');
    expect(writes).toEqual([2]);
    await new Promise((resolve) => setImmediate(resolve));
    // A failed one is over as well.
    await expect(pair.outlet.answering(Promise.reject(new Error('refused')))).rejects.toThrow(
      'refused',
    );
    writer.write(start, small('later'), false);
    expect(writes).toEqual([2, 1]);
  });
});
