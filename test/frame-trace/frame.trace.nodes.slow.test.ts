import Redis from 'ioredis';
import { Client } from 'pg';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { bearer, post, WireSocket } from '../api/wire';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import { createMigratedDatabase, dropDatabase } from '../support/services';
import { TraceCommand, type TraceLine } from '../support/trace-command';

const ALICE = 'älice : the first';
const WORDS = 'words that only people read';
const FOLLOW = `subscription Follow($id: ID!) {
  messageAdded(conversationId: $id) { id sequence content sender { id username } }
}`;
const SEND = `mutation Send($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }`;

type Node = Parameters<typeof post>[0];

describe('npm run trace with two nodes', () => {
  let env: Record<string, string>;
  const processes: NodeProcess[] = [];
  let nodes: Node[];
  let conversationId: string;
  const commands: TraceCommand[] = [];
  const sockets: WireSocket[] = [];

  beforeAll(async () => {
    const DATABASE_URL = await createMigratedDatabase();
    env = { PORT: '0', DATABASE_URL, REDIS_URL: process.env.PARLEY_TEST_REDIS_URL! };
    for (const _ of [1, 2]) processes.push(new NodeProcess(env));
    nodes = await Promise.all(
      processes.map((one) => one.ready() as Promise<unknown> as Promise<Node>),
    );
    await ask(
      serviceToken(),
      `mutation { upsertUsers(input: [
      { id: "${ALICE}", username: "${WORDS}" }, { id: "bob", username: "Bob" }]) { users { id } } }`,
    );
    const started = await ask(
      tokenOf('bob'),
      `mutation { startConversation(input: { participantIds: ["${ALICE}"] }) { conversation { id } } }`,
    );
    conversationId = (started as { startConversation: { conversation: { id: string } } })
      .startConversation.conversation.id;
  });
  afterEach(async () => {
    // They decline, so that no lease goes on into the next test.
    await Promise.all(commands.splice(0).map((command) => command.interrupt()));
    for (const socket of sockets.splice(0)) socket.terminate();
  });
  afterAll(async () => {
    await Promise.all(processes.map((one) => one.interrupt()));
    await dropDatabase(env.DATABASE_URL!);
  });

  async function installationId(): Promise<string> {
    const client = new Client({ connectionString: env.DATABASE_URL! });
    await client.connect();
    const { rows } = await client.query<{ id: string }>('select id from installation');
    await client.end();
    return rows[0]!.id;
  }
  const tokenOf = (sub: string) => signToken(DEVELOPMENT_SECRET, { sub });
  const serviceToken = () => signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' });

  async function ask(token: string, query: string, variables: object = {}): Promise<unknown> {
    const { body } = await post(nodes[0]!, { query, variables }, bearer(token));
    if (body.errors) throw new Error(JSON.stringify(body.errors));
    return body.data;
  }

  function trace(...args: string[]): TraceCommand {
    const command = new TraceCommand(env, ...args);
    commands.push(command);
    return command;
  }

  async function traceAlice(...args: string[]): Promise<TraceCommand> {
    const command = trace(ALICE, '--json', ...args);
    await command.following(2);
    return command;
  }

  /** A device of Alice that follows the conversation. */
  async function device(node: Node, payload: object = { token: tokenOf(ALICE) }) {
    const socket = await WireSocket.init(node, { ...payload });
    sockets.push(socket);
    const { payload: acknowledged } = await socket.next();
    const { connectionId } = acknowledged as { connectionId: string };
    socket.send({
      ...{ id: `op-${connectionId}`, type: 'subscribe' },
      payload: { query: FOLLOW, variables: { id: conversationId } },
    });
    return { socket, connectionId };
  }

  const send = (content: string) =>
    ask(tokenOf('bob'), SEND, { input: { conversationId, content } });

  const deeds = (command: TraceCommand, id: string) =>
    command.frames
      .filter(({ connectionId }) => connectionId === id)
      .map(({ direction, type }) => `${direction ?? '-'} ${type}`);

  const logged = (words: string) =>
    processes.map(({ output }) =>
      output
        .split('\n')
        .filter((line) => line.includes(words))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    );

  test('shows the frames of both devices in order, and no word of theirs', async () => {
    const first = await device(nodes[0]!);
    const command = await traceAlice();
    const second = await device(nodes[1]!);
    const isNext = (id: string) => (frame: TraceLine) =>
      frame.connectionId === id && frame.type === 'next';
    await eventually(async () => {
      await send(WORDS);
      for (const { connectionId } of [first, second])
        if (!command.frames.some(isNext(connectionId))) throw new Error('nothing yet');
    });
    first.socket.send({ id: `op-${first.connectionId}`, type: 'complete' });
    const other = { token: 'not a token', conversationId, content: WORDS };
    second.socket.send({
      id: 'x',
      type: 'subscribe',
      payload: { query: SEND, variables: { input: other } },
    });
    await command.frame(({ type, id }) => type === 'error' && id === 'x');
    await command.frame(
      ({ type, connectionId }) => type === 'complete' && connectionId === first.connectionId,
    );

    expect(deeds(command, first.connectionId)[0]).toBe('- open');
    expect(deeds(command, second.connectionId).slice(0, 5)).toEqual([
      ...['- opened', 'in connection_init', 'out connection_ack', 'in subscribe', 'out next'],
    ]);
    const next = await command.frame(isNext(second.connectionId));
    expect(next).toMatchObject({
      id: `op-${second.connectionId}`,
      operation: { type: 'subscription', name: 'Follow', fields: ['messageAdded'] },
      shape: { data: { messageAdded: { sender: { id: 'bob' }, sequence: expect.any(Number) } } },
    });
    const error = await command.frame(({ type }) => type === 'error');
    expect(error.shape).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    for (const node of new Set(command.frames.map((frame) => frame.node))) {
      const ofNode = command.frames.filter((frame) => frame.node === node);
      const times = ofNode.map(({ time }) => String(time));
      expect(times).toEqual([...times].sort());
    }
    expect(command.output).not.toContain(WORDS);
    expect(command.output).not.toMatch(/not a token|eyJ|Bob/);
  });

  test('shows how connections end, and come back', async () => {
    const command = await traceAlice();
    const first = await device(nodes[0]!);
    await command.frame(({ type }) => type === 'subscribe');
    first.socket.terminate();
    const lost = await command.frame(({ type }) => type === 'closed');
    expect(lost).toMatchObject({ connectionId: first.connectionId, shape: { code: 1006 } });
    const second = await device(nodes[1]!);
    second.socket.send({ type: 'connection_init' });
    await command.frame(
      ({ type, connectionId }) => type === 'closed' && connectionId === second.connectionId,
    );
    expect(deeds(command, second.connectionId)).toEqual([
      ...['- opened', 'in connection_init', 'out connection_ack', 'in subscribe'],
      ...['in connection_init', 'out close', '- closed'],
    ]);
  });

  test('shows a service that acts as the user, and nobody else', async () => {
    const command = await traceAlice();
    const service = await device(nodes[0]!, { token: serviceToken(), onBehalfOf: ALICE });
    const bob = await device(nodes[1]!, { token: tokenOf('bob') });
    const opened = await command.frame(({ type }) => type === 'opened');
    expect(opened).toMatchObject({ connectionId: service.connectionId, shape: { onBehalf: true } });
    await command.frame(({ type }) => type === 'subscribe');
    expect(deeds(command, bob.connectionId)).toEqual([]);
  });

  test('ends with a summary at a signal, and the nodes say from when to when', async () => {
    const command = await traceAlice();
    await device(nodes[0]!);
    await command.frame(({ type }) => type === 'subscribe');
    expect(await command.interrupt()).toBe(0);
    expect(command.errors).toBe('');
    expect(command.lines.at(-1)).toEqual({
      ...{ note: 'summary', leftOut: 0 },
      in: { connection_init: 1, subscribe: 1 },
      out: { connection_ack: 1 },
    });
    await eventually(() => {
      for (const lines of logged('no longer traced'))
        expect(lines.at(-1)).toMatchObject({
          ...{ level: 40, userId: ALICE, cause: 'the command ended' },
          ...{ from: expect.any(String), to: expect.any(String) },
        });
    });
    for (const lines of logged('are being traced'))
      expect(lines.at(-1)).toMatchObject({ userId: ALICE, by: expect.stringContaining('@') });
  });

  test('is forgotten by the nodes when the command is killed', async () => {
    const command = await traceAlice();
    const [{ length: before }] = logged('no longer traced') as [unknown[]];
    await device(nodes[0]!);
    await command.kill();
    await eventually(() => {
      for (const lines of logged('no longer traced')) {
        expect(lines.length).toBeGreaterThan(before);
        expect(lines.at(-1)).toMatchObject({ userId: ALICE, cause: 'the lease ran out' });
      }
    });
  });

  test('speaks on channels of its own, to which nodes without traces do not listen', async () => {
    const redis = new Redis(env.REDIS_URL!);
    const channels = new Map<string, Set<string>>();
    redis.on('pmessage', (_pattern: string, channel: string, message: string) => {
      const { name = '' } = JSON.parse(message) as { name?: string };
      if (!name.startsWith('frames.')) return;
      channels.set(
        name,
        (channels.get(name) ?? new Set()).add(channel.split(':').slice(2).join(':')),
      );
    });
    try {
      await redis.psubscribe(`parley:${await installationId()}:*`);
      const command = await traceAlice();
      await command.interrupt();
      await eventually(() => expect(channels.size).toBe(3));
    } finally {
      redis.disconnect();
    }
    expect([...channels.get('frames.asked')!]).toEqual(['frame-traces:all']);
    expect([...channels.get('frames.declined')!]).toEqual(['frame-traces:all']);
    for (const channel of channels.get('frames.copied')!)
      expect(channel).toMatch(/^frame-trace:[\da-f-]{36}$/);
  });

  test('is refused by a node that follows four already', async () => {
    await Promise.all([1, 2, 3, 4].map(() => traceAlice()));
    const fifth = trace('bob', '--json');
    await eventually(() => {
      const refused = fifth.lines.filter(({ note }) => note === 'refused');
      expect(refused).toHaveLength(2);
    });
  });
});
