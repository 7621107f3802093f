import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { signToken } from '../../src/auth/token';
import { DEVELOPMENT_SECRET, DEVELOPMENT_SERVICE_SECRET } from '../../src/config';
import { eventually } from '../support/eventually';
import { NodeProcess } from '../support/node-process';
import { createMigratedDatabase, dropDatabase } from '../support/services';

const WORDS = 'words-that-nobody-else-reads';

describe('the log lines of a node', () => {
  let databaseUrl: string;
  let node: NodeProcess;

  beforeAll(async () => {
    databaseUrl = await createMigratedDatabase();
    node = new NodeProcess({ DATABASE_URL: databaseUrl, PORT: '0', LOG_LEVEL: 'trace' });
  });
  afterAll(async () => {
    await node.interrupt();
    await dropDatabase(databaseUrl);
  });

  test('tell of connecting, authenticating, subscribing, sending and failing, with no token and no content', async () => {
    const { url } = await node.ready();
    const service = signToken(DEVELOPMENT_SERVICE_SECRET, { role: 'service' });
    const alice = signToken(DEVELOPMENT_SECRET, { sub: 'alice' });
    const forged = signToken('a secret of somebody else entirely', { sub: 'alice' });
    const ask = async (token: string, query: string) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query }),
      });
      return JSON.stringify(await response.json());
    };
    await ask(
      service,
      `mutation { upsertUsers(input: [{ id: "alice", username: "a" }, { id: "bob", username: "b" }]) { users { id } } }`,
    );
    const started = await ask(
      alice,
      `mutation { startConversation(input: { participantIds: ["bob"], subject: "${WORDS}" }) { conversation { id } } }`,
    );
    const id = /"id":"([0-9a-f-]+)"/.exec(started)![1]!;
    await ask(
      alice,
      `mutation { sendMessage(input: { conversationId: "${id}", content: "${WORDS}" }) { message { id } } }`,
    );
    // Wrong in the database only: what it complains about has the words in its parameters.
    await ask(
      alice,
      `mutation { sendMessage(input: { conversationId: "${id}", content: "${WORDS}", attachments: [{ url: "http://x", name: "${WORDS}" }], replyToId: "${id}" }) { message { id } } }`,
    );
    await ask(forged, '{ me { id } }');
    for (const token of [alice, forged]) {
      const client = createClient({
        url: `${url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
        retryAttempts: 0,
        connectionParams: { authorization: `Bearer ${token}` },
      });
      const query = `subscription Words { messageAdded(conversationId: "${id}", after: 0) { content } }`;
      await client
        .iterate({ query })
        .next()
        .catch(() => {});
      await client.dispose();
    }
    const messages = () =>
      node.output
        .split('\n')
        .filter(Boolean)
        .map((line) => /"msg":"([^"]+)"/.exec(line)?.[1]);
    await eventually(() =>
      expect(messages()).toEqual(
        expect.arrayContaining([
          'connected',
          'authenticated',
          'subscribed',
          'message sent',
          'request refused',
          'authentication failed',
          'disconnected',
        ]),
      ),
    );
    for (const secret of [WORDS, service, alice, forged, 'Bearer', DEVELOPMENT_SECRET])
      expect(node.output + node.errors).not.toContain(secret);
  });
});
