import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import WebSocket, { WebSocketServer } from 'ws';
import { Payload } from '../../src/graphql/reply';
import { Outlet } from '../../src/server/outlet';

/** More than the system keeps of one connection. */
const PAYLOADS = 200;
const PAYLOAD_BYTES = 100_000;

/** A server's end of a WebSocket and its client's. */
interface Pair {
  outlet: Outlet;
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
    return { outlet: new Outlet(socket!, stream), stream, client, heard };
  }

  const payloadNumber = (index: number) =>
    new Payload(Buffer.from(`${JSON.stringify({ index, text: 'é'.repeat(PAYLOAD_BYTES / 2) })}}`));

  test('gives each reader of one payload the message with its own id, also who reads it much later', async () => {
    const pairs = [await connect(), await connect(), await connect(), await connect()];
    // One id is longer than the others, and one has to be escaped.
    const ids = ['one', 'two', 'another', 'é'];
    const replies = pairs.map(({ outlet }, index) => outlet.replyTo(ids[index]!));
    const slow = pairs[1]!;
    slow.client.pause();
    for (let index = 0; index < PAYLOADS; index++) {
      const payload = payloadNumber(index);
      // Whoever follows in the same turn is corked.
      for (const { writer, start } of replies) writer.write(start, payload, index % 3 === 0);
    }
    expect(slow.stream.writableLength).toBeGreaterThan(PAYLOAD_BYTES);
    slow.client.resume();
    for (const { client, heard } of pairs) while (heard.length < PAYLOADS) await once(client, 'message');
    for (const [index, { heard }] of pairs.entries()) {
      const messages = heard.map((text) => JSON.parse(text));
      expect(new Set(messages.map(({ id }) => id))).toEqual(new Set([ids[index]]));
      expect(messages.map(({ payload }) => payload.index)).toEqual(Array.from({ length: PAYLOADS }, (_, i) => i));
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
      outlet.write(outlet.replyTo(`id-${index}`).start, payload, false);
    }
    expect(written.size).toBe(1);
    for (const [index, { client, heard }] of pairs.entries()) {
      while (heard.length < 1) await once(client, 'message');
      expect(JSON.parse(heard[0]!)).toEqual({ id: `id-${index}`, type: 'next', payload: 'small' });
    }
  });
});
