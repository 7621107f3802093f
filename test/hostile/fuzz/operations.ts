import { setTimeout as sleep } from 'node:timers/promises';
import type { GraphQLSchema } from 'graphql';
import { OPCODE, RawWebSocket, rawFrame } from '../../support/raw-websocket';
import { dearDocument } from './dear.documents';
import type { Dice } from './dice';
import { DocumentMaker, type Operation } from './documents';
import type { Input, Judge } from './judge';
import type { Attacker } from './scene';
import { garbled, oddJson, toJson } from './values';

const TIMEOUT_MS = 20_000;
/** A subscription that was accepted says nothing. So it is completed after this time. */
const FOLLOWED_MS = 20;
/** A socket that was not used for so long may be about to be cut off: nobody answered its pings. */
const SILENT_MS = 5_000;
/** The codes with which a socket may be closed at an operation. */
const CLOSES = [4400, 1009];

/** Sends operations, over HTTP and over one socket that it opens again when it was closed. */
export class OperationSender {
  private socket: RawWebSocket | null = null;
  private socketToken = '';
  private lastUsedMs = 0;
  private ids = 0;

  constructor(
    private readonly url: string,
    private readonly schema: GraphQLSchema,
    private readonly judge: Judge,
  ) {}

  async try(seed: number, dice: Dice, attacker: Attacker): Promise<void> {
    const operation = this.make(dice, attacker);
    const body = bodyOf(dice, operation);
    const input = { kind: 'operation' as const, seed, text: body, isService: attacker.isService };
    const isOverSocket = dice.chance(operation.type === 'subscription' ? 0.95 : 0.4);
    if (isOverSocket) await this.overSocket(input, body, attacker.token);
    else if (dice.chance(0.15)) await this.byGet(input, operation, attacker.token);
    else await this.byPost(input, body, attacker.token);
  }

  close(): void {
    this.socket?.destroy();
    this.socket = null;
  }

  private make(dice: Dice, { ids }: Attacker): Operation {
    if (dice.chance(0.03)) return { type: 'query', query: dearDocument(dice), variables: '{}' };
    // Most mistakes hide what stands behind them.
    const mistakes = dice.weighted<number>([3, () => 0], [5, () => 0.01], [2, () => 0.06]);
    return new DocumentMaker(this.schema, dice, ids, mistakes).operation();
  }

  private async byPost(input: Input, body: string, token: string): Promise<void> {
    const response = await fetch(`${this.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await this.read(input, response);
  }

  private async byGet(input: Input, operation: Operation, token: string): Promise<void> {
    const { query, variables, operationName } = operation;
    const given = { query, variables, ...(operationName && { operationName }) };
    const parameters = new URLSearchParams(given);
    const response = await fetch(`${this.url}/graphql?${parameters}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await this.read(input, response);
  }

  private async read(input: Input, response: Response): Promise<void> {
    if (response.status >= 500 && response.status !== 503)
      this.judge.blame(input, `status ${response.status}`);
    this.judge.response(input, await response.text());
  }

  private async overSocket(input: Input, body: string, token: string): Promise<void> {
    const socket = await this.openSocket(token);
    const id = String(++this.ids);
    socket.send(`{"type":"subscribe","id":"${id}","payload":${body}}`);
    try {
      await this.follow(input, socket, id, input.text.includes('subscription'));
    } catch (error) {
      this.judge.blame(input, `an operation without an end: ${(error as Error).message}`);
      this.close();
    }
  }

  /** Reads until the operation has ended: by the server, by the socket, or as the client wished. */
  private async follow(
    input: Input,
    socket: RawWebSocket,
    id: string,
    isFollowed: boolean,
  ): Promise<void> {
    if (isFollowed) {
      await sleep(FOLLOWED_MS);
      socket.send({ type: 'complete', id });
      socket.send({ type: 'ping', payload: { id } });
    }
    const deadline = Date.now() + TIMEOUT_MS;
    for (;;) {
      const frame = await socket.frame(Math.max(0, deadline - Date.now()));
      if (frame === null || frame.opcode === OPCODE.close)
        return this.closed(input, frame?.payload ?? null);
      if (frame.opcode === OPCODE.ping) socket.write(rawFrame('', { opcode: OPCODE.pong }));
      if (frame.opcode !== OPCODE.text) continue;
      const text = frame.payload.toString();
      this.judge.search(input, text);
      const message = JSON.parse(text) as {
        type: string;
        id?: string;
        payload?: { errors?: unknown; id?: string };
      };
      const { type, payload } = message;
      if (type === 'pong' && payload?.id === id) return;
      if (message.id !== id) continue;
      if (type === 'next') this.judge.errors(input, payload?.errors);
      if (type === 'error') this.judge.errors(input, payload);
      if (type !== 'next' && !isFollowed) return;
    }
  }

  private closed(input: Input, payload: Buffer | null): void {
    const code = payload && payload.length >= 2 ? payload.readUInt16BE() : 0;
    this.judge.count(this.judge.answers, `closed with ${code}`);
    if (!CLOSES.includes(code))
      this.judge.blame(input, `the socket was closed with ${code} ${payload?.toString('utf8', 2)}`);
    this.close();
  }

  private async openSocket(token: string): Promise<RawWebSocket> {
    const isSilent = Date.now() - this.lastUsedMs > SILENT_MS;
    this.lastUsedMs = Date.now();
    if (this.socket && this.socketToken === token && !isSilent) return this.socket;
    this.close();
    this.socket = await RawWebSocket.init(this.url, token);
    this.socketToken = token;
    return this.socket;
  }
}

/** The body of a request in JSON, perhaps with what does not belong there. */
function bodyOf(dice: Dice, { query, variables, operationName }: Operation): string {
  const parts = [`"query":${JSON.stringify(query)}`];
  if (variables !== '{}' || dice.chance(0.3)) parts.push(`"variables":${variables}`);
  if (operationName !== undefined) parts.push(`"operationName":${JSON.stringify(operationName)}`);
  if (dice.chance(0.02)) parts.push(`"extensions":${toJson(oddExtensions(dice))}`);
  if (dice.chance(0.01))
    parts.push(
      `${dice.pick(['"query"', '"variables"', '"operationName"', '"__proto__"'])}:${toJson(oddJson(dice))}`,
    );
  const body = `{${parts.join(',')}}`;
  return dice.chance(0.01) ? garbled(dice, body) : body;
}

function oddExtensions(dice: Dice): unknown {
  const persistedQuery = dice.weighted<unknown>(
    [2, () => oddJson(dice)],
    [2, () => ({ version: 1, sha256Hash: dice.pick(['', 'x', 'a'.repeat(64), 1, null]) })],
    [1, () => ({ version: oddJson(dice), sha256Hash: 'a'.repeat(64) })],
  );
  return dice.chance(0.2) ? oddJson(dice) : { persistedQuery };
}
