import {
  createOutbox,
  createParleyClient,
  memoryStorage,
  type Outbox,
  type OutboxStorage,
  type Sending,
} from '@parley/client';
import { MessagesBeforeDocument } from '@parley/client/documents';
import WebSocket from 'ws';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET } from '../../src/config';
import { Cluster } from '../support/cluster';
import { eventually } from '../support/eventually';
import { conversationOf } from '../support/factories';
import type { Person } from '../support/person';

describe('an outbox that is refused for a reason that passes', () => {
  let cluster: Cluster;
  let alice: Person;
  let bob: Person;
  let conversationId: string;
  const stops: (() => void)[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start({ env: { LIMIT_MESSAGES_PER_SECOND: '2' } });
    [alice, bob] = (await cluster.persons('alice', 'bob')) as [Person, Person];
  });
  beforeEach(async () => {
    conversationId = (await conversationOf([alice, bob])).id;
  });
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
  });
  afterAll(() => cluster.stop());

  function open(token: () => string, storage: OutboxStorage = memoryStorage()): Outbox {
    const url = `${bob.node.url}/graphql`;
    const client = createParleyClient({ url, token, webSocketImpl: WebSocket });
    const outbox = createOutbox(client, { storage });
    stops.push(() => {
      outbox.close();
      client.dispose();
    });
    return outbox;
  }
  const write = (outbox: Outbox, ...contents: string[]): Sending[] =>
    contents.map((content) => outbox.send({ conversationId, content }));
  async function accepted(): Promise<string[]> {
    const variables = { id: conversationId, last: 40 };
    const { conversation } = await alice.ask(MessagesBeforeDocument, variables);
    return conversation!.messages.nodes.map(({ content }) => content);
  }

  test('waits while messages come too fast, fails none, and keeps the order', async () => {
    const outbox = open(() => bob.token!);
    const contents = ['1', '2', '3', '4', '5', '6'];
    const states = new Set<string>();
    outbox.subscribe(() => {
      for (const { state } of outbox.sendings) states.add(state);
    });
    write(outbox, ...contents);
    await eventually(() => expect(outbox.sendings).toEqual([]));
    expect([...states]).toEqual(['pending']);
    expect(await accepted()).toEqual(contents);
  });

  test('sends with a fresh token once the first is worthless', async () => {
    const tokens = [signToken(DEVELOPMENT_SECRET, { sub: 'bob' }, -60), bob.token!];
    const outbox = open(() => (tokens.length > 1 ? tokens.shift()! : tokens[0]!));
    const sendings = write(outbox, 'a', 'b');
    await eventually(() => expect(sendings.every(({ state }) => state === 'sent')).toBe(true));
    expect(await accepted()).toEqual(['a', 'b']);
  });

  test('sends what its storage does not keep', async () => {
    const storage = memoryStorage();
    const refuse = () => Promise.reject(new Error('The quota is exceeded.'));
    const outbox = open(() => bob.token!, { ...storage, put: refuse, remove: refuse });
    const [empty, good] = write(outbox, '', 'good');
    await eventually(() => expect(good!.state).toBe('sent'));
    expect(empty).toMatchObject({ state: 'failed', error: { code: 'BAD_USER_INPUT' } });
    expect(await outbox.drop(empty!)).toBe(true);
    expect(await accepted()).toEqual(['good']);
  });

  test('sends although its storage cannot be read', async () => {
    const load = () => Promise.reject(new Error('It was refused.'));
    const outbox = open(() => bob.token!, { ...memoryStorage(), load });
    const [one] = write(outbox, 'one');
    await eventually(() => expect(one!.state).toBe('sent'));
    expect(await accepted()).toEqual(['one']);
  });
});
