import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import WebSocket, { WebSocketServer } from 'ws';
import { corkForThisTurn } from '../../src/runtime/cork';
import { frameOf, textFrame } from '../../src/server/frame';

describe('frames of our own', () => {
  test('are read as the messages that they are, at every length of their head', async () => {
    const texts = [0, 1, 125, 126, 127, 65_535, 65_536, 100_000].map((length) =>
      '{"é👋x'.padEnd(length, 'y').slice(0, length),
    );
    const http = createServer();
    const server = new WebSocketServer({ noServer: true });
    http.on('upgrade', (request, stream, head) =>
      server.handleUpgrade(request, stream, head, (socket) => {
        for (const [index, text] of texts.entries()) {
          if (index % 2) corkForThisTurn(stream);
          const start = text.slice(0, 2);
          stream.write(textFrame(start, Buffer.from(text.slice(start.length))));
          socket.send(`${index}`);
          stream.write(frameOf(text));
        }
      }),
    );
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
    const heard: string[] = [];
    client.on('message', (data) => {
      heard.push(String(data));
      if (heard.length === 3 * texts.length) client.close();
    });
    await once(client, 'close');
    http.close();
    expect(heard).toEqual(texts.flatMap((text, index) => [text, `${index}`, text]));
  });

  test('written within a turn leave in one piece', async () => {
    const http = createServer();
    const writes: number[] = [];
    http.on('connection', (stream) => {
      corkForThisTurn(stream);
      const written = jest.spyOn(stream, '_writev');
      for (const text of ['a', 'b', 'c']) {
        corkForThisTurn(stream);
        stream.write(textFrame('', Buffer.from(text)));
      }
      expect(written).not.toHaveBeenCalled();
      setImmediate(() =>
        setImmediate(() => {
          writes.push(...written.mock.calls.map(([chunks]) => chunks.length));
          stream.end();
        }),
      );
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const response = await fetch(`http://127.0.0.1:${(http.address() as AddressInfo).port}`).catch(
      () => null,
    );
    expect(response).toBeNull();
    http.close();
    expect(writes).toEqual([3]);
  });
});
