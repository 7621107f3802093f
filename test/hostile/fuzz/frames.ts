import { setTimeout as sleep } from 'node:timers/promises';
import {
  closeFrame,
  OPCODE,
  RawWebSocket,
  rawFrame,
  upgradeRequest,
} from '../../support/raw-websocket';
import type { Dice } from './dice';
import type { Input, Judge } from './judge';
import type { Attacker } from './scene';
import { garbled, oddJson, oddText, toJson } from './values';

/** The codes with which a client's mistakes may be answered. */
const CLOSES = new Set([1002, 1007, 1008, 1009, 4400, 4401, 4403, 4406, 4409, 4429]);
/** The codes that speak of an error of the node's own. */
const OUR_ERRORS = new Set([1001, 1011, 1013]);
const OPCODES = [0, 0, 1, 2, 3, 7, 8, 9, 10, 11, 15];
const TYPES = [
  ...['connection_init', 'connection_ack', 'ping', 'pong', 'subscribe', 'next', 'error'],
  ...['complete', 'start', 'stop', '', '__proto__', 'constructor'],
];
const IDS = [
  '1',
  '2',
  '3',
  '',
  '__proto__',
  '\0',
  '1\u00001',
  'é',
  '\ud800',
  'x'.repeat(256),
  'x'.repeat(300),
];
const QUERIES = [
  '{ me { id } }',
  '{',
  'subscription { inboxUpdated { id } }',
  '{ __schema { types { name } } }',
];

interface Script {
  /** What is sent, piece by piece. */
  pieces: Buffer[];
  /** True when a frame or the request has a form that no client may send. */
  isMalformed: boolean;
  /** Codes with which the client itself closes. */
  closes: number[];
}

/** Opens a socket of its own for each input, and sends frames in any form and order. */
export class FrameSender {
  constructor(
    private readonly url: string,
    private readonly judge: Judge,
  ) {}

  async try(seed: number, dice: Dice, attacker: Attacker): Promise<void> {
    const { token, isService } = attacker;
    const script = scriptOf(dice, token);
    const text = script.pieces.map((piece) => piece.toString('latin1')).join(' ');
    const input = {
      kind: 'frame' as const,
      seed,
      text: text.replaceAll(token, 'TOKEN'),
      isService,
    };
    const hasOddRequest = dice.chance(0.05);
    const request = hasOddRequest ? garbled(dice, upgradeRequest()) : upgradeRequest();
    if (hasOddRequest) return this.tryUpgrade({ ...input, text: request }, request);
    const socket = await RawWebSocket.open(this.url);
    try {
      for (const piece of script.pieces) {
        socket.write(piece);
        if (dice.chance(0.1)) await sleep(1);
      }
      if (dice.chance(0.1)) socket.end();
      else await this.listen(input, socket, script);
    } catch (error) {
      this.judge.blame(input, `a socket without an end: ${(error as Error).message}`);
    } finally {
      socket.destroy();
    }
  }

  /** A request for an upgrade in which something is odd. It may be cut short: then no answer comes. */
  private async tryUpgrade(input: Input, request: string): Promise<void> {
    const asked = RawWebSocket.request(this.url, Buffer.from(request, 'latin1'));
    const socket = await Promise.race([asked.catch(() => null), sleep(50, null)]);
    this.judge.count(this.judge.answers, `upgrade ${socket?.status ?? 'unanswered'}`);
    if (socket && socket.status >= 500) this.judge.blame(input, `status ${socket.status}`);
    void asked.then((late) => late.destroy()).catch(() => undefined);
  }

  /** Reads until a ping is answered or the socket is closed. */
  private async listen(input: Input, socket: RawWebSocket, script: Script): Promise<void> {
    socket.send({ type: 'ping', payload: { last: input.seed } });
    for (;;) {
      const frame = await socket.frame();
      if (frame === null) {
        this.judge.count(this.judge.answers, 'ended');
        // A reset may take the close frame away from a client that was still sending.
        if (!script.isMalformed && script.closes.length === 0)
          this.judge.blame(input, 'the connection ended without a close');
        return;
      }
      if (frame.isMasked || frame.rsv !== 0 || !frame.fin)
        this.judge.blame(input, `a malformed frame: ${JSON.stringify(frame)}`);
      if (frame.opcode === OPCODE.close) return this.closed(input, frame.payload, script);
      if (frame.opcode !== OPCODE.text) continue;
      const text = frame.payload.toString();
      this.judge.search(input, text);
      const { type, payload } = JSON.parse(text) as {
        type: string;
        payload?: { errors?: unknown; last?: number };
      };
      if (type === 'next') this.judge.errors(input, payload?.errors);
      if (type === 'error') this.judge.errors(input, payload);
      if (type === 'pong' && payload?.last === input.seed) {
        this.judge.count(this.judge.answers, 'pong');
        return;
      }
    }
  }

