import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Client, createClient } from 'graphql-ws';
import { Client as Postgres } from 'pg';
import WebSocket from 'ws';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { NodeProcess } from '../support/node-process';
import { createMigratedDatabase, dropDatabase } from '../support/services';

/** Missed events; a long form by the environment. */
const EVENTS = Number(process.env.PARLEY_REPLAY_EVENTS ?? 20_000);
/** What the node may need for it, above idle. */
const ROOM_MIB = 200;
const SAMPLE_INTERVAL_MS = 20;

const FILL = `
  with people as (insert into users (id, username) values ('writer', 'writer'), ('reader', 'reader') returning id),
  conversation as (
    insert into conversations (id, kind, creator_id, last_sequence) values ($1, 'GROUP', 'writer', $2) returning id
  ),
  members as (
    insert into participants (conversation_id, user_id) select conversation.id, people.id from conversation, people returning 1
  ),
  words as (
    insert into messages (id, conversation_id, sequence, sender_id, content, created_at)
    select gen_random_uuid(), $1, sequence, 'writer', 'words of an ordinary length, as people write them', clock_timestamp()
    from generate_series(1, $2) as sequence returning id, sequence, created_at
  )
  insert into conversation_events (conversation_id, sequence, kind, actor_id, message_id, at)
  select $1, sequence, 'MESSAGE_ADDED', 'writer', id, created_at from words`;

describe('a long replay', () => {
  let databaseUrl: string;
  let node: NodeProcess;
  let url: string;
  const conversationId = randomUUID();

  beforeAll(async () => {
    databaseUrl = await createMigratedDatabase();
    node = new NodeProcess({ DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'info' });
    url = (await node.ready()).url;
    const database = new Postgres(databaseUrl);
    await database.connect();
    // References are checked at the end of the statement, so the order of its parts does not matter.
    await database.query(FILL, [conversationId, EVENTS]);
    await database.end();
  }, 60_000);
  afterAll(async () => {
    await node.interrupt();
    await dropDatabase(databaseUrl);
  });

  async function residentMiB(): Promise<number> {
    const status = await readFile(`/proc/${node.pid}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) / 1024;
  }

  /** Follows from the beginning; every so often the slow one stops reading for a moment. */
  function follow(slow: boolean): { done: Promise<number[]>; client: Client } {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { token: signToken(DEVELOPMENT_SECRET, { sub: 'reader' }) },
    });
    let socket: { _socket: { pause(): void; resume(): void } };
    client.on('opened', (opened) => {
      socket = opened as typeof socket;
    });
    const sequences: number[] = [];
    const done = new Promise<number[]>((resolve, reject) => {
      client.subscribe<{ conversationEvents: { sequence: number } }>(
        {
          query: `subscription ($id: ID!) { conversationEvents(conversationId: $id, after: 0) { sequence kind at } }`,
          variables: { id: conversationId },
        },
        {
          next: ({ data }) => {
            sequences.push(data!.conversationEvents.sequence);
            if (slow && sequences.length % 2_000 === 0) {
              socket._socket.pause();
              setTimeout(() => socket._socket.resume(), 50);
            }
            if (sequences.length === EVENTS) resolve(sequences);
          },
          error: reject,
          complete: () => reject(new Error('complete')),
        },
      );
    });
    return { done, client };
  }

  test(`${EVENTS} missed events reach a slow and a fast reader whole, within bounded memory`, async () => {
    const warmUp = follow(false);
    await warmUp.done;
    await warmUp.client.dispose();
    const idleMiB = await residentMiB();
    let peakMiB = idleMiB;
    const sampling = setInterval(async () => {
      peakMiB = Math.max(peakMiB, await residentMiB());
    }, SAMPLE_INTERVAL_MS);
    const readers = [follow(true), follow(false)];
    const received = await Promise.all(readers.map((reader) => reader.done));
    clearInterval(sampling);
    await Promise.all(readers.map((reader) => reader.client.dispose()));
    const all = Array.from({ length: EVENTS }, (_, index) => index + 1);
    for (const sequences of received) expect(sequences).toEqual(all);
    process.stdout.write(
      `replay of ${EVENTS}: ${idleMiB.toFixed(0)} MiB idle, ${peakMiB.toFixed(0)} MiB at most\n`,
    );
    expect(peakMiB - idleMiB).toBeLessThan(ROOM_MIB);
  }, 300_000);
});
