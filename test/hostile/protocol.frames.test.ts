import { closeFrame, OPCODE, RawWebSocket, rawFrame } from '../support/raw-websocket';
import { useStage } from './stage.suite';

const LIMIT_BYTES = 256 * 1024;

/** The frames below the messages: RFC 6455, sections 5 to 8. */
describe('frames', () => {
  const suite = useStage();
  let socket: RawWebSocket;

  beforeEach(async () => {
    socket = suite.keep(await RawWebSocket.init(suite.stage.url, suite.token));
  });

  const ping = (payload: object) => Buffer.from(JSON.stringify({ type: 'ping', payload }));
  const { continuation, text, binary, close, ping: PING, pong } = OPCODE;

  /** Sends a message in fragments, with what is to come between them. */
  function fragments(message: Buffer, size: number, between: Buffer = Buffer.alloc(0)): Buffer {
    const parts: Buffer[] = [];
    for (let at = 0; at < message.length; at += size) {
      const fin = at + size >= message.length;
      const opcode = at === 0 ? text : continuation;
      parts.push(rawFrame(message.subarray(at, at + size), { opcode, fin }));
      if (!fin) parts.push(between);
    }
    return Buffer.concat(parts);
  }

  test('a message may come in fragments of one byte, and split a character', async () => {
    const payload = { text: 'héllo 👋' };
    socket.write(fragments(ping(payload), 1));
    expect(await socket.message()).toEqual({ type: 'pong', payload });
  });

  test('a message may come byte by byte, as TCP has it', async () => {
    const payload = { text: 'x'.repeat(200) };
    for (const byte of rawFrame(ping(payload))) socket.write(Buffer.from([byte]));
    expect(await socket.message()).toEqual({ type: 'pong', payload });
  });

  test('control frames between fragments are answered at once', async () => {
    const payload = { text: 'whole' };
    const between = Buffer.concat([
      rawFrame('here?', { opcode: PING }),
      rawFrame('unasked', { opcode: pong }),
    ]);
    socket.write(fragments(ping(payload), 20, between));
    const first = await socket.frame();
    expect([first!.opcode, first!.payload.toString()]).toEqual([pong, 'here?']);
    let frame = await socket.frame();
    while (frame!.opcode === pong) frame = await socket.frame();
    expect(JSON.parse(frame!.payload.toString())).toEqual({ type: 'pong', payload });
  });

  test('empty fragments, empty pings and pings of 125 bytes are nothing special', async () => {
    socket.write(rawFrame('', { fin: false }));
    socket.write(rawFrame('', { opcode: continuation, fin: false }));
    socket.write(rawFrame(ping({}), { opcode: continuation }));
    expect(await socket.message()).toEqual({ type: 'pong', payload: {} });
    for (const payload of ['', 'x'.repeat(125), '\0\x01\x7f']) {
      socket.write(rawFrame(payload, { opcode: PING }));
      expect(await socket.frame()).toMatchObject({ opcode: pong, payload: Buffer.from(payload) });
    }
  });

  test('a message may be binary, if it is UTF-8', async () => {
    socket.write(rawFrame(ping({ é: 1 }), { opcode: binary }));
    expect(await socket.message()).toEqual({ type: 'pong', payload: { é: 1 } });
    socket.write(rawFrame(Buffer.from([0x7b, 0xff, 0x7d]), { opcode: binary }));
    expect(await socket.closed()).toBe(4400);
  });

  test('what the server sends is whole, not masked, and without reserved bits', async () => {
    socket.send({
      type: 'subscribe',
      id: '1',
      payload: { query: '{ __schema { types { name } } }' },
    });
    for (let count = 0; count < 2; count++)
      expect(await socket.frame()).toMatchObject({
        fin: true,
        isMasked: false,
        rsv: 0,
        opcode: text,
      });
  });

  test.each<[form: string, frame: Buffer]>([
    ['not masked', rawFrame('{"type":"ping"}', { isMasked: false })],
    ['not masked, empty', rawFrame('', { isMasked: false })],
    ...[1, 2, 4, 7].map(
      (rsv) => [`with reserved bits ${rsv}`, rawFrame('x', { rsv })] as [string, Buffer],
    ),
    ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
      (opcode) => [`of the opcode ${opcode}`, rawFrame('', { opcode })] as [string, Buffer],
    ),
    ['that continues nothing', rawFrame('x', { opcode: continuation })],
    [
      'that begins within another message',
      Buffer.concat([rawFrame('{', { fin: false }), rawFrame('}')]),
    ],
    ['that is a ping in fragments', rawFrame('x', { opcode: PING, fin: false })],
    ['that is a close in fragments', rawFrame('\x03\xe8', { opcode: close, fin: false })],
    ['that is a ping of 126 bytes', rawFrame('x'.repeat(126), { opcode: PING })],
    ['that is a pong of 70,000 bytes', rawFrame('x'.repeat(70_000), { opcode: pong })],
    ['that is a close of one byte', rawFrame('x', { opcode: close })],
    ['that is a close with a reason of 124 bytes', closeFrame(1000, 'x'.repeat(124))],
    ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535].map(
      (code) => [`that closes with ${code}`, closeFrame(code)] as [string, Buffer],
    ),
  ])('closes with 1002 at a frame %s', async (_, frame) => {
    socket.write(frame);
    expect(await socket.closed()).toBe(1002);
  });

  const declared = (length: number | bigint) => rawFrame('', { length });
  test.each([
    ['one byte too many', declared(LIMIT_BYTES + 1)],
    ['more than memory holds', declared(2n ** 40n)],
    ['2^63 bytes', declared(2n ** 63n)],
    ['2^64 - 1 bytes', declared(2n ** 64n - 1n)],
    ['too many in two fragments', fragments(Buffer.alloc(LIMIT_BYTES + 1, 0x20), 200_000)],
  ])('closes with 1009, before it comes, at a message of %s', async (_, frame) => {
    socket.write(frame);
    expect(await socket.closed()).toBe(1009);
  });

  test('a message may be as large as the limit', async () => {
    const message = ping({ text: 'whole' });
    const spaces = Buffer.alloc(LIMIT_BYTES - message.length, 0x20);
    socket.write(rawFrame(Buffer.concat([message, spaces])));
    expect(await socket.message()).toMatchObject({ type: 'pong' });
  });

  test.each([
    ['a byte that never is', [0xff]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['half of a pair', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['cut short', [0xf0, 0x9f, 0x91]],
  ])('closes with 1007 at text that is not UTF-8: %s', async (_, bytes) => {
    socket.write(rawFrame(Buffer.from(bytes)));
    expect(await socket.closed()).toBe(1007);
    const another = await RawWebSocket.init(suite.stage.url, suite.token);
    another.write(
      Buffer.concat([rawFrame('"', { fin: false }), rawFrame(Buffer.from(bytes), { opcode: 0 })]),
    );
    expect(await another.closed()).toBe(1007);
    const last = await RawWebSocket.init(suite.stage.url, suite.token);
    last.write(closeFrame(1000, Buffer.from(bytes)));
    expect(await last.closed()).toBe(1007);
  });

  test.each([1000, 1001, 1003, 1007, 1008, 1011, 1014, 3000, 4000, 4499, 4999])(
    'a close with %d is answered with the same, and the connection ended',
    async (code) => {
      socket.write(closeFrame(code, 'é'.repeat(61)));
      expect(await socket.closed()).toBe(code);
    },
  );

  test('a close without a code is answered without one', async () => {
    socket.write(rawFrame('', { opcode: close }));
    expect(await socket.closed()).toBeNull();
  });

  test('whoever leaves in the middle of a frame leaves nothing behind', async () => {
    socket.write(rawFrame(ping({ text: 'never whole' })).subarray(0, 20));
    socket.end();
    expect(await socket.frame()).toBeNull();
  });
});
