import { Client } from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { quantile } from '../harness/median';
import type { Answered, Commands, Member, SendInput } from './commands';
import type { Crowd } from './crowd';
import { SEND_DOCUMENT } from './documents';
import { HttpClient } from './http-client';
import { contentOf } from './marker';
import { tokenOf } from './tokens';

/** As Parley has it. */
const SEND_MESSAGE = 'select to_json(s) as sent from send_messages($1, $2, $3) s';

/** Sends one message; resolves when it is answered. */
type Send = (sender: Member, content: string) => Promise<unknown>;

export async function sendOverSockets(crowd: Crowd, input: SendInput): Promise<Answered> {
  const sessions = new Map(
    crowd.sessions.map((session, index) => [crowd.memberOf(index).userId, session]),
  );
  const send: Send = ({ userId, conversationId }, content) =>
    sessions.get(userId)!.send(conversationId, [content]);
  return Promise.race([inLanes(input, () => send), crowd.lost]);
}

export async function sendOverHttp({
  port,
  ...input
}: Commands['sendOverHttp']['input']): Promise<Answered> {
  const clients = await Promise.all(
    Array.from({ length: input.lanes }, () => HttpClient.open(port)),
  );
  const sendOver = (client: HttpClient) => (sender: Member, content: string) => {
    const { conversationId, userId } = sender;
    return client.query(tokenOf(userId), SEND_DOCUMENT, { input: { conversationId, content } });
  };
  const answered = await inLanes(input, (lane) => sendOver(clients[lane]!));
  for (const client of clients) client.close();
  return answered;
}

export async function sendToDatabase({
  databaseUrl,
  ...input
}: Commands['sendToDatabase']['input']) {
  const clients = await Promise.all(
    Array.from({ length: input.lanes }, async () => {
      const client = new Client({ connectionString: databaseUrl });
      await client.connect();
      // As Parley's own sessions.
      await client.query(
        'set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set jit = off',
      );
      return client;
    }),
  );
  const sendOver = (client: Client) => (sender: Member, content: string) => {
    const sending = { id: uuidv7(), senderId: sender.userId, content, attachments: [] };
    const values = [sender.conversationId, [], JSON.stringify([sending])];
    return client.query({ name: 'send-message', text: SEND_MESSAGE, values });
  };
  const answered = await inLanes(input, (lane) => sendOver(clients[lane]!));
  await Promise.all(clients.map((client) => client.end()));
  return answered;
}

async function inLanes(
  { senders, lanes, ms }: SendInput,
  sendOf: (lane: number) => Send,
): Promise<Answered> {
  const latenciesMs: number[] = [];
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  const run = async (lane: number) => {
    const own = senders.filter((_, index) => index % lanes === lane);
    const send = sendOf(lane);
    for (let turn = 0; performance.now() - startMs < ms; turn++) {
      const sentMs = performance.now();
      await send(own[turn % own.length]!, contentOf(turn));
      latenciesMs.push(performance.now() - sentMs);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => run(lane)));
  const elapsedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpu);
  return {
    messages: latenciesMs.length,
    elapsedMs,
    loadCpuUs: user + system,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}