  private closed(input: Input, payload: Buffer, { closes, isMalformed }: Script): void {
    const code = payload.length >= 2 ? payload.readUInt16BE() : 1005;
    this.judge.count(this.judge.answers, `closed with ${CLOSES.has(code) ? code : 'its own'}`);
    // A frame that was changed may have become a close with any code, which is answered with it.
    const isExpected = isMalformed ? !OUR_ERRORS.has(code) : CLOSES.has(code);
    if (!isExpected && !closes.includes(code))
      this.judge.blame(input, `closed with ${code} ${payload.toString('utf8', 2)}`);
  }
}

function scriptOf(dice: Dice, token: string): Script {
  const script: Script = { pieces: [], isMalformed: false, closes: [] };
  if (dice.chance(0.7)) {
    const name = dice.pick(['token', 'authorization', 'Authorization']);
    const value = name === 'token' ? token : `Bearer ${token}`;
    const init = { type: 'connection_init', payload: { [name]: value } };
    script.pieces.push(rawFrame(JSON.stringify(init)));
  }
  for (let count = dice.between(0, 8); count > 0; count--) addPiece(script, dice);
  if (!dice.chance(0.1)) return script;
  const all = Buffer.concat(script.pieces);
  const cut = dice.below(all.length + 1);
  script.isMalformed = true;
  if (cut < all.length) all[cut] = dice.below(256);
  return {
    ...script,
    pieces: dice.chance(0.5) ? [all] : [all.subarray(0, cut), all.subarray(cut)],
  };
}

function addPiece(script: Script, dice: Dice): void {
  const add = (...pieces: Buffer[]) => void script.pieces.push(...pieces);
  dice.weighted<void>(
    [8, () => add(rawFrame(messageOf(dice)))],
    [2, () => add(...fragmentsOf(dice, messageOf(dice)))],
    [
      1,
      () =>
        add(
          rawFrame(oddText(dice).slice(0, 60), { opcode: dice.pick([OPCODE.ping, OPCODE.pong]) }),
        ),
    ],
    [
      1,
      () => {
        const code = dice.pick([
          1000, 1001, 1002, 1005, 1006, 1011, 1015, 0, 999, 3000, 4400, 4999, 65_535,
        ]);
        script.closes.push(code);
        add(closeFrame(code, oddText(dice).slice(0, 30)));
      },
    ],
    [
      1,
      () => {
        script.isMalformed = true;
        add(oddFrame(dice));
      },
    ],
  );
}

/** A frame whose head is made up. */
function oddFrame(dice: Dice): Buffer {
  const length = dice.weighted<number | bigint | undefined>(
    [6, () => undefined],
    [1, () => dice.below(300)],
    [1, () => 2n ** BigInt(dice.between(18, 63))],
  );
  return rawFrame(dice.chance(0.5) ? messageOf(dice) : oddText(dice), {
    opcode: dice.pick(OPCODES),
    fin: dice.chance(0.7),
    rsv: dice.chance(0.3) ? dice.below(8) : 0,
    isMasked: dice.chance(0.9),
    ...(length !== undefined && { length }),
  });
}

function fragmentsOf(dice: Dice, message: string): Buffer[] {
  const bytes = Buffer.from(message);
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = at + dice.between(0, bytes.length);
    const isLast = end >= bytes.length || pieces.length > 6;
    const part = bytes.subarray(at, isLast ? bytes.length : end);
    const opcode = pieces.length === 0 ? OPCODE.text : OPCODE.continuation;
    pieces.push(rawFrame(part, { opcode, fin: isLast }));
    at = isLast ? bytes.length : end;
    if (!isLast && dice.chance(0.3)) pieces.push(rawFrame('x', { opcode: OPCODE.ping }));
    if (isLast) return pieces;
  }
}

function messageOf(dice: Dice): string {
  const type = dice.chance(0.6) ? 'subscribe' : dice.pick(TYPES);
  const message: Record<string, unknown> = { type };
  if (dice.chance(0.9)) message.id = dice.chance(0.9) ? dice.pick(IDS) : oddJson(dice);
  if (dice.chance(0.8))
    message.payload =
      type === 'subscribe' && dice.chance(0.9)
        ? { query: dice.pick(QUERIES), ...(dice.chance(0.1) && { variables: oddJson(dice) }) }
        : oddJson(dice);
  const text = toJson(dice.chance(0.05) ? oddJson(dice) : message);
  return dice.chance(0.05) ? garbled(dice, text) : text;
}
